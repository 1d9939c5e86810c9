"""Leases on a real PostgreSQL: which process holds which camera, and what happens when one dies."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from streams.cameras.models import Camera, Watcher
from streams.watch.leases import CameraLeases, WatcherStats
from tests.support.base import one_office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def cameras() -> list[Camera]:
    office = one_office()
    return [Camera.objects.create(kelurahan=office, name=f"Kamera {n}", url=f"rtsp://127.0.0.1/{n}") for n in range(10)]


def watch(name: str) -> CameraLeases:
    fleet = CameraLeases(name)
    fleet.join()
    return fleet


def held(fleet: CameraLeases) -> set[int]:
    return {camera.pk for camera in fleet.beat(WatcherStats())}


def lapse(fleet: CameraLeases) -> None:
    """Expire a watch's heartbeat and leases, as if it had been killed some time ago."""
    Watcher.objects.filter(name=fleet.name).update(seen_at=Now() - timedelta(minutes=1))
    Camera.objects.filter(lease_holder=fleet.name).update(lease_until=Now() - timedelta(seconds=1))


def test_one_watch_holds_the_whole_fleet() -> None:
    assert len(held(watch("one"))) == 10


def test_a_second_watch_shares_the_fleet_and_no_camera_is_held_twice() -> None:
    one, two = watch("one"), watch("two")
    held(one)
    held(two)
    assert (len(held(one)), len(held(two))) == (5, 5)
    assert not held(one) & held(two)


def test_the_cameras_of_a_killed_watch_go_to_the_other() -> None:
    one, two = watch("one"), watch("two")
    for _ in range(2):
        held(one)
        held(two)
    lapse(one)
    assert len(held(two)) == 10


def test_a_watch_that_comes_back_after_its_leases_ran_out_has_lost_them() -> None:
    one, two = watch("one"), watch("two")
    held(one)
    lapse(one)
    everything = held(two)
    assert len(everything) == 10
    assert held(one) == set()
    assert len(held(two)) == 5  # now that the other is back, the fleet is shared again
    assert held(one) == everything - held(two)


def test_leaving_gives_everything_back_at_once() -> None:
    one, two = watch("one"), watch("two")
    held(one)
    held(two)
    one.leave()
    assert len(held(two)) == 10
    assert list(Watcher.objects.values_list("name", flat=True)) == ["two"]


def test_a_camera_that_is_switched_off_is_let_go(cameras: list[Camera]) -> None:
    one = watch("one")
    held(one)
    Camera.objects.filter(pk=cameras[0].pk).update(enabled=False)
    assert cameras[0].pk not in held(one)
    assert Camera.objects.get(pk=cameras[0].pk).lease_holder == ""


def test_the_password_of_a_camera_is_unreadable_in_the_database(cameras: list[Camera]) -> None:
    camera = cameras[0]
    camera.username, camera.password = "admin", "p@ss:w/rd"
    camera.save()
    stored = Camera.objects.filter(pk=camera.pk).extra(select={"raw": "password"}).values_list("raw", flat=True)[0]
    assert "p@ss" not in stored
    assert Camera.objects.get(pk=camera.pk).full_url == "rtsp://admin:p%40ss%3Aw%2Frd@127.0.0.1/0"


def test_who_comes_back_first_after_an_outage_of_the_database_leaves_the_others_cameras_to_them() -> None:
    one, two = watch("one"), watch("two")
    for _ in range(2):
        held(one)
        held(two)
    before = held(one), held(two)
    lapse(one)
    lapse(two)
    assert held(one) == before[0]
    assert held(one) == before[0]
    assert held(two) == before[1]


def test_after_the_wait_it_takes_what_nobody_came_back_for() -> None:
    one, two = watch("one"), watch("two")
    for _ in range(2):
        held(one)
        held(two)
    lapse(one)
    lapse(two)
    assert len(held(one)) == 5
    one._takes_from = 0.0
    assert len(held(one)) == 10
