"""How long something has lain in the cells of a drawn place, and how much of it. Pure; times are arguments."""

from datetime import datetime, timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Cells = NDArray[np.bool_]

LEAST, MUCH = 0.1, 0.4  # shares of the place that are covered
CLEARS = 4.0  # times faster than it came a change is forgotten when it is no longer seen


class RubbishAmount(StrEnum):
    """How much of the place is covered, the least first."""

    NONE = ""
    SOME = "sedikit"
    MUCH = "banyak"


class LyingRubbish:
    """Counts how long each cell is seen changed. inside: the cells of the place; lasts: from when on that is told."""

    def __init__(self, inside: Cells, lasts: timedelta) -> None:
        self._inside, self._lasts = inside, lasts
        self._seconds = np.zeros(inside.shape)
        self.level = RubbishAmount.NONE
        self.since: datetime | None = None

    @property
    def cells(self) -> Cells:
        """The cells in which something lies or lay until a short while ago."""
        return np.asarray(self._seconds > 0)

    def look(self, changed: Cells, sure: Cells, passed: timedelta, at: datetime) -> None:
        """Take which cells are changed, those that are not `sure` left out, after `passed` since the last look."""
        passed_s, whole_s = passed.total_seconds(), self._lasts.total_seconds()
        step = np.where(changed, passed_s, -CLEARS * passed_s) * (sure & self._inside)
        self._seconds = np.clip(self._seconds + step, 0.0, whole_s)
        size = max(1, int(self._inside.sum()))
        lies = float((self._seconds >= whole_s).sum()) / size
        if lies >= LEAST:
            self.since = self.since or at - self._lasts
            now = RubbishAmount.MUCH if lies >= MUCH else RubbishAmount.SOME
            self.level = max(now, self.level, key=list(RubbishAmount).index)
        elif float(self.cells.sum()) / size < LEAST:
            self.level, self.since = RubbishAmount.NONE, None
