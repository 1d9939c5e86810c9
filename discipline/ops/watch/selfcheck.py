"""Let a watch process check itself: whether it stalled, its clock jumped, or its clock differs from PostgreSQL's."""

import logging
import threading

from discipline.ops.watch import clocks
from discipline.ops.watch.incident_opening import IncidentReport, held_counters, open_incident
from discipline.staffing.incident_models import IncidentRule, SystemIncident
from discipline.staffing.incident_rule import (
    ClockJump,
    ClockReading,
    IncidentThresholds,
    LoopStall,
    compare_readings,
    date_watch_trouble,
)

log = logging.getLogger(__name__)

PULSE_S = 1.0


class SelfCheck:
    """Detects stalls and clock errors and opens system incidents for them, about the counters that the process holds.

    `beat` detects them, from any thread and without blocking; `believed` reports them to the database and must be
    called before each batch of samples. A thread of its own beats every second, so that only a process that stalls as
    a whole is ever late.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._rule = IncidentThresholds()
        self._last: ClockReading | None = None
        # Each with the steady time at which the clocks had last agreed before.
        self._troubles: list[tuple[LoopStall | ClockJump, float | None]] = []
        self._lock = threading.Lock()
        self._agreed_s: float | None = None  # steady time; None while nothing that it looks at is believed
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
                self._troubles += [(one, self._agreed_s) for one in compare_readings(last, now, self._rule)]

    def believed(self) -> bool:
        """Report what `beat` detected; return whether looks dated by this machine's clock can be trusted.

        Returns False once after its clock jumped: what waits may be dated by either time. Raises DatabaseError; the
        next call then reports the same again.
        """
        self.beat(clocks.read_system_clock())
        with self._lock:
            troubles = list(self._troubles)
        if not troubles:
            return self._agrees
        agrees, jumped = self.agrees(), False
        for trouble, agreed_s in troubles:
            log.warning("%s: %s", self._name, trouble)
            jumped |= isinstance(trouble, ClockJump)
            if agreed_s is not None and (agrees or isinstance(trouble, LoopStall)):  # agrees() has reported the rest
                self._report(trouble, held_counters(self._name), agreed_s)
        with self._lock:
            del self._troubles[: len(troubles)]
        return agrees and not jumped

    def _report(self, trouble: LoopStall | ClockJump, held: frozenset[int] | None, agreed_s: float) -> None:
        if isinstance(trouble, LoopStall):
            if held == frozenset():
                return  # its cameras have passed on to other processes
            kind, off_s = SystemIncident.Kind.WATCH_STALLED, trouble.late_s
        else:
            kind, off_s = SystemIncident.Kind.CLOCK_JUMPED, trouble.by_s
        database = clocks.read_database_clock()
        since = date_watch_trouble(trouble.since_s, agreed_s, database)
        report = IncidentReport(kind, since, watcher=self._name, off_s=round(off_s, 1), counters=held)
        open_incident(report, database.wall)

    def agrees(self) -> bool:
        """Compare this machine's clock with PostgreSQL's; open an incident once when they begin to differ.

        Raises DatabaseError.
        """
        self._rule = IncidentRule.current()
        own = clocks.read_system_clock()
        self.beat(own)
        theirs = clocks.read_database_clock()
        off_s = (own.wall - theirs.wall).total_seconds() - (own.steady_s - theirs.steady_s)
        self._agrees = abs(off_s) <= self._rule.clock_s
        if self._agrees:
            self._agreed_s, self._reported = own.steady_s, False
        elif not self._reported:
            log.error(
                "%s: this machine's clock is %+.0f s off PostgreSQL's; this process looks at no camera",
                self._name,
                off_s,
            )
            if self._agreed_s is None:  # wrong from the start, so that it has dated no look
                self._report(ClockJump(own.steady_s, off_s), frozenset(), own.steady_s)
            else:
                self._report(ClockJump(self._agreed_s, off_s), held_counters(self._name), self._agreed_s)
            self._agreed_s, self._reported = None, True
        return self._agrees
