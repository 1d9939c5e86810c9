"""A real `watch` process records a street point, and neither an office nor a point without details."""

import signal
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from offices.hours.schedule import local_day
from offices.points.models import Point
from streams.cameras.models import Camera
from streams.evidence.recording.models import RecordedMinute, RetentionRule
from streams.simulator.simulator import Simulator
from tests.support.base import one_office
from tests.support.filming import times
from tests.support.places import street_point
from tests.support.processes import start_watch
from tests.support.waiting import wait_until


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_watch_records_the_classes_that_the_city_has_decided_on(footage: Path, tmp_path: Path) -> None:
    ani = User.objects.create_user("ani")
    rule: dict[str, Any] = {"by": ani, "basis": "Perwali 1/2026", "since": local_day(timezone.now())}
    RetentionRule.objects.create(kept_as="street", days=14, **rule)
    RetentionRule.objects.create(kept_as="office", days=3, **rule | {"since": rule["since"] + timedelta(days=1)})
    street = street_point()
    Point.objects.create(place=street, purposes=["traffic"])
    with Simulator(cameras=3, footage=footage) as simulator:
        places = (street, street_point("T-002"), one_office().place)
        cameras = [
            Camera.objects.create(place=place, name=f"Kamera {number}", url=simulator.url(number))
            for number, place in enumerate(places, 1)
        ]
        watch = start_watch("satu", RECORDING_DIR=str(tmp_path))
        try:
            wait_until(lambda: list(tmp_path.rglob("*.open")), 120)
            wait_until(lambda: sum(file.stat().st_size for file in tmp_path.rglob("*.open")) > 200_000)
            watch.send_signal(signal.SIGTERM)
            assert watch.wait(20) == 0
        finally:
            watch.kill()
            watch.wait()
    rows = list(RecordedMinute.objects.all())
    assert {(row.camera_id, row.place_id, row.kept_as) for row in rows} == {(cameras[0].pk, street.pk, "street")}
    for row in rows:
        played = times((tmp_path / row.path).read_bytes())
        assert len(played) > 5
        assert played[-1] - played[0] == pytest.approx(
            (row.ends_at - row.starts_at).total_seconds(),
            abs=3,  # arrivals bunch while the machine is busy
        )
    assert not list(tmp_path.rglob("*.open"))
