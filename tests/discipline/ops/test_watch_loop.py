"""The recorder and the database: what happens to samples while PostgreSQL refuses everybody."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection

from discipline.ops.watch.loop import LookIntervals, SampleRecorder
from discipline.staffing import ledger
from offices.hours.models import HoursPlan
from offices.places.models import Counter
from streams.cameras.models import Camera, OccupancySpan, Zone
from streams.pixels.occupancy import Look, Sample
from tests.support.base import one_office

BEGIN = datetime(2025, 11, 24, 2, 0, tzinfo=UTC)  # 09.00 WIB on a Monday, and not in the future


@pytest.fixture
def loket() -> Counter:
    ledger.schedule._schedule = None
    office = one_office()
    HoursPlan.objects.create(name="Jam layanan", **dict.fromkeys(HoursPlan.DAYS[:5], "07:30-12:00,13:00-16:00"))
    return Counter.objects.create(kelurahan=office, name="Loket 1")


def sessions() -> list[int]:
    """On the test's database, by the process of the server that serves each."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        return [pid for (pid,) in cursor.fetchall()]


@contextmanager
def nobody_may_connect(spared: list[int]) -> Iterator[None]:
    """Ends all sessions but those on the test's database and refuses new ones, as a server that is going down does.

    A process whose browser tests came before has a second session, Django's of the thread that runs Playwright's loop.
    """
    name = connection.settings_dict["NAME"]
    admin = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path="/postgres"))
    connection.close()
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> ALL(%s)"
    with psycopg.connect(admin, autocommit=True) as server:
        server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        server.execute(ended, [name, spared])
        try:
            yield
        finally:
            server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


def wait_for_looks(count: int) -> int:
    until = time.monotonic() + 15
    while time.monotonic() < until:
        looks = sum(OccupancySpan.objects.values_list("looks", flat=True))
        if looks >= count:
            break
        time.sleep(0.1)
    return looks


@pytest.mark.django_db(transaction=True)
def test_no_look_is_lost_while_the_database_is_away(loket: Counter) -> None:
    looks = [Sample(loket.pk, BEGIN + timedelta(seconds=5 * n), Look.STAFFED, 1) for n in range(30)]
    others = sessions()
    recorder = SampleRecorder()
    recorder.start()
    try:
        recorder.put(looks[:10], time.monotonic())
        assert wait_for_looks(10) == 10
        with nobody_may_connect(spared=others):
            recorder.put(looks[10:20], time.monotonic())
            time.sleep(1.5)
            recorder.put(looks[20:], time.monotonic())
        assert wait_for_looks(30) == 30
    finally:
        recorder.stop()
    assert recorder.lost == 0
    assert OccupancySpan.objects.count() == 1


@pytest.mark.django_db
def test_a_camera_is_looked_at_often_on_duty_and_shortly_before(loket: Counter) -> None:
    camera = Camera.objects.create(kelurahan=loket.kelurahan, name="Pintu", url="rtsp://127.0.0.1/1")
    Zone.objects.create(camera=camera, counter=loket, polygon=[[0.1, 0.1], [0.9, 0.1], [0.9, 0.9]])
    paces = LookIntervals()

    def pace(hour: int, minute: int, second: int = 0) -> float:
        now = BEGIN.replace(hour=0) + timedelta(hours=hour - 7, minutes=minute, seconds=second)
        paces.set([camera], now)
        return paces(camera.pk)

    assert [pace(6, 0), pace(7, 28), pace(7, 29), pace(9, 0), pace(12, 30), pace(17, 0)] == [60, 60, 5, 5, 60, 60]
