"""What an incident does to indications and standings: no accusation, no camera fault, and what users see of it."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.test import Client

from discipline.alerts import from_flips
from discipline.alerts.models import Alert
from discipline.board import rows as board_rows
from discipline.ops.watch import incident_opening
from discipline.staffing import ledger
from discipline.staffing.incident_models import SystemIncident
from discipline.staffing.models import Flip, StaffingRule
from offices.access.models import Membership
from tests.support.base import member
from tests.support.blackout import ALL_CAMERAS, GRACE_S, City
from tests.support.clock import wib

pytestmark = [pytest.mark.once, pytest.mark.django_db]
Kind = SystemIncident.Kind


def test_who_is_empty_is_not_accused_by_looks_of_a_dark_city(city: City) -> None:
    """The grace ends while most cameras are dark: no indication, and the grace starts again."""
    city.empty = {0, 1}
    city.passes(100)
    city.dark = range(2, 8)
    city.passes(60)
    assert Flip.objects.filter(new="absent").exists(), "fell due before anybody knew"
    assert city.indications() == []
    assert city.states() == {("unknown", "system")}
    city.dark = ()
    city.passes(20)
    assert city.incident.ended_at is not None
    city.passes(GRACE_S - 20)
    assert city.indications() == []
    city.passes(40)
    assert city.indications() == ["absence", "absence"]
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
    assert city.indications() == ["absence"]


def test_closing_time_inside_an_incident_accuses_nobody_of_leaving() -> None:
    city = City(now=wib("15:55"))
    city.passes(10)
    city.empty = {0, 1}
    city.passes(4 * 60 + 30)
    stood_from, city.watching = city.now, False
    city.passes(30)
    assert city.indications() == ["early_leave", "early_leave"], "by the last looks before a watch stood still"
    incident_opening.open_incident(
        incident_opening.IncidentReport(Kind.WATCH_STALLED, stood_from, watcher="satu", off_s=30), city.now
    )
    assert stood_from < wib("16:00") < city.now
    assert city.indications() == ["absence", "absence"], "raised before, and they stand"
    assert city.states() == {("closed", "system")}


def test_a_stall_that_a_watch_reports_makes_its_time_unknown(city: City) -> None:
    city.empty = {0}
    city.passes(GRACE_S)
    stood_from, city.watching = city.now, False
    city.passes(20)
    city.watching = True
    city.looks()  # decoded before, flushed afterwards: the grace seems to be over
    assert Flip.objects.filter(new="absent").exists()
    incident_opening.open_incident(
        incident_opening.IncidentReport(Kind.WATCH_STALLED, stood_from, watcher="satu", off_s=20), city.now
    )
    assert city.indications() == []
    assert city.states() == {("unknown", "system")}
    city.passes(20)
    assert city.incident.ended_at is not None
    assert city.indications() == []


def test_a_counter_not_opened_in_an_incident_nobody_knew_of_is_not_absent_in_it() -> None:
    """Only the reason of its absence changed during the incident; the doubt is stored later, and read with it."""
    city = City(now=wib("07:29"))
    StaffingRule.objects.update(not_opened_s=180)
    city.empty = {0}
    city.passes(60 + 180 + 10)
    since = city.now - timedelta(seconds=30)
    incident_opening.open_incident(
        incident_opening.IncidentReport(Kind.WATCH_STALLED, since, watcher="satu", off_s=30), city.now
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
    incident_opening.open_incident(
        incident_opening.IncidentReport(Kind.WATCH_STALLED, since, watcher="satu", off_s=10), city.now
    )
    assert ledger.record_samples([late], city.now) == []
    city.watching = True
    city.passes(60)
    flips = list(Flip.objects.filter(counter=city.counters[0]).order_by("pk"))
    assert [flip.at for flip in flips] == sorted(flip.at for flip in flips)


def test_an_indication_raised_during_an_incident_is_withdrawn(city: City) -> None:
    city.empty = {0}
    city.passes(GRACE_S + 15)
    gone = Alert.objects.get()
    incident_opening.open_incident(
        incident_opening.IncidentReport(Kind.WATCH_STALLED, city.now - timedelta(seconds=60), watcher="satu"), city.now
    )
    gone.refresh_from_db()
    assert gone.withdrawn_by == city.incident
    assert gone.ended_at is not None
    (row,) = board_rows.indication_rows(Q(pk=gone.pk), None)
    assert row["superseded"]
    assert board_rows.indication_rows(Q(pk=gone.pk), 50) == []


def test_faults_wait_for_the_end_of_the_incident(city: City) -> None:
    city.dark = ALL_CAMERAS
    city.passes(60)
    assert from_flips.raise_camera_faults(city.now + timedelta(hours=9)) == set()


def test_every_user_sees_the_same_incident_and_no_office_is_named(city: City) -> None:
    city.dark = ALL_CAMERAS
    city.passes(60)
    kemang = city.counters[0].kelurahan
    member("dewi", Membership.Role.LURAH, kelurahan=kemang)
    client = Client()
    client.force_login(get_user_model().objects.get(username="dewi"))
    page = " ".join(client.get("/").content.decode().split())
    assert "Gangguan sistem sejak 09.00 WIB</strong>: <span data-cause>8 dari 8 kamera tidak terbaca.</span>" in page
    assert "Tidak ada indikasi yang dibuat selama gangguan." in page
    counts = board_rows.count_by_group(board_rows.rows(member("walikota", Membership.Role.MAYOR)))
    assert (counts["system"], counts["unknown"]) == (1, 0)
    assert board_rows.troubled_rows(board_rows.rows(member("wakil", Membership.Role.MAYOR))) == []
