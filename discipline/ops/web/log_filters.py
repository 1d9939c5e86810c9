"""Filters of log lines."""

import logging
import threading
import time
from collections.abc import Callable


class NotHealthz(logging.Filter):
    """Drops Django's line for each failing answer of /healthz: health.py logs one a minute, with the reason."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether to log the record."""
        return getattr(getattr(record, "request", None), "path", "") != "/healthz"


class LimitedRepeats(logging.Filter):
    """Lets `most` lines of each kind pass a minute, and says where some were left out and how many.

    A kind is a logger and a message before its arguments are filled in, so that a fleet that flaps counts as one.
    """

    MINUTE_S = 60.0
    MOST_KINDS = 1000  # kept in mind; then all start anew

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._most, self._clock = most, clock
        self._kinds: dict[tuple[str, str], tuple[float, int]] = {}  # start of the minute, lines since
        self._lock = threading.Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether to log the record; add to its message what was left out."""
        kind, now = (record.name, str(record.msg)), self._clock()
        with self._lock:
            if len(self._kinds) >= self.MOST_KINDS:
                self._kinds.clear()
            start, lines = self._kinds.get(kind, (now, 0))
            left_out = 0
            if now - start >= self.MINUTE_S:
                left_out, start, lines = max(0, lines - self._most), now, 0
            self._kinds[kind] = start, lines + 1
        if left_out:
            record.msg = f"{record.msg} [{left_out} such lines were left out before]"
            record.left_out = left_out
        if lines + 1 == self._most:
            record.msg = f"{record.msg} [more such lines in this minute are left out]"
        return lines < self._most
