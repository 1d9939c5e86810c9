"""A city whose cameras can fail: samples and sweeps every 5 s, as `watch` and Celery would send them."""

from collections.abc import Collection
from datetime import datetime, timedelta

from discipline.alerts.models import Alert
from discipline.ops.watch import incident_monitor
from discipline.staffing import ledger
from discipline.staffing.incident_models import SystemIncident
from discipline.staffing.incident_rule import ClockReading
from discipline.staffing.models import Flip, StaffingRule, Standing
from offices.hours.models import HoursPlan
from offices.places.models import Counter
from streams.cameras.models import Camera, Watcher, Zone
from streams.pixels.occupancy import Blind, Look, Sample
from tests.support.base import SQUARE, one_office
from tests.support.clock import wib

EVERY_S = 5
GRACE_S, FAULT_S = 120, 150
ALL_CAMERAS = range(8)  # the numbers of the cameras of a City by default


class City:
    """Counters with one camera each, on a clock that only `passes` and `jumps` move.

    A counter is staffed unless its number is in `empty`; its camera sees unless the number is in `dark` or `covered`.
    No samples are recorded while `watching` is false.
    """

    def __init__(self, cameras: int = len(ALL_CAMERAS), now: datetime | None = None) -> None:
        ledger.schedule.forget()
        incident_monitor._last_beat = None
        office = one_office()
        HoursPlan.objects.create(name="Jam layanan", **dict.fromkeys(HoursPlan.DAYS[:5], "07:30-12:00,13:00-16:00"))
        StaffingRule.objects.create(
            absence_grace_s=GRACE_S, opening_grace_s=GRACE_S, closing_window_s=GRACE_S, camera_fault_s=FAULT_S
        )
        self.now = now or wib("09:00")
        self.steady_s = 1000.0
        self.counters = [Counter.objects.create(kelurahan=office, name=f"Loket {n:03}") for n in range(cameras)]
        for counter in self.counters:
            camera = Camera.objects.create(kelurahan=office, name=counter.name, url="rtsp://127.0.0.1:1/x")
            Zone.objects.create(camera=camera, subject=counter.subject, polygon=SQUARE)
        self.watch = Watcher.objects.create(name="satu", started_at=self.now, seen_at=self.now, cameras=cameras)
        self.empty: Collection[int] = ()
        self.dark: Collection[int] = ()
        self.covered: Collection[int] = ()
        self.watching = True

    def passes(self, seconds: int) -> None:
        """Advance the clock by `seconds`; record samples and sweep every 5 s."""
        for _ in range(seconds // EVERY_S):
            self.now += timedelta(seconds=EVERY_S)
            self.steady_s += EVERY_S
            self.looks()
            self.sweeps()

    def looks(self) -> None:
        """Record a sample of each counter, if the watch is running."""
        if not self.watching:
            return
        Watcher.objects.update(seen_at=self.now, looks_per_minute=60)
        ledger.record_samples([self.look(n) for n in range(len(self.counters))], self.now)

    def look(self, number: int) -> Sample:
        """Return the present sample of the counter with this number."""
        counter = self.counters[number].pk
        if number in self.dark:
            return Sample(counter, self.now, Look.BLIND, reason="stale")
        if number in self.covered:
            return Sample(counter, self.now, Look.BLIND, reason=Blind.COVERED)
        if number in self.empty:
            return Sample(counter, self.now, Look.EMPTY)
        return Sample(counter, self.now, Look.STAFFED, 1)

    def sweeps(self) -> None:
        """Run the monitor's sweep at the present time."""
        incident_monitor.run_sweep(ClockReading(self.steady_s, self.now))

    def jumps(self, seconds: int) -> None:
        """Move the wall clock by `seconds` without letting time pass."""
        self.now += timedelta(seconds=seconds)

    @property
    def incident(self) -> SystemIncident:
        """Return the only incident. Raises DoesNotExist or MultipleObjectsReturned."""
        return SystemIncident.objects.get()

    def states(self) -> set[tuple[str, str]]:
        """Return the pairs of state and reason of all standings."""
        return set(Standing.objects.values_list("state", "reason"))

    def flips_noticed(self, since: datetime, until: datetime) -> set[str]:
        """Return the new states of the flips noticed in [since, until)."""
        return set(Flip.objects.filter(noticed_at__gte=since, noticed_at__lt=until).values_list("new", flat=True))

    @staticmethod
    def indications() -> list[str]:
        """Return the kinds of the indications that were neither withdrawn nor superseded."""
        return list(Alert.objects.filter(withdrawn_by=None, superseded_by=None).values_list("kind", flat=True))
