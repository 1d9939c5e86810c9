"""Which failures are suspected system failures: when such an incident begins, of which kind it is, and when it ends."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from discipline.alerts.models import Alert
from discipline.ops.watch import incident_opening
from discipline.staffing.incident_models import IncidentRule, SystemIncident
from discipline.staffing.models import Flip, StaffingRule
from streams.cameras.models import Camera
from streams.servers import valkey
from streams.source import newest_picture
from tests.support.blackout import ALL_CAMERAS, EVERY_S, FAULT_S, GRACE_S, City
from tests.support.clock import wib

pytestmark = [pytest.mark.django_db, pytest.mark.once]
Kind = SystemIncident.Kind


def test_a_city_that_goes_dark_at_once_is_one_incident_and_ends_by_itself(city: City) -> None:
    froze_at = city.now
    city.dark = ALL_CAMERAS
    city.passes(60)
    incident = city.incident
    assert (incident.kind, incident.since, incident.blind, incident.total) == (Kind.FLEET_BLIND, froze_at, 8, 8)
    assert city.states() == {("unknown", "system")}
    city.passes(FAULT_S + 30)
    assert city.indications() == [], "dark for so long, and no camera fault"
    assert city.flips_noticed(froze_at + timedelta(seconds=1), city.now) == {"unknown"}
    city.dark = ()
    city.passes(30)
    incident = city.incident
    assert incident.ended_at is not None
    assert incident.ended_at < city.now
    assert city.states() == {("staffed", "")}
    assert not Alert.objects.exists()


def test_cameras_that_die_one_after_another_are_faults_of_their_own(city: City) -> None:
    for number in range(4):
        city.dark = range(number + 1)
        city.passes(65)
    city.passes(FAULT_S)
    assert not SystemIncident.objects.exists()
    assert city.indications() == ["camera_fault"] * 4


def test_a_camera_fault_is_raised_only_once_the_camera_is_known_to_have_died_alone(city: City) -> None:
    StaffingRule.objects.update(camera_fault_s=5)
    city.dark = {0}
    city.passes(95)
    assert city.indications() == []
    city.passes(10)
    assert city.indications() == ["camera_fault"]


def test_a_city_frozen_in_the_night_is_one_incident_at_the_opening() -> None:
    city = City(now=wib("05:00"))
    city.passes(10)
    city.dark = ALL_CAMERAS
    city.now = wib("07:29")
    city.steady_s += 8930
    city.passes(60 + FAULT_S)
    assert city.incident.since < wib("06:00")
    assert city.indications() == []
    city.dark = ()
    city.passes(30)
    assert city.incident.ended_at is not None
    city.passes(GRACE_S)
    assert city.indications() == []


def test_when_nobody_watches_that_is_the_incident(city: City) -> None:
    city.watching = False
    city.passes(FAULT_S + 90)
    assert city.incident.kind == Kind.NO_WATCH
    assert city.indications() == []
    city.watching = True
    city.passes(30)
    assert city.incident.ended_at is not None


def test_a_short_restart_of_watch_is_no_incident(city: City) -> None:
    city.watching = False
    city.passes(25)
    city.watching = True
    city.passes(60)
    assert not SystemIncident.objects.exists()


def test_a_start_after_hours_without_power_blames_no_camera(city: City) -> None:
    saw_at = city.now
    city.now += timedelta(hours=2)
    city.steady_s += 7200
    city.sweeps()
    city.passes(60)
    assert city.indications() == []
    assert city.states() == {("staffed", "")}
    unknown = Flip.objects.filter(new="unknown", old="staffed")
    assert set(unknown.values_list("at", flat=True)) == {saw_at + timedelta(seconds=60)}


def test_a_first_start_is_no_incident() -> None:
    city = City()
    city.dark = ALL_CAMERAS
    city.passes(120)
    city.dark = ()
    city.passes(30)
    assert not SystemIncident.objects.exists()


def test_a_city_that_nobody_ever_watched_gets_no_tickets() -> None:
    city = City()
    city.watch.delete()
    city.watching = False
    city.passes(FAULT_S + 60)
    assert city.incident.kind == Kind.NO_WATCH
    assert city.indications() == []


def test_a_part_that_stays_dark_becomes_camera_faults_after_the_longest_time(city: City) -> None:
    IncidentRule.objects.create(longest_s=120)
    city.dark = range(4)
    city.passes(200)
    ended_at = city.incident.ended_at
    assert ended_at is not None
    assert city.indications() == []
    city.passes(FAULT_S + 10)
    assert city.indications() == ["camera_fault"] * 4
    assert all(at >= ended_at + timedelta(seconds=FAULT_S) for at in Alert.objects.values_list("raised_at", flat=True))
    assert city.incident.ended_at == ended_at, "the same darkness is not reported twice"


def test_an_incident_that_explains_more_takes_the_place_of_the_vague_one(city: City) -> None:
    city.watching = False
    city.passes(120)
    stalled = incident_opening.IncidentReport(
        Kind.WATCH_STALLED, city.now - timedelta(seconds=121), watcher="satu", off_s=120.0
    )
    incident_opening.open_incident(stalled, city.now)
    incident_opening.open_incident(incident_opening.IncidentReport(Kind.FLEET_BLIND, city.now, 3, 10), city.now)
    incident = city.incident
    assert (incident.kind, incident.watcher, incident.off_s) == (Kind.WATCH_STALLED, "satu", 120.0)


def test_the_database_allows_one_open_incident() -> None:
    now = wib("09:00")
    SystemIncident.objects.create(kind=Kind.NO_WATCH, since=now, raised_at=now, ended_at=now)
    SystemIncident.objects.create(kind=Kind.NO_WATCH, since=now, raised_at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        SystemIncident.objects.create(kind=Kind.FLEET_BLIND, since=now, raised_at=now)


def silent(city: City) -> None:
    """Make the examiner hang: heartbeat and pictures go on, no looks come."""
    city.watch.refresh_from_db()
    city.watch.seen_at, city.watch.looks_per_minute = city.now, 0
    city.watch.save()
    Camera.objects.update(lease_holder="satu")
    report = {"state": "online", "holder": "satu", "at": city.now.isoformat()}
    newest_picture.store_health(dict.fromkeys(Camera.objects.values_list("pk", flat=True), report))


@pytest.fixture
def no_reports() -> Iterator[None]:
    valkey.client().delete(f"{valkey.PREFIX}:health")
    yield
    valkey.client().delete(f"{valkey.PREFIX}:health")


@pytest.mark.usefixtures("no_reports")
def test_a_watch_that_lives_and_looks_at_nothing_is_an_incident_until_it_looks() -> None:
    city = City(cameras=2)
    city.passes(80)
    city.watching = False
    for _ in range(200 // EVERY_S):
        silent(city)
        city.passes(EVERY_S)
    incident = city.incident
    assert (incident.kind, incident.watcher, incident.ended_at) == (Kind.WATCH_STALLED, "satu", None)
    assert city.indications() == []
    city.watching = True
    city.passes(30)
    assert city.incident.ended_at is not None
