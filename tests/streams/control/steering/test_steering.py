"""Who steers a camera, what is judged meanwhile, and how it comes home, with a real ONVIF face."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from discipline.ops.watch.loop import SampleRecorder
from offices.access.models import Membership
from streams.cameras.models import OccupancySpan
from streams.control.steering import away, homing, leases
from streams.control.steering.models import CameraAway, HomePreset, PresetPicture, SteeringLog
from streams.control.steering.presets import pictures
from streams.control.steering.presets.tour_rule import Stop, read_stops
from streams.control.steering.priority_rule import (
    Steerer,
    may_set_home,
    may_take_over,
    priority_at_office,
    priority_at_point,
)
from streams.live.public import plan
from streams.live.public.models import PublicPoint
from streams.pixels.occupancy import Look, Sample
from streams.simulator.onvif import OnvifFace
from streams.simulator.onvif_ptz import PtzHead
from streams.source import newest_picture
from tests.support.base import World, member
from tests.support.pictures import forget_pictures
from tests.support.steering import lines

pytest_plugins = ["tests.support.onvif_peers"]
pytestmark = pytest.mark.django_db(transaction=True)
What = SteeringLog.What


def test_the_table_of_priorities() -> None:
    mayor, operator, inspector, agency = (Steerer(**{one: True}) for one in ("mayor", "operates", "inspects", "runs"))
    ranks = [priority_at_point(one) for one in (mayor, operator, agency, inspector, Steerer())]
    assert ranks == sorted(ranks, reverse=True)
    assert (ranks[2] > 0, ranks[3:], may_set_home(ranks[2]), may_set_home(ranks[1])) == (True, [0, 0], False, True)
    assert may_take_over(ranks[0], ranks[1])
    assert not may_take_over(ranks[1], ranks[1])
    everyone = (inspector, operator, mayor, agency)
    assert [bool(priority_at_office(one, on_duty=True)) for one in everyone] == [True, False, False, False]
    assert [bool(priority_at_office(one, on_duty=False)) for one in everyone] == [True, True, False, False]


def test_what_a_tour_may_be() -> None:
    names = {"1": "Simpang", "2": "Sungai"}
    both = [{"token": "1", "dwell_s": 1}, {"token": "2", "dwell_s": 1e9}, {"token": "9"}]
    assert read_stops(both, names) == [Stop("1", "Simpang", 5), Stop("2", "Sungai", 300)]
    nothing: tuple[object, ...] = (
        None,
        {},
        [1],
        both[:1],
        both[:1] * 2,
        both * 9,
        [{"token": 1}],
        [{"token": "1", "dwell_s": "x"}, both[1]],
    )
    assert [read_stops(one, names) for one in nothing] == [[]] * len(nothing)


def test_one_holder_at_a_time_and_a_log_that_stays(world: World, point: PublicPoint) -> None:
    camera, now = point.camera, timezone.now()
    assert camera
    first = leases.take(camera, world.ani, 30, now)
    with pytest.raises(leases.HeldError):
        leases.take(camera, world.intan, 30, now, take_over=True)
    with pytest.raises(leases.HeldError):
        leases.take(camera, world.walikota, 40, now)
    second = leases.take(camera, world.walikota, 40, now, take_over=True)
    assert not leases.renew(first.pk, now, moves=True), "the former holder moves nothing"
    assert leases.renew(second.pk, now + timedelta(seconds=20))
    assert not leases.end_expired(now + timedelta(seconds=40))
    assert not leases.renew(second.pk, now + timedelta(seconds=60)), "not renewed in time"
    assert leases.end_expired(now + timedelta(seconds=60)) == 1
    assert lines(camera) == [("taken", "ani", None), ("taken_over", "walikota", "ani"), ("expired", "walikota", None)]
    with pytest.raises(DatabaseError), transaction.atomic():
        SteeringLog.objects.update(reason="lain")


def test_a_lease_without_a_move_is_not_renewed_for_ever(world: World, point: PublicPoint) -> None:
    assert point.camera
    now = timezone.now()
    lease = leases.take(point.camera, world.ani, 30, now)
    for second in range(0, 60, 10):
        leases.renew(lease.pk, now + timedelta(seconds=second))
    lease.refresh_from_db()
    assert lease.expires_at == now + timedelta(seconds=50), "renewed until it was idle for idle_s"


def test_what_a_crash_left_behind_goes_home_and_the_public_sees_it_again(point: PublicPoint, head: PtzHead) -> None:
    camera, now = point.camera, timezone.now()
    assert camera
    user = member("siti", Membership.Role.OPERATOR)
    lease = leases.take(camera, user, 30, now - timedelta(seconds=100))
    away.note_move(camera, now - timedelta(seconds=90), user)
    head._at = (0.7, 0.0, 0.0)
    assert camera.pk not in plan.shown_streams(now)
    assert homing.sweep(now) == 1
    assert head.position == (0.0, 0.0, 0.0)
    lease.refresh_from_db()
    assert lease.ended_at
    row = CameraAway.objects.get()
    assert row.back_at
    assert camera.pk not in plan.shown_streams(row.back_at), "it settles first"
    assert camera.pk in plan.shown_streams(row.back_at + away.SETTLE)
    assert [what for what, *_ in lines(camera)] == ["taken", "expired", "home"]
    assert homing.sweep(now) == 0


def test_a_camera_that_does_not_go_home_stays_away_and_says_so_once(point: PublicPoint, face: OnvifFace) -> None:
    camera, now = point.camera, timezone.now()
    assert camera
    away.note_move(camera, now - timedelta(seconds=90))
    HomePreset.objects.update(token="99")
    for minutes in range(3):
        assert homing.sweep(now + timedelta(minutes=2 * minutes)) == 0
    assert face.requests.count("GotoPreset") == 3
    assert [(row.what, row.reason) for row in SteeringLog.objects.all()] == [("home_failed", "preset_gone")]
    assert away.cameras_away(now) == {camera.pk}


def test_a_camera_without_a_home_stays_away_and_its_pages_say_so(world: World, point: PublicPoint) -> None:
    camera, now = point.camera, timezone.now()
    assert camera
    runs = member("rudi", Membership.Role.AGENCY, agency=point.place.agency)
    pages = {"camera": reverse("camera", args=[camera.pk]), "point": reverse("point", args=[point.place.point_code])}

    def says(user: User, page: str) -> tuple[bool, bool]:
        client = Client()
        client.force_login(user)
        text = client.get(pages[page]).content.decode()
        return "belum punya preset asal" in text, "Tentukan preset asal" in text

    away.note_move(camera, now - timedelta(hours=1))
    assert says(world.ani, "camera") == says(world.ani, "point") == (False, False), "it has one"
    HomePreset.objects.all().delete()
    assert homing.sweep(now) == 0
    assert says(world.ani, "camera") == says(world.ani, "point") == (True, True)
    assert says(runs, "point") == (True, False)


def test_the_picture_of_home_is_what_the_camera_showed_there(point: PublicPoint) -> None:
    camera, now = point.camera, timezone.now()
    assert camera
    newest_picture.store_picture(camera.pk, b"there", {"at": now.isoformat()})
    away.note_move(camera, now - timedelta(minutes=5))
    away.note_back(camera, now, now - timedelta(seconds=5))
    pictures.take_home(camera)
    assert not PresetPicture.objects.exists(), "it had not settled"
    CameraAway.objects.update(back_at=now - timedelta(minutes=1))
    pictures.take_home(camera)
    pictures.take_home(camera)
    forget_pictures(camera.pk)
    kept = PresetPicture.objects.get()
    assert (kept.token, bytes(kept.jpeg)) == ("1", b"there")


def test_a_steered_camera_judges_nothing_until_it_has_settled(world: World) -> None:
    """Whatever was seen meanwhile, the ledger gets BLIND: never absence."""
    camera, counter = world.cameras[world.ilir35.pk], world.counter(world.ilir35)
    now = datetime.now(UTC)
    CameraAway.objects.create(
        camera=camera, since=now - timedelta(seconds=90), moved_at=now, back_at=now - timedelta(seconds=50)
    )
    other = world.counter(world.ulu5)
    times = [100, 89, 60, 40, 30]
    recorder = SampleRecorder()
    samples = [Sample(one.pk, now - timedelta(seconds=ago), Look.EMPTY) for ago in times for one in (counter, other)]
    recorder.put(samples, 0.0)
    recorder.flush()
    spans = OccupancySpan.objects.order_by("started_at")
    looks = [(span.look, span.reason, span.looks) for span in spans.filter(subject=counter.subject)]
    assert looks == [("empty", "", 1), ("blind", "steered", 3), ("empty", "", 1)]
    assert {span.look for span in spans.filter(subject=other.subject)} == {"empty"}
    assert away.cameras_away(now - timedelta(seconds=40)) == {camera.pk}
    assert away.cameras_away(now) == set()
