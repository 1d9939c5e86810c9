"""Suspected system failures: one incident for all cameras, no accusation, no camera fault, and it ends by itself."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.test import Client

from discipline.alerts import from_flips
from discipline.alerts.models import Alert
from discipline.board import rows as board_rows
from discipline.ops.watch import incident_monitor
from discipline.staffing import ledger
from discipline.staffing.incident_models import IncidentRule, SystemIncident
from discipline.staffing.models import Flip, StaffingRule, Standing
from offices.access.models import Membership
from streams.cameras.models import Camera, OccupancySpan
from streams.servers import valkey
from streams.source import newest_picture
from tests.support.base import member
from tests.support.blackout import EVERY_S, FAULT_S, GRACE_S, City
from tests.support.clock import wib

pytestmark = pytest.mark.django_db
Kind = SystemIncident.Kind
EVERYBODY = range(8)


@pytest.fixture
def city() -> City:
    city = City()
    city.passes(20)
    return city


def test_a_city_that_goes_dark_at_once_is_one_incident_and_ends_by_itself(city: City) -> None:
    froze_at = city.now
    city.dark = EVERYBODY
    city.passes(60)
    incident = city.incident
    assert (incident.kind, incident.since, incident.blind, incident.total) == (Kind.FLEET_BLIND, froze_at, 8, 8)
    assert city.states() == {("unknown", "system")}
    city.passes(FAULT_S + 30)
    assert city.told() == [], "dark for so long, and no camera fault"
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
    assert city.told() == ["camera_fault"] * 4


def test_a_fault_is_not_told_before_it_is_known_that_the_camera_died_alone(city: City) -> None:
    StaffingRule.objects.update(camera_fault_s=5)
    city.dark = {0}
    city.passes(85)
    assert city.told() == []
    city.passes(10)
    assert city.told() == ["camera_fault"]


def test_who_is_empty_is_not_accused_by_looks_of_a_dark_city(city: City) -> None:
    """The grace ends while most cameras are dark: no indication, and the grace starts again."""
    city.empty = {0, 1}
    city.passes(100)
    city.dark = range(2, 8)
    city.passes(60)
    assert Flip.objects.filter(new="absent").exists(), "fell due before anybody knew"
    assert city.told() == []
    assert city.states() == {("unknown", "system")}
    city.dark = ()
    city.passes(20)
    assert city.incident.ended_at is not None
    city.passes(GRACE_S - 20)
    assert city.told() == []
    city.passes(40)
    assert city.told() == ["absence", "absence"]
    assert all(alert.since >= city.incident.ended_at for alert in Alert.objects.filter(withdrawn_by=None))


def test_an_indication_from_before_stands_and_ends_where_the_incident_began(city: City) -> None:
    city.empty = {0}
    city.passes(GRACE_S + 30)
    city.dark = range(3, 8)
    froze_at = city.now
    city.passes(60)
    alert = Alert.objects.get()
    assert (alert.kind, alert.ended_at, alert.ended_by, alert.withdrawn_by) == ("absence", froze_at, "unknown", None)
    city.dark, city.empty = (), ()
    city.passes(30)
    assert city.states() == {("staffed", "")}
    assert city.told() == ["absence"]


def test_closing_time_inside_an_incident_accuses_nobody_of_leaving() -> None:
    city = City(now=wib("15:55"))
    city.passes(10)
    city.empty = {0, 1}
    city.passes(4 * 60 + 30)
    stood_from, city.watching = city.now, False
    city.passes(30)
    assert city.told() == ["early_leave", "early_leave"], "by the last looks before a watch stood still"
    incident_monitor.open_incident(
        incident_monitor.IncidentReport(Kind.WATCH_STALLED, stood_from, watcher="satu", off_s=30), city.now
    )
    assert stood_from < wib("16:00") < city.now
    assert city.told() == ["absence", "absence"], "told before, and they stand"
    assert city.states() == {("closed", "system")}


def test_a_city_frozen_in_the_night_is_one_incident_at_the_opening() -> None:
    city = City(now=wib("05:00"))
    city.passes(10)
    city.dark = EVERYBODY
    city.now = wib("07:29")
    city.steady_s += 8930
    city.passes(60 + FAULT_S)
    assert city.incident.since < wib("06:00")
    assert city.told() == []
    city.dark = ()
    city.passes(30)
    assert city.incident.ended_at is not None
    city.passes(GRACE_S)
    assert city.told() == []


def test_when_nobody_watches_that_is_the_incident(city: City) -> None:
    city.watching = False
    city.passes(FAULT_S + 90)
    assert city.incident.kind == Kind.NO_WATCH
    assert city.told() == []
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
    city.now += timedelta(hours=2)
    city.steady_s += 7200
    city.sweeps()
    city.passes(60)
    assert city.told() == []
    assert city.incident.ended_at is not None


def test_a_first_start_is_no_incident() -> None:
    city = City()
    city.dark = EVERYBODY
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
    assert city.told() == []


def test_a_part_that_stays_dark_becomes_camera_faults_after_the_longest_time(city: City) -> None:
    IncidentRule.objects.create(longest_s=120)
    city.dark = range(4)
    city.passes(200)
    ended_at = city.incident.ended_at
    assert ended_at is not None
    assert city.told() == []
    city.passes(FAULT_S + 10)
    assert city.told() == ["camera_fault"] * 4
    assert all(at >= ended_at + timedelta(seconds=FAULT_S) for at in Alert.objects.values_list("raised_at", flat=True))
    assert city.incident.ended_at == ended_at, "the same darkness is not told twice"


def test_a_stall_that_a_watch_tells_of_makes_its_time_unknown(city: City) -> None:
    city.empty = {0}
    city.passes(GRACE_S)
    stood_from = city.now
    city.now += timedelta(seconds=20)
    city.steady_s += 20
    city.looks()  # decoded before, flushed afterwards: the grace seems to be over
    assert Flip.objects.filter(new="absent").exists()
    incident_monitor.open_incident(
        incident_monitor.IncidentReport(Kind.WATCH_STALLED, stood_from, watcher="satu", off_s=20), city.now
    )
    assert city.told() == []
    assert city.states() == {("unknown", "system")}
    city.passes(20)
    assert city.incident.ended_at is not None
    assert city.told() == []


def test_a_counter_not_opened_in_an_incident_nobody_knew_of_is_not_absent_in_it() -> None:
    """Only the reason of its absence changed during the incident; the doubt is stored later, and read with it."""
    city = City(now=wib("07:29"))
    StaffingRule.objects.update(not_opened_s=180)
    city.empty = {0}
    city.passes(60 + 180 + 10)
    since = city.now - timedelta(seconds=30)
    incident_monitor.open_incident(
        incident_monitor.IncidentReport(Kind.WATCH_STALLED, since, watcher="satu", off_s=30), city.now
    )
    flips = list(Flip.objects.filter(counter=city.counters[0]))
    assert [(flip.new, flip.reason) for flip in flips[-2:]] == [("absent", "not_opened"), ("unknown", "system")]
    assert (flips[-1].at, flips[-1].since) == (wib("07:33"), since)
    assert all(before.new == after.old for before, after in pairwise(flips))


def test_a_look_from_before_an_incident_that_comes_when_it_is_known_is_too_late(city: City) -> None:
    city.dark = {0}
    city.passes(20)
    late = replace(city.look(1), counter=city.counters[0].pk, at=city.now + timedelta(seconds=2))
    city.watching = False
    city.passes(20)
    since = city.now - timedelta(seconds=10)
    incident_monitor.open_incident(
        incident_monitor.IncidentReport(Kind.WATCH_STALLED, since, watcher="satu", off_s=10), city.now
    )
    assert ledger.record_samples([late], city.now) == []
    city.watching = True
    city.passes(60)
    flips = list(Flip.objects.filter(counter=city.counters[0]).order_by("pk"))
    assert [flip.at for flip in flips] == sorted(flip.at for flip in flips)


def test_what_was_told_in_its_time_is_told_to_be_gone(city: City) -> None:
    city.empty = {0}
    city.passes(GRACE_S + 15)
    gone = Alert.objects.get()
    incident_monitor.open_incident(
        incident_monitor.IncidentReport(Kind.WATCH_STALLED, city.now - timedelta(seconds=60), watcher="satu"), city.now
    )
    gone.refresh_from_db()
    assert gone.withdrawn_by == city.incident
    assert gone.ended_at is not None
    (row,) = board_rows._indication_rows(Q(pk=gone.pk), None)
    assert row["superseded"]
    assert board_rows._indication_rows(Q(pk=gone.pk), 50) == []


def test_an_incident_that_explains_more_takes_the_place_of_the_vague_one(city: City) -> None:
    city.watching = False
    city.passes(120)
    stalled = incident_monitor.IncidentReport(
        Kind.WATCH_STALLED, city.now - timedelta(seconds=121), watcher="satu", off_s=120.0
    )
    incident_monitor.open_incident(stalled, city.now)
    incident_monitor.open_incident(incident_monitor.IncidentReport(Kind.FLEET_BLIND, city.now, 3, 10), city.now)
    incident = city.incident
    assert (incident.kind, incident.watcher, incident.off_s) == (Kind.WATCH_STALLED, "satu", 120.0)


def test_the_database_allows_one_open_incident() -> None:
    now = wib("09:00")
    SystemIncident.objects.create(kind=Kind.NO_WATCH, since=now, raised_at=now, ended_at=now)
    SystemIncident.objects.create(kind=Kind.NO_WATCH, since=now, raised_at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        SystemIncident.objects.create(kind=Kind.FLEET_BLIND, since=now, raised_at=now)


@pytest.mark.parametrize("by_s", [600, -600, 8, 86_400, -86_400])
def test_a_clock_that_jumps_accuses_nobody_and_dates_nothing_in_the_future(city: City, by_s: int) -> None:
    city.empty = {0, 1, 2}
    city.passes(60)
    city.jumps(by_s)
    city.sweeps()
    assert city.incident.kind == Kind.CLOCK_JUMPED
    city.passes(20)
    assert city.told() == []
    assert not Standing.objects.filter(since__gt=city.now).exists()
    assert not Flip.objects.filter(noticed_at=city.now, at__gt=city.now).exists()
    if abs(by_s) < 80_000:  # a day later is a Tuesday, a day earlier a Sunday
        assert city.incident.ended_at is not None
        city.passes(GRACE_S - 20)
        assert city.told() == [], "empty for less than a grace since"
        city.passes(60)
        assert city.told() == ["absence"] * 3


def test_a_clock_that_was_a_day_ahead_leaves_no_incident_over_tomorrow(city: City) -> None:
    city.jumps(86_400)
    city.sweeps()
    city.passes(120)
    city.jumps(-86_400)
    city.sweeps()
    city.passes(60)
    assert not SystemIncident.objects.filter(ended_at__gt=city.now).exists()
    assert not SystemIncident.objects.filter(ended_at=None).exists()
    assert city.states() == {("staffed", "")}


def test_a_look_from_the_future_is_not_believed(city: City) -> None:
    spans = OccupancySpan.objects.count()
    ahead = city.look(0).__class__(city.counters[0].pk, city.now + timedelta(minutes=10), city.look(0).look, 1)
    assert ledger.record_samples([ahead], city.now) == []
    assert OccupancySpan.objects.count() == spans
    assert Standing.objects.get(counter=city.counters[0]).last_look_at == city.now


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
    assert city.told() == []
    city.watching = True
    city.passes(30)
    assert city.incident.ended_at is not None


def test_faults_wait_for_the_end_of_the_incident(city: City) -> None:
    city.dark = EVERYBODY
    city.passes(60)
    assert from_flips.raise_camera_faults(city.now + timedelta(hours=9)) == set()


def test_everybody_is_told_the_same_and_no_office_is_named(city: City) -> None:
    city.dark = EVERYBODY
    city.passes(60)
    kemang = city.counters[0].kelurahan
    member("dewi", Membership.Role.LURAH, kelurahan=kemang)
    client = Client()
    client.login(username="dewi", password="loket-yang-ramai")
    page = " ".join(client.get("/").content.decode().split())
    assert "Gangguan sistem sejak 09.00 WIB</strong>: <span data-cause>8 dari 8 kamera tidak terbaca.</span>" in page
    assert "Tidak ada indikasi yang dibuat selama gangguan." in page
    counts = board_rows.count_by_group(board_rows.rows(member("walikota", Membership.Role.MAYOR)))
    assert (counts["system"], counts["unknown"]) == (1, 0)
    assert board_rows.troubled_rows(board_rows.rows(member("wakil", Membership.Role.MAYOR))) == []
