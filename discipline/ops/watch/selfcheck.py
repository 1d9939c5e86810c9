"""Let a watch process check itself: whether it stalled, its clock jumped, or its clock differs from PostgreSQL's."""

import logging
import threading
from datetime import datetime

from discipline.ops.watch import clocks, incident_monitor
from discipline.staffing.incident_models import IncidentRule, SystemIncident
from discipline.staffing.incident_rule import ClockJump, ClockReading, IncidentThresholds, LoopStall, compare_readings

log = logging.getLogger(__name__)

PULSE_S = 1.0


class SelfCheck:
    """Detects stalls and clock errors and opens system incidents for them.

    `beat` detects them, from any thread and without blocking; `believed` reports them to the database and must be
    called before each batch of samples. A thread of its own beats every second, so that only a process that stalls as
    a whole is ever late.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._rule = IncidentThresholds()
        self._last: ClockReading | None = None
        self._troubles: list[LoopStall | ClockJump] = []
        self._lock = threading.Lock()
        self._agreed_at: datetime | None = None
        self._agrees = self._reported = False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pulse", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; returns after 2 s at the latest."""
        self._stopping.set()
        self._thread.join(2)

    def _run(self) -> None:
        while not self._stopping.wait(PULSE_S):
            self.beat(clocks.read_system_clock())

    def beat(self, now: ClockReading) -> None:
        """Compare a reading with the last one and keep what is wrong for `believed`."""
        with self._lock:
            last = self._last
            if last is not None and now.steady_s <= last.steady_s:
                return  # another thread was faster
            self._last = now
            if last is not None:
                self._troubles += compare_readings(last, now, self._rule)

    def believed(self) -> bool:
        """Report what `beat` detected; return whether looks dated by this machine's clock can be trusted.

        Raises DatabaseError; the next call then reports the same again.
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
        """Compare this machine's clock with PostgreSQL's; open an incident once when they begin to differ.

        Raises DatabaseError.
        """
        self._rule = IncidentRule.current()
        own, theirs = clocks.read_system_clock(), clocks.read_database_clock()
        off_s = (own.wall - theirs.wall).total_seconds() - (own.steady_s - theirs.steady_s)
        self._agrees = abs(off_s) <= self._rule.clock_s
        if self._agrees:
            self._agreed_at, self._reported = own.wall, False
        elif not self._reported:
            log.error(
                "%s: this machine's clock is %+.0f s off PostgreSQL's; this process looks at no camera",
                self._name,
                off_s,
            )
            # A clock that was wrong from the start has dated no look; another one may have, since it last agreed.
            since = min(own.wall, theirs.wall, self._agreed_at) if self._agreed_at else theirs.wall
            incident_monitor.open_incident(self._report(ClockJump(since, off_s)), theirs.wall)
            self._reported = True
        return self._agrees
