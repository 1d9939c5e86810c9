"""The demo's data: complete, safe to create twice, and never written into a real database."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from discipline.alerts.case import case_file
from discipline.alerts.models import Alert
from discipline.incidents.shifts.duty import duty_now
from discipline.incidents.shifts.models import Shift
from discipline.ops import demo_data
from discipline.staffing import ledger
from discipline.staffing.models import StaffingRule
from discipline.tools.demo import seeding
from discipline.tools.demo.city import points, public_view
from offices.access.gate import scope_of, within
from offices.hours.duty import interval_at
from offices.hours.models import Closure, HoursPlan
from offices.hours.schedule import Schedule, local_day
from offices.places.models import Counter, Kelurahan, Place
from offices.points.models import Purpose
from streams.cameras.models import Camera, Zone
from streams.control.steering.models import HomePreset
from streams.evidence.recording.models import RetentionRule
from streams.live.public import closures, plan
from streams.live.public.models import PublicPoint
from streams.looks.streets.models import HintSetting, checked_polygon
from streams.pixels.occupancy import Look, Sample
from streams.setup.probe import CameraSnapshot
from streams.simulator import onvif
from streams.simulator.scripts import DEMO_CAMERAS, OFFICE_CAMERAS, STREET_CAMERAS
from streams.simulator.street.layouts import STREETS

pytestmark = pytest.mark.django_db
ZONE = [(0.1, 0.1), (0.9, 0.1), (0.5, 0.9)]
NOW = datetime(2027, 3, 1, 4, 30, tzinfo=UTC)


@pytest.fixture
def offices() -> None:
    call_command("load_offices", verbosity=0)


def seed(
    port: int = 8554, now: datetime = NOW, most_cameras: int | None = None, turning: Mapping[int, int] | None = None
) -> int:
    return seeding.seed_demo(
        address=lambda number: f"rtsp://127.0.0.1:{port}/cam{number:03d}",
        view=lambda _number: seeding.DemoView(ZONE, CameraSnapshot(b"jpeg", b"seen", NOW)),
        now=now,
        settle_s=25,
        most_cameras=most_cameras,
        turning=turning,
        street=lambda _street: CameraSnapshot(b"jpeg", b"seen", NOW),
    )


@pytest.mark.usefixtures("offices")
def test_every_office_gets_a_camera_that_watches_a_counter() -> None:
    assert seed() == DEMO_CAMERAS == 150
    assert Camera.objects.count() == DEMO_CAMERAS
    assert Counter.objects.count() == Zone.objects.count() == OFFICE_CAMERAS
    above = (
        Camera.objects.filter(kelurahan=None, place__agency=None)
        .order_by("name")
        .values_list("name", "place__kecamatan__name")
    )
    assert list(above) == [("cam108", "Ilir Barat I"), ("cam109", "Sukarami")]
    assert not Kelurahan.objects.exclude(cameras__zones__subject__counter__kelurahan__isnull=False).exists()
    last = Camera.objects.get(name="cam107")
    assert last.url == "rtsp://127.0.0.1:8554/cam107"
    assert (bytes(last.reference or b""), bytes(last.reference_jpeg or b"")) == (b"seen", b"jpeg")


@pytest.mark.usefixtures("offices")
def test_some_cameras_over_streets_can_be_steered_and_keep_a_home_that_was_chosen() -> None:
    first, second = points.turning(DEMO_CAMERAS)
    seed(turning={first: 8600, second: 8601})
    homes = dict(HomePreset.objects.values_list("camera__name", "onvif_port"))
    assert homes == {f"cam{first}": 8600, f"cam{second}": 8601}
    camera = Camera.objects.get(name=f"cam{first}")
    assert (camera.username, camera.password.reveal()) == (onvif.USER, onvif.PASSWORD)
    HomePreset.objects.filter(camera=camera).update(token="3")
    seed(turning={first: 8700, second: 8601})
    home = HomePreset.objects.get(camera=camera)
    assert (home.token, home.onvif_port) == ("3", 8700)


@pytest.mark.usefixtures("offices")
def test_each_street_point_has_a_camera_a_purpose_and_a_legal_basis() -> None:
    seed(most_cameras=OFFICE_CAMERAS + 2)
    assert Camera.objects.filter(place__kind=Place.Kind.POINT).count() == 2
    seed()
    places = Place.objects.filter(kind=Place.Kind.POINT).select_related("agency", "point").order_by("point_code")
    assert len(places) == STREET_CAMERAS == 41
    assert {place.agency.code for place in places if place.agency} == {"dishub", "kominfo"}
    offices = [office.position for office in Place.objects.exclude(kind=Place.Kind.POINT).loaded()]
    for number, place in enumerate(places, OFFICE_CAMERAS + 1):
        place.full_clean()
        place.point.full_clean()
        assert place.point.bases.count() == (2 if place.agency and place.agency.code == "dishub" else 1)
        assert min(math.dist(place.position, office) for office in offices) < 0.025, place  # degrees: in the city
        camera = place.cameras.get()
        assert (camera.url, camera.at_point) == (f"rtsp://127.0.0.1:8554/cam{number:03d}", True)
    assert {purpose for place in places for purpose in place.point.purposes} == set(Purpose.values)
    assert all(bool(place.point.proposed_by_agency) != bool(place.point.proposed_by_office) for place in places), (
        "each was proposed by one"
    )


def test_the_public_may_see_31_of_the_demos_points_and_the_simulator_knows_their_streets() -> None:
    codes = points.public_codes()
    assert len(codes) == len(set(codes)) == 31
    assert set(codes) < {point.code for point in points.demo_points()}
    assert set(points.streets(DEMO_CAMERAS)) == set(STREETS)
    assert points.streets(8) == []


@pytest.mark.usefixtures("offices")
def test_a_smaller_demo_has_cameras_in_the_first_offices_only() -> None:
    assert seed(most_cameras=8) == 8
    assert list(Camera.objects.order_by("name").values_list("name", flat=True)) == [f"cam{n:03d}" for n in range(1, 9)]
    assert set(Camera.objects.values_list("kelurahan", flat=True)) == {
        office.pk for office in Kelurahan.objects.all()[:8]
    }


@pytest.mark.usefixtures("offices")
def test_each_account_sees_its_own_part_of_the_city() -> None:
    seed()
    seen = {
        user.username: Counter.objects.filter(within(scope_of(user), "kelurahan")).count()
        for user in get_user_model().objects.all()
    }
    assert seen["walikota"] == seen["operator"] == 107
    assert seen["camat.ib1"] == Kelurahan.objects.filter(kecamatan__name="Ilir Barat I").count()
    assert seen["camat.su1"] == Kelurahan.objects.filter(kecamatan__name="Seberang Ulu I").count()
    lurah = next(name for name in seen if name.startswith("lurah."))
    assert seen[lurah] == 1
    assert all(user.check_password(demo_data.PASSWORD) for user in get_user_model().objects.all())


@pytest.mark.usefixtures("offices")
def test_all_counters_open_together_shortly_after_the_start() -> None:
    seed()
    seed(now=NOW + timedelta(days=1))
    closure, _earlier = Closure.objects.all()
    assert closure.ends_at == NOW + timedelta(days=1, seconds=25)
    assert closure.starts_at.isoformat() == "2027-03-01T17:00:00+00:00"  # midnight in Palembang
    plan = HoursPlan.objects.get(source=demo_data.MARK)
    plan.full_clean()
    assert plan.on_holidays


@pytest.mark.usefixtures("offices")
def test_a_restart_leaves_the_indications_of_the_first_run_as_they_were() -> None:
    seed()
    opened = NOW + timedelta(seconds=25)
    late, left, watched = Counter.objects.order_by("pk")[:3]
    ledger.schedule.forget()
    ledger.create_standings(NOW)
    looks = {late: [n > 12 for n in range(21)], left: [n < 5 for n in range(21)], watched: [True] * 21}
    record(looks, opened)
    alerts = Alert.objects.filter(counter__in=[late, left])
    assert {alert.kind for alert in alerts} == {"late_opening", "not_opened", "absence"}
    restarted = NOW + timedelta(minutes=30)
    rule = StaffingRule.objects.values().get()
    seed(now=restarted)
    ledger.schedule.forget()
    while ledger.sweep_deadlines(restarted + timedelta(seconds=30)):
        pass
    assert StaffingRule.objects.values().get() == rule
    assert not alerts.filter(ended_at=None).exists()
    for alert in alerts.all():
        found = case_file.recheck(case_file.open_case(alert, restarted + timedelta(seconds=30)))
        assert found.same, (alert.kind, found)
    assert schedule_of(restarted + timedelta(seconds=24)) == [False, False]
    assert schedule_of(restarted + timedelta(seconds=25)) == [True, True]
    # The day opened in the first run, so an empty counter is now empty as after a break, and not late.
    record({late: [False] * 7, left: [True] * 7}, restarted + timedelta(seconds=25))
    assert list(alerts.filter(ended_at=None).values_list("counter", "kind")) == [(late.pk, "absence")]


def record(looks: dict[Counter, list[bool]], since: datetime) -> None:
    """Record looks every 5 s, True at staff."""
    for n in range(len(next(iter(looks.values())))):
        at = since + timedelta(seconds=5 * n)
        ledger.record_samples(
            [Sample(c.pk, at, Look.STAFFED if row[n] else Look.EMPTY, int(row[n])) for c, row in looks.items()], at
        )


def schedule_of(at: datetime) -> list[bool]:
    """Return whether the first two counters are on duty."""
    counters = list(Counter.objects.order_by("pk").values_list("pk", flat=True)[:2])
    days = Schedule(counters)
    return [interval_at(days.day(pk, local_day(at)).intervals, at) is not None for pk in counters]


@pytest.mark.usefixtures("offices")
def test_a_second_start_keeps_what_was_edited_and_follows_the_cameras_to_their_port() -> None:
    seed()
    StaffingRule.objects.update(absence_grace_s=45)
    zone = Zone.objects.first()
    assert zone
    zone.polygon = [[0, 0], [1, 0], [1, 1]]
    zone.save()
    place = Place.objects.filter(kind=Place.Kind.POINT).first()
    assert place
    place.point_name = "Kolong Ampera"
    place.save()
    place.point.bases.all().delete()
    assert PublicPoint.objects.filter(shown=True, live=True).count() == len(points.public_codes()) == 31
    (closed,) = plan.open_closures(NOW)
    assert (closed.point.place.point_code, closed.cause) == (public_view.CLOSED_CODE, "operator")
    closures.reopen(closed.point, closures.Cause.OPERATOR, NOW)
    (rule,) = RetentionRule.objects.all()
    assert (rule.kept_as, rule.days) == ("hotspot", 1)
    RetentionRule.objects.create(kept_as="hotspot", days=0, since=rule.since, basis="Tidak lagi", by=rule.by)
    assert seed(port=9999) == DEMO_CAMERAS
    assert RetentionRule.objects.count() == 2, "what was decided since stays"
    place.refresh_from_db()
    assert (place.point_name, place.point.bases.count()) == ("Kolong Ampera", 0)
    assert not plan.open_closures(NOW).exists()
    assert StaffingRule.objects.get().absence_grace_s == 45
    assert Zone.objects.get(pk=zone.pk).polygon == zone.polygon
    assert set(Camera.objects.values_list("url", flat=True)) == {
        f"rtsp://127.0.0.1:9999/cam{number:03d}" for number in range(1, DEMO_CAMERAS + 1)
    }


@pytest.mark.usefixtures("offices")
def test_a_demo_account_that_was_renamed_or_deleted_does_not_come_back() -> None:
    seed()
    users = get_user_model().objects
    users.filter(username="camat.su1").update(username="camat.su1.lama")
    users.filter(username="satpolpp").update(username="satpolpp.lama")
    users.get(username="camat.ib1").delete()
    left = set(users.values_list("username", flat=True))
    seed(now=NOW + timedelta(hours=1))
    assert set(users.values_list("username", flat=True)) == left


@pytest.mark.usefixtures("offices")
def test_the_room_has_a_shift_on_duty_that_signed_for_the_one_before() -> None:
    seed()
    duty = duty_now(NOW)
    assert duty.shift
    assert (duty.shift.squad, duty.shift.chief.username, duty.unsigned) == ("Regu B", "kepala.jaga", [])
    assert [(name, len(members)) for name, members in duty.by_agency] == [
        ("Ruang kendali", 2),
        ("Dinas Perhubungan", 1),
    ]
    assert [one.squad for one in Shift.objects.filter(handover__signature__signed_by=duty.shift.chief)] == ["Regu A"]
    seed(now=NOW + timedelta(hours=1))
    assert Shift.objects.count() == 2


@pytest.mark.usefixtures("offices")
def test_a_known_password_never_enters_a_database_of_ones_own() -> None:
    get_user_model().objects.create_user("ani", password="her own")
    with pytest.raises(CommandError, match="of your own"):
        call_command("demo")
    assert get_user_model().objects.count() == 1
    assert not Camera.objects.exists()


@pytest.mark.usefixtures("offices")
def test_hints_are_on_at_a_queue_a_flood_and_rubbish_and_what_the_operator_does_stays() -> None:
    seed()
    settings = {one.camera.place.point_code: one for one in HintSetting.objects.select_related("camera__place")}
    shown = {point.code: point.street for point in points.demo_points()}
    firsts = [street for street in STREETS.values() if street.jams or street.gauge[1] or street.heap[1]]
    assert {shown[code] for code in settings if code} == {street.name for street in firsts}
    for code, one in settings.items():
        assert code == next(point.code for point in points.demo_points() if point.street == shown[code or ""])
        assert one.on
        assert checked_polygon(one.polygon) == one.polygon
        assert one.camera.reference_jpeg
    HintSetting.objects.filter(kind="water").update(on=False)
    seed()
    assert HintSetting.objects.filter(on=True).count() == 2
