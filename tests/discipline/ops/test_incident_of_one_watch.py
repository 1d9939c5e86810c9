"""What one bad watch, or a clock set back, may do: nothing to what others saw, and nothing to what people decided."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from discipline.alerts.decisions.rule import DecisionAct
from discipline.alerts.from_flips import raise_camera_faults
from discipline.alerts.models import Alert
from discipline.board import rows as board_rows
from discipline.ops.watch.clocks import read_system_clock
from discipline.ops.watch.incident_opening import IncidentReport, held_counters, open_incident
from discipline.ops.watch.selfcheck import SelfCheck
from discipline.staffing.incident_models import SystemIncident
from discipline.staffing.incident_rule import ClockReading
from discipline.staffing.models import Flip, Standing
from streams.cameras.models import Camera
from tests.support.blackout import EVERY_S, FAULT_S, GRACE_S, City

pytestmark = [pytest.mark.once, pytest.mark.django_db]
Kind = SystemIncident.Kind


def hold(city: City, watcher: str, numbers: range) -> frozenset[int]:
    """Give the leases of these cameras to a watch; return the ids of their counters."""
    counters = frozenset(city.counters[number].pk for number in numbers)
    Camera.objects.filter(zones__subject__in=counters).update(lease_holder=watcher)
    return counters


def stalled(city: City, watcher: str, seconds: int) -> SystemIncident:
    since = city.now - timedelta(seconds=seconds)
    report = IncidentReport(Kind.WATCH_STALLED, since, watcher=watcher, counters=held_counters(watcher))
    return open_incident(report, city.now)


def test_a_watch_that_stalled_blinds_the_counters_that_it_held_and_no_others(city: City) -> None:
    city.empty = {0, 7}
    hold(city, "satu", range(4))
    held = hold(city, "dua", range(4, 8))
    city.passes(GRACE_S + 15)
    assert city.indications() == ["absence", "absence"]
    incident = stalled(city, "dua", 60)
    assert incident.counters == sorted(held)
    assert set(Standing.objects.filter(reason="system").values_list("pk", flat=True)) == held
    assert set(Alert.objects.filter(withdrawn_by=None).values_list("counter", flat=True)) == {city.counters[0].pk}
    assert board_rows.open_incident() is None, "the city is judged"
    city.passes(30)
    assert city.incident.ended_at is not None
    assert Standing.objects.filter(state="staffed").count() == 6
    city.passes(GRACE_S)
    assert city.indications() == ["absence", "absence"]
    assert not Flip.objects.filter(reason="system").exclude(counter__in=held).exists()


def test_cameras_outside_it_still_become_faults_and_go_dark_together(city: City) -> None:
    hold(city, "satu", range(6))
    hold(city, "dua", range(6, 8))
    city.dark = {0}
    city.passes(40)
    city.dark = {0, 6, 7}
    stalled(city, "dua", 20)
    city.passes(FAULT_S + 30)
    assert city.indications() == ["camera_fault"]
    assert Alert.objects.get().counter == city.counters[0]
    assert SystemIncident.objects.get().ended_at is None
    city.dark = range(8)
    city.passes(50)
    assert SystemIncident.objects.filter(kind=Kind.FLEET_BLIND, counters=None, ended_at=None).count() == 1
    assert raise_camera_faults(city.now + timedelta(hours=1)) == set()


def test_a_watch_that_holds_all_cameras_is_the_whole_city(city: City) -> None:
    hold(city, "satu", range(8))
    assert held_counters("satu") is None
    assert held_counters("dua") == frozenset()
    assert stalled(city, "satu", 20).counters is None


def test_nobody_watching_explains_the_watches_that_wake(city: City) -> None:
    hold(city, "satu", range(4))
    hold(city, "dua", range(4, 8))
    city.watching = False
    city.passes(60)
    assert city.incident.kind == Kind.NO_WATCH
    stalled(city, "dua", 50)
    stalled(city, "satu", 50)
    assert (city.incident.kind, city.incident.counters) == (Kind.WATCH_STALLED, None)


def test_the_database_allows_one_open_incident_per_watch(city: City) -> None:
    values = {"kind": Kind.WATCH_STALLED, "since": city.now, "raised_at": city.now, "watcher": "satu", "counters": [1]}
    SystemIncident.objects.create(**values)
    SystemIncident.objects.create(**values | {"watcher": "dua"})
    SystemIncident.objects.create(**values | {"counters": None})
    with pytest.raises(IntegrityError), transaction.atomic():
        SystemIncident.objects.create(**values | {"counters": []})


def test_what_a_person_has_decided_is_never_withdrawn(city: City) -> None:
    city.empty = {0, 1}
    city.passes(GRACE_S + 15)
    decided, open_one = Alert.objects.order_by("pk")
    Alert.objects.filter(pk=decided.pk).update(outcome=DecisionAct.CONFIRMED)
    hold(city, "satu", range(8))
    incident = stalled(city, "satu", 60)
    decided.refresh_from_db()
    open_one.refresh_from_db()
    assert (decided.withdrawn_by, open_one.withdrawn_by) == (None, incident)
    assert decided.ended_at is not None


# --- clocks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by_s", [-86_400, -600, 86_400])
def test_postgresqls_clock_takes_back_no_indication_when_it_jumps_there_and_back(city: City, by_s: int) -> None:
    city.empty = {0}
    city.passes(GRACE_S + 15)
    (before,) = Alert.objects.values_list("pk", flat=True)
    city.passes(EVERY_S)
    city.jumps(by_s)
    city.sweeps()
    assert city.incident.kind == Kind.CLOCK_JUMPED
    city.passes(30)
    city.jumps(-by_s)
    city.sweeps()
    assert Alert.objects.get(pk=before).withdrawn_by is None
    city.passes(60)
    assert Alert.objects.get(pk=before).withdrawn_by is None


def test_what_a_clock_that_was_ahead_dated_is_withdrawn_when_it_is_put_right(city: City) -> None:
    city.jumps(3600)
    city.sweeps()
    city.passes(60)
    city.empty = {0}
    city.passes(GRACE_S + 15)
    assert city.indications() == ["absence"]
    city.jumps(-3600)
    city.sweeps()
    assert city.indications() == []


@pytest.fixture
def standing_indication(city: City) -> Alert:
    city.empty = {0}
    city.passes(GRACE_S + 15)
    hold(city, "satu", range(8))
    return Alert.objects.get()


class Machine:
    """The clocks of a machine and of PostgreSQL's, in place of the real ones; only the first may be wrong."""

    def __init__(self, city: City, monkeypatch: pytest.MonkeyPatch, wrong_s: float = 0.0) -> None:
        self.city, self.wrong_s = city, wrong_s
        monkeypatch.setattr("discipline.ops.watch.clocks.read_system_clock", self.system)
        monkeypatch.setattr("discipline.ops.watch.clocks.read_database_clock", self.database)

    def system(self) -> ClockReading:
        return ClockReading(self.city.steady_s, self.city.now + timedelta(seconds=self.wrong_s))

    def database(self) -> ClockReading:
        return ClockReading(self.city.steady_s, self.city.now)

    def waits(self, seconds: float) -> None:
        self.city.now += timedelta(seconds=seconds)
        self.city.steady_s += seconds


def test_the_clock_that_is_faked_is_the_one_that_is_read() -> None:
    assert isinstance(read_system_clock(), ClockReading)


@pytest.mark.parametrize("wrong_s", [-86_400.0, -600.0, 600.0, 86_400.0])
def test_a_watch_that_boots_with_a_wrong_clock_touches_nothing_and_neither_does_its_correction(
    city: City, standing_indication: Alert, monkeypatch: pytest.MonkeyPatch, wrong_s: float
) -> None:
    machine = Machine(city, monkeypatch, wrong_s)
    check = SelfCheck("tiga")
    assert not check.agrees()
    assert not check.believed()
    assert (city.incident.kind, city.incident.counters, city.incident.watcher) == (Kind.CLOCK_JUMPED, [], "tiga")
    assert city.incident.since == city.now
    machine.waits(1)
    machine.wrong_s = 0.0
    assert not check.believed(), "what waits may be dated by the wrong clock"
    machine.waits(1)
    assert check.believed()
    assert SystemIncident.objects.count() == 1
    assert not Standing.objects.filter(reason="system").exists()
    standing_indication.refresh_from_db()
    assert (standing_indication.withdrawn_by, standing_indication.ended_at) == (None, None)


@pytest.mark.parametrize("wrong_s", [-86_400.0, -600.0, 600.0, 86_400.0])
@pytest.mark.parametrize("others", [False, True])
def test_a_clock_that_steps_puts_in_doubt_what_its_watch_held_since_it_last_agreed(
    city: City, standing_indication: Alert, monkeypatch: pytest.MonkeyPatch, wrong_s: float, others: bool
) -> None:
    if others:
        hold(city, "dua", range(4))
    machine = Machine(city, monkeypatch)
    check = SelfCheck("satu")
    assert check.agrees()
    agreed_at = city.now
    machine.waits(3)
    machine.wrong_s = wrong_s
    assert not check.believed()
    assert (city.incident.since, city.incident.off_s) == (agreed_at, wrong_s)
    held = None if not others else sorted(counter.pk for counter in city.counters[4:])
    assert city.incident.counters == held
    assert not check.believed()
    machine.waits(1)
    machine.wrong_s = 0.0
    assert not check.believed()
    assert SystemIncident.objects.count() == 1
    standing_indication.refresh_from_db()
    assert standing_indication.withdrawn_by is None
    assert (standing_indication.ended_at is None) == others


def test_a_stall_is_dated_by_the_steady_clock_though_the_clocks_were_compared_again_since(
    city: City, standing_indication: Alert, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine(city, monkeypatch)
    check = SelfCheck("satu")
    assert check.agrees()
    stood_from = city.now
    machine.waits(20)
    assert check.agrees()
    assert check.believed()
    assert (city.incident.kind, city.incident.since, city.incident.off_s) == (Kind.WATCH_STALLED, stood_from, 20.0)
    standing_indication.refresh_from_db()
    assert standing_indication.withdrawn_by is None


def test_a_watch_that_wakes_after_its_leases_passed_on_reports_nothing(
    city: City, standing_indication: Alert, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine(city, monkeypatch)
    check = SelfCheck("dua")
    assert check.agrees()
    machine.waits(45)
    assert check.believed()
    assert not SystemIncident.objects.exists()
    standing_indication.refresh_from_db()
    assert standing_indication.ended_at is None
