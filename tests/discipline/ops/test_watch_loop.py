"""The recorder and the database: samples while PostgreSQL refuses all connections."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from discipline.board.standing_still import parts_standing_still
from discipline.core.heartbeats import Part
from discipline.ops.watch.look_intervals import LookIntervals
from discipline.ops.watch.loop import SampleRecorder
from discipline.staffing import ledger
from discipline.staffing.models import Standing
from offices.hours.models import HoursPlan
from offices.places.models import Counter
from streams.cameras.models import Camera, OccupancySpan, Zone
from streams.cameras.troubles.models import CameraDay, CameraTrouble
from streams.pixels.occupancy import Look, Sample
from streams.simulator.layouts import LAYOUTS
from streams.simulator.simulator import Simulator
from streams.watch.pace import LookPace
from tests.support.base import one_office
from tests.support.database import connections_refused, session_pids
from tests.support.processes import start_watch
from tests.support.waiting import wait_until

BEGIN = datetime(2025, 11, 24, 2, 0, tzinfo=UTC)  # 09.00 WIB on a Monday, and not in the future


@pytest.fixture
def loket() -> Counter:
    ledger.schedule.forget()
    office = one_office()
    HoursPlan.objects.create(name="Jam layanan", **dict.fromkeys(HoursPlan.DAYS[:5], "07:30-12:00,13:00-16:00"))
    return Counter.objects.create(kelurahan=office, name="Loket 1")


def stored_looks() -> int:
    return sum(OccupancySpan.objects.values_list("looks", flat=True))


@pytest.mark.django_db(transaction=True)
def test_no_look_is_lost_while_the_database_is_away(loket: Counter) -> None:
    looks = [Sample(loket.pk, BEGIN + timedelta(seconds=5 * n), Look.STAFFED, 1) for n in range(30)]
    others = session_pids()
    recorder = SampleRecorder()
    recorder.start()
    try:
        recorder.put(looks[:10], time.monotonic())
        wait_until(lambda: stored_looks() == 10)
        with connections_refused(spared=others):
            recorder.put(looks[10:20], time.monotonic())
            time.sleep(1.5)
            recorder.put(looks[20:], time.monotonic())
        wait_until(lambda: stored_looks() == 30)
    finally:
        recorder.stop()
    assert recorder.lost == 0
    assert OccupancySpan.objects.count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_watch_tells_that_its_recorder_hangs_and_stores_what_ails_a_camera(loket: Counter, footage: Path) -> None:
    HoursPlan.objects.update(on_holidays=True, **dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"))
    with Simulator(cameras=1, footage=footage) as simulator:
        camera = Camera.objects.create(kelurahan=loket.kelurahan, name="Pintu", url=simulator.url(1))
        Zone.objects.create(camera=camera, subject=loket.subject, polygon=[list(p) for p in LAYOUTS["hall"].zone])
        dead = Camera.objects.create(kelurahan=loket.kelurahan, name="Gudang", url="rtsp://127.0.0.1:1/x")
        watch = start_watch("satu")
        try:
            wait_until(stored_looks, 120)  # once its models are loaded
            assert parts_standing_still() == []
            with transaction.atomic():
                Standing.objects.select_for_update().get(counter=loket)
                wait_until(lambda: parts_standing_still() == [Part.RECORDER], 30)
            wait_until(lambda: not parts_standing_still())
            wait_until(CameraTrouble.objects.exists, 60)
            assert CameraTrouble.objects.values_list("camera", "cause").get() == (dead.pk, "refused")
            wait_until(lambda: CameraDay.objects.filter(camera=camera, well_s__gt=0, trouble_s=0).exists(), 90)
        finally:
            watch.kill()
            watch.wait()


@pytest.mark.django_db
def test_a_camera_is_looked_at_often_on_duty_and_shortly_before(loket: Counter) -> None:
    camera = Camera.objects.create(kelurahan=loket.kelurahan, name="Pintu", url="rtsp://127.0.0.1/1")
    Zone.objects.create(camera=camera, subject=loket.subject, polygon=[[0.1, 0.1], [0.9, 0.1], [0.9, 0.9]])
    paces = LookIntervals()

    def pace(hour: int, minute: int, second: int = 0) -> LookPace:
        now = BEGIN.replace(hour=0) + timedelta(hours=hour - 7, minutes=minute, seconds=second)
        paces.set([camera], now)
        return paces(camera.pk)

    idle, usual, calm = LookPace(60, 60), LookPace(5, 5), LookPace(5, 15)
    assert [pace(6, 0), pace(7, 28), pace(12, 30), pace(17, 0)] == [idle] * 4
    assert [pace(7, 29), pace(7, 44, 59), pace(11, 45)] == [usual] * 3
    assert [pace(7, 45), pace(9, 0), pace(11, 44, 59)] == [calm] * 3
