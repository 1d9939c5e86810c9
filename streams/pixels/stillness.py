"""Detect a camera that repeats one picture, even while packets keep coming and the overlaid clock keeps running.

Pictures are compared on sub-sampled green pixels. Sensor noise, a change of light or any movement ends a run of equal
pictures. Keyframes of an unchanged scene still differ a little, because the encoder codes each one separately.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

Grey = np.ndarray[Any, Any]

REPEAT_SHARE = 0.05  # share of pixels that may differ by more than one level; a live encoded picture has 0.12
CLEAR, CLEAR_PIXELS = 30, 3  # grey levels, and how many pixels that differ by more mean movement
FROZEN_LOOKS, FROZEN_S = 3, 8.0

# A clock lies in a strip along the top or bottom edge, is one line high, changes in every sample and consists of
# strokes.
STRIP = 0.12  # of the height
LINE = 0.075  # of the height: the tallest line of text
SPAN = 0.45  # of the width: the part of a line that changes
STIRRED = 15  # grey levels: in a small clock a 6 that becomes an 8 changes little
STROKES = 0.2  # share of the changed pixels that may lie inside a blob; a moved hand's outline is thicker
CLOCK_LOOKS, CLOCK_S = 6, 25.0  # more than without any change, as the evidence is weaker
DOUBT = 3  # factor on the tolerances for a camera already found frozen, as when all digits of its clock roll over


@dataclass(slots=True)
class _StillRun:
    """A run of equal pictures. `clock`: rows of the strip with a running clock; `called`: reported as frozen."""

    first: Grey
    first_at: datetime
    last: Grey
    looks: int = 1
    clock: slice | None = None
    called: bool = False

    def goes_on(self, now: Grey, at: datetime) -> bool:
        """Return whether this picture continues the run.

        It is compared with the run's first picture, so that slow drift is noticed; once the run is reported, equality
        with the last one is enough.
        """
        if at < self.first_at or now.shape != self.first.shape:
            return False
        return self._equal(self.first, now) or (self.called and self._equal(self.last, now, DOUBT))

    def _equal(self, old: Grey, now: Grey, doubt: int = 1) -> bool:
        change = _change(old, now)
        if np.count_nonzero(change > 1) > doubt * REPEAT_SHARE * change.size:
            return False
        loud = change > CLEAR
        if np.count_nonzero(loud) < CLEAR_PIXELS and self.clock is None:
            return True
        height = round(STRIP * len(now))
        strip = self.clock or (slice(0, height) if loud[:height].any() else slice(len(now) - height, len(now)))
        elsewhere = np.count_nonzero(loud) - np.count_nonzero(loud[strip])
        if elsewhere >= doubt * CLEAR_PIXELS or not _ticks(self.last[strip], now[strip], len(now)):
            return False
        self.clock = strip
        return True


class Stillness:
    """Detect frozen pictures of one camera.

    looks, lasting_s: how many equal pictures over how long count as frozen; with a running clock at least CLOCK_LOOKS
    over CLOCK_S.
    """

    def __init__(self, looks: int = FROZEN_LOOKS, lasting_s: float = FROZEN_S) -> None:
        self._run: _StillRun | None = None
        self._usual = looks, lasting_s
        self._clocked = max(looks, CLOCK_LOOKS), max(lasting_s, CLOCK_S)

    def frozen(self, image: Grey, at: datetime) -> bool:
        """Return whether this height x width x 3 picture extends a run long enough to count as frozen."""
        stride = max(1, image.shape[1] // 320)
        now, run = image[::stride, ::stride, 1].copy(), self._run
        if run is None or not run.goes_on(now, at):
            self._run = _StillRun(now, at, now)
            return False
        run.last, run.looks = now, run.looks + 1
        looks, lasting_s = self._usual if run.clock is None else self._clocked
        run.called = run.looks >= looks and (at - run.first_at).total_seconds() >= lasting_s
        return run.called


def _change(old: Grey, new: Grey) -> Grey:
    change: Grey = np.maximum(old, new) - np.minimum(old, new)
    return change


def _ticks(old: Grey, new: Grey, height: int) -> bool:
    """Return whether the change in this strip is one short line of strokes, as of a running clock.

    False when nothing changed.
    """
    stirred = _change(old, new) > STIRRED
    rows, columns = (np.flatnonzero(np.count_nonzero(stirred, axis=axis) >= 2) for axis in (1, 0))
    low = not rows.size or rows[-1] - rows[0] < LINE * height
    short = not columns.size or columns[-1] - columns[0] < SPAN * stirred.shape[1]
    inside = stirred[1:-1, 1:-1].copy()
    for down in (0, 1, 2):
        for right in (0, 1, 2):
            inside &= stirred[down : stirred.shape[0] - 2 + down, right : stirred.shape[1] - 2 + right]
    changed = np.count_nonzero(stirred)
    return bool(changed and low and short and np.count_nonzero(inside) <= STROKES * changed)
