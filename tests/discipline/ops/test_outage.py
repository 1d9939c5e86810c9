"""PostgreSQL is away: what the recorder kept is judged before anybody says that nobody watched."""

import time
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.db.models import F

from discipline.alerts.models import Alert
from discipline.ops.watch import clocks, incident_monitor
from discipline.ops.watch.loop import SampleRecorder
from discipline.staffing import ledger
from discipline.staffing.incident_models import IncidentRule, SystemIncident
from discipline.staffing.models import Flip, Standing
from offices.hours.models import HoursPlan
from streams.cameras.models import OccupancySpan, Watcher
from streams.pixels.occupancy import Look, Sample
from streams.watch.leases import LEASE_S
from tests.support.blackout import EVERY_S, FAULT_S, GRACE_S, City
from tests.support.clock import wib
from tests.support.database import connections_refused, session_pids
from tests.support.waiting import wait_until


class KeptLooks:
    """The looks of a city that are not stored while its database is away."""

    def __init__(self, city: City) -> None:
        self.city, self.samples = city, list[Sample]()

    def pass_by(self, seconds: int) -> None:
        """Let time pass in which looks are kept, and nothing reaches the database."""
        for _ in range(seconds // EVERY_S):
            self.city.now += timedelta(seconds=EVERY_S)
            self.city.steady_s += EVERY_S
            self.samples += [self.city.look(number) for number in range(len(self.city.counters))]


@pytest.mark.django_db
class TestOutage:
    def test_an_absence_in_an_outage_is_recorded_with_its_right_time_and_nobody_is_blamed(self, city: City) -> None:
        kept = KeptLooks(city)
        kept.pass_by(30)
        city.empty = {0}
        left_at = city.now + timedelta(seconds=EVERY_S)
        kept.pass_by(GRACE_S + 60)
        city.sweeps()
        assert not SystemIncident.objects.exists()
        assert city.states() == {("staffed", "")}, "nothing is judged before the looks are stored"
        self.store(city, kept)
        city.passes(60)
        assert not SystemIncident.objects.exists()
        alert = Alert.objects.get()
        assert (alert.kind, alert.since, alert.counter_id) == ("absence", left_at, city.counters[0].pk)
        assert alert.raised_at == left_at + timedelta(seconds=GRACE_S)
        assert not Flip.objects.filter(new="unknown").exclude(old="closed").exists()

    def test_who_came_back_in_the_outage_before_closing_did_not_leave_early(self) -> None:
        city = City(now=wib("15:50"))
        city.passes(20)
        city.empty = {0}
        city.passes(9 * 60 + 20)
        assert city.now == wib("15:59:40")
        city.empty = ()
        kept = KeptLooks(city)
        kept.pass_by(60)
        city.sweeps()
        self.store(city, kept)
        city.passes(30)
        assert city.states() == {("closed", "")}
        assert not Alert.objects.filter(kind="early_leave").exists()

    def test_a_camera_that_saw_again_in_the_outage_has_no_fault(self, city: City) -> None:
        city.dark = {0}
        city.passes(FAULT_S - 20)
        city.dark = ()
        kept = KeptLooks(city)
        kept.pass_by(120)
        city.sweeps()
        assert not Alert.objects.exists()
        self.store(city, kept)
        city.passes(60)
        assert not Alert.objects.exists()

    def test_a_watch_that_did_not_come_back_is_known_a_lease_later(self, city: City) -> None:
        saw_at, city.watching = city.now, False
        KeptLooks(city).pass_by(120)
        city.sweeps()
        city.passes(int(LEASE_S) - EVERY_S)
        assert not SystemIncident.objects.exists()
        city.passes(EVERY_S)
        assert (city.incident.kind, city.incident.since) == (SystemIncident.Kind.NO_WATCH, saw_at)

    def test_an_incident_from_before_does_not_end_by_the_time_of_the_outage(self, city: City) -> None:
        city.dark = range(8)
        city.passes(60)
        city.dark = ()
        city.passes(EVERY_S * 2)
        kept = KeptLooks(city)
        kept.pass_by(60)
        city.sweeps()
        assert city.incident.ended_at is None
        self.store(city, kept)
        city.passes(40)
        assert city.incident.ended_at is not None

    @staticmethod
    def store(city: City, kept: KeptLooks) -> None:
        """Let the recorder write what it kept, as it does within LEASE_S of the database's return."""
        city.now += timedelta(seconds=EVERY_S)
        city.steady_s += EVERY_S
        recorder = SampleRecorder()
        recorder.put(kept.samples, time.monotonic())
        recorder.flush()
        city.sweeps()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_real_looks_of_a_real_outage_come_before_the_sweeps_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    """The recorder's thread writes by itself; the sweep runs from the first moment that the database answers."""
    monkeypatch.setattr(incident_monitor, "LEASE_S", 12.0)
    city = City(cameras=4, now=clocks.read_database_clock().wall)
    HoursPlan.objects.update(on_holidays=True, **dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"))
    ledger.schedule.forget()
    IncidentRule.objects.create(dark_s=2, window_s=15, settle_s=2)

    def look(look: Look = Look.STAFFED) -> None:
        now = clocks.read_system_clock().wall
        recorder.put([Sample(c.pk, now, look, int(look is Look.STAFFED)) for c in city.counters], time.monotonic())

    others = session_pids()
    recorder = SampleRecorder()
    recorder.start()
    try:
        look()
        wait_until(lambda: OccupancySpan.objects.count() == 4)
        incident_monitor.run_sweep(clocks.read_database_clock())
        with connections_refused(spared=others):
            until = time.monotonic() + 14
            while time.monotonic() < until:
                time.sleep(0.5)
                look()
                with pytest.raises(DatabaseError):
                    incident_monitor.run_sweep(clocks.read_database_clock())
        Watcher.objects.update(seen_at=F("seen_at") - timedelta(minutes=1))
        swept_until = time.monotonic() + 20
        while time.monotonic() < swept_until:
            incident_monitor.run_sweep(clocks.read_database_clock())
            look()
            time.sleep(0.5)
    finally:
        recorder.stop()
    assert recorder.lost == 0
    assert not SystemIncident.objects.exists()
    assert not Standing.objects.filter(reason__in=("system", "stale")).exists()
    assert OccupancySpan.objects.count() == 4
