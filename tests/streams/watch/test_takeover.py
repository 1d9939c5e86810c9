"""Two real `watch` processes on one fleet: one is killed with kill -9, the other takes over its cameras within 30 s."""

import signal
from pathlib import Path

import pytest
from django.utils import timezone

from offices.hours.models import HoursPlan
from offices.places.models import Counter
from streams.cameras.models import Camera, OccupancySpan, Zone
from streams.simulator.layouts import LAYOUTS
from streams.simulator.simulator import Simulator
from tests.support.base import one_office
from tests.support.processes import start_watch
from tests.support.waiting import wait_until

CAMERAS = 6
TAKEOVER_S = 30.0


def held_by(name: str) -> int:
    return Camera.objects.filter(lease_holder=name).count()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_cameras_of_a_killed_watch_are_read_by_the_other_within_thirty_seconds(footage: Path) -> None:
    office = one_office()
    HoursPlan.objects.create(name="Selalu", on_holidays=True, **dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"))
    with Simulator(cameras=CAMERAS, footage=footage) as simulator:
        for number in range(1, CAMERAS + 1):
            camera = Camera.objects.create(kelurahan=office, name=f"Kamera {number}", url=simulator.url(number))
            counter = Counter.objects.create(kelurahan=office, name=f"Loket {number}")
            Zone.objects.create(camera=camera, subject=counter.subject, polygon=[list(p) for p in LAYOUTS["hall"].zone])
        one, two = start_watch("satu"), start_watch("dua")
        try:
            wait_until(lambda: held_by("satu") == held_by("dua") == CAMERAS // 2, 120)  # once their models are loaded
            one.send_signal(signal.SIGKILL)
            wait_until(lambda: held_by("dua") == CAMERAS, TAKEOVER_S)
            taken = timezone.now()

            def all_looked_at() -> bool:
                return OccupancySpan.objects.filter(ended_at__gt=taken).values("subject").distinct().count() == CAMERAS

            wait_until(all_looked_at, 20)
            two.send_signal(signal.SIGTERM)
            assert two.wait(15) == 0
            assert held_by("dua") == 0
        finally:
            for process in (one, two):
                process.kill()
                process.wait()
