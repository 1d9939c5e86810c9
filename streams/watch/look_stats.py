"""What the examiner threads have done, for heartbeats and for the bench."""

import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Sequence

from streams.pixels.occupancy import DetectionStep, Sample, ZoneFinding


class LookStats:
    """Running totals of all looks. Thread-safe.

    settled_by: zones by DetectionStep, or Blind value; looks_by_kind: looks that are unchanged, examined or blind;
    spent_s: processor seconds by the same kinds, without decoding; ages_s: how old pictures were when they were taken
    up.
    """

    def __init__(self) -> None:
        self.settled_by: Counter[str] = Counter()
        self.looks_by_kind: Counter[str] = Counter()
        self.spent_s: defaultdict[str, float] = defaultdict(float)
        self.ages_s: deque[float] = deque(maxlen=50_000)
        self._times: deque[float] = deque(maxlen=100_000)
        self._lock = threading.Lock()

    def note(self, findings: Sequence[ZoneFinding], samples: Sequence[Sample], spent_s: float, age_s: float) -> None:
        """Count one look."""
        unchanged = all(finding.step is DetectionStep.UNCHANGED for finding in findings)
        kind = "blind" if not findings else "unchanged" if unchanged else "examined"
        with self._lock:
            self.settled_by.update([str(finding.step) for finding in findings] or [one.reason for one in samples])
            self.looks_by_kind[kind] += 1
            self.spent_s[kind] += spent_s
            self.ages_s.append(age_s)
            self._times.append(time.monotonic())

    def per_minute(self) -> float:
        """Return the number of looks in the last minute."""
        since = time.monotonic() - 60
        with self._lock:
            while self._times and self._times[0] < since:
                self._times.popleft()
            return float(len(self._times))
