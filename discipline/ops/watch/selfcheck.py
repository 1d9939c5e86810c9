"""A watch process's doubt in itself: did it stand still, did its clock jump, does PostgreSQL's clock agree."""

import logging
import threading
from datetime import datetime

from discipline.ops.watch import clocks, incident_monitor
from discipline.staffing.incident_models import IncidentRule, SystemIncident
from discipline.staffing.incident_rule import ClockJump, ClockReading, IncidentThresholds, LoopStall, compare_readings

log = logging.getLogger(__name__)

PULSE_S = 1.0


class SelfCheck:
    """`beat` notices from any thread and never waits; `believed` tells the database and must come before each batch.

    A thread of its own beats every second, so that only a process that stands still as a whole is ever late.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._rule = IncidentThresholds()
        self._last: ClockReading | None = None
        self._troubles: list[LoopStall | ClockJump] = []
        self._lock = threading.Lock()
        self._agreed_at: datetime | None = None
        self._agrees = self._told = False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pulse", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(2)

    def _run(self) -> None:
        while not self._stopping.wait(PULSE_S):
            self.beat(clocks.read_system_clock())

    def beat(self, now: ClockReading) -> None:
        with self._lock:
            last = self._last
            if last is not None and now.steady_s <= last.steady_s:
                return  # another thread was quicker
            self._last = now
            if last is not None:
                self._troubles += compare_readings(last, now, self._rule)

    def believed(self) -> bool:
        """Whether looks dated by this machine's clock can be believed, after telling what `beat` noticed.

        Raises DatabaseError, and tells again next time.
        """
        self.beat(clocks.read_system_clock())
        with self._lock:
            troubles = list(self._troubles)
        if not troubles:
            return self._agrees
        for trouble in troubles:
            log.warning("%s: %s", self._name, trouble)
            incident_monitor.open_incident(self._report(trouble), clocks.read_database_clock().wall)
        with self._lock:
            del self._troubles[: len(troubles)]
        return self.agrees()

    def _report(self, trouble: LoopStall | ClockJump) -> incident_monitor.IncidentReport:
        if isinstance(trouble, LoopStall):
            kind, off_s = SystemIncident.Kind.WATCH_STALLED, trouble.late_s
        else:
            kind, off_s = SystemIncident.Kind.CLOCK_JUMPED, trouble.by_s
        return incident_monitor.IncidentReport(kind, trouble.since, watcher=self._name, off_s=round(off_s, 1))

    def agrees(self) -> bool:
        """Compare this machine's clock with PostgreSQL's. When they part, that is an incident, told once."""
        self._rule = IncidentRule.current()
        own, theirs = clocks.read_system_clock(), clocks.read_database_clock()
        off_s = (own.wall - theirs.wall).total_seconds() - (own.steady_s - theirs.steady_s)
        self._agrees = abs(off_s) <= self._rule.clock_s
        if self._agrees:
            self._agreed_at, self._told = own.wall, False
        elif not self._told:
            log.error("%s: this machine's clock is %+.0f s off PostgreSQL's; nothing is looked at", self._name, off_s)
            # A wrong clock from the start has told nothing yet; one that parted may have, since they last agreed.
            since = min(own.wall, theirs.wall, self._agreed_at) if self._agreed_at else theirs.wall
            incident_monitor.open_incident(self._report(ClockJump(since, off_s)), theirs.wall)
            self._told = True
        return self._agrees
