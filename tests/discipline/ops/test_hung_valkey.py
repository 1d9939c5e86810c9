"""A real `watch` looks on while its Valkey hangs."""

from pathlib import Path

import pytest
from django.db.models import Sum

from offices.hours.models import HoursPlan
from offices.places.models import Counter
from streams.cameras.models import Camera, OccupancySpan, Zone
from streams.simulator.layouts import LAYOUTS
from streams.simulator.simulator import Simulator
from tests.support.base import one_office
from tests.support.own_valkey import OwnValkey
from tests.support.processes import start_watch
from tests.support.waiting import wait_until

CAMERAS = 12
LOOKS = 5


def fewest_looks() -> int:
    """Return how often the camera that was looked at least was looked at."""
    looks = OccupancySpan.objects.values("subject").annotate(all=Sum("looks")).values_list("all", flat=True)
    return min(looks) if len(looks) == CAMERAS else 0


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_watch_looks_as_often_while_valkey_hangs(footage: Path, tmp_path: Path) -> None:
    office = one_office()
    HoursPlan.objects.create(name="Selalu", on_holidays=True, **dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"))
    with Simulator(cameras=CAMERAS, footage=footage) as simulator, OwnValkey(tmp_path) as server:
        for number in range(1, CAMERAS + 1):
            camera = Camera.objects.create(kelurahan=office, name=f"Kamera {number}", url=simulator.url(number))
            counter = Counter.objects.create(kelurahan=office, name=f"Loket {number}")
            Zone.objects.create(camera=camera, subject=counter.subject, polygon=[list(p) for p in LAYOUTS["hall"].zone])
        watch = start_watch("satu", REDIS_URL=server.url, EXAMINER_THREADS="1", CALM_LOOK_S="2")
        try:
            wait_until(lambda: fewest_looks() > 2, 120)  # once its models are loaded
            server.process.suspend()
            before = fewest_looks()
            # An examiner that waited two seconds for each picture would need twice as long.
            wait_until(lambda: fewest_looks() >= before + LOOKS, LOOKS * CAMERAS)
        finally:
            watch.kill()
            watch.wait()
