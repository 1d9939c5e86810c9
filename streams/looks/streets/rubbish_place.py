"""See whether something lies in a drawn place that did not lie there before. Times are arguments.

A place is seen in grey levels, SIZE × SIZE with a margin around it. What passes is left out by the median of some
looks. What is left is compared with backgrounds, each of its own light: the edges that the light can't explain are
those of things. When they also differ around the place, the light is another, and nothing is told until it is known.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from streams.looks.streets.rubbish_rule import Cells, LyingRubbish, RubbishAmount
from streams.pixels.shapes import Box

Grey = NDArray[np.float32]
Mask = NDArray[np.bool_]

SIZE, CELL = 96, 4  # pixels
GRID = SIZE // CELL
LOOKS = 7  # whose median is judged: what stands for less than half of them is not seen
LONGEST_GAP = timedelta(seconds=60)  # between looks; time that is longer does not count as seen
LIGHT = 6.0  # pixels over which the light is smooth
FAINT, FAINT_SHARE = 1.5, 0.02  # grey levels per pixel, and share of the brightness: edges below are noise
EXPLAINED = 0.8  # share of a background's own edges by which a cell may differ
THICK = np.ones((3, 3), np.uint8)  # cells: what is thinner is the edge of a shadow
OTHER_LIGHT = 0.06  # share of the cells around that differ when the light is another
APART = np.ones((5, 5), np.uint8)  # cells between the place and those around it: what lies in it may reach over
LEARNT = timedelta(minutes=5)  # in an unknown light, until it is a background of its own
MOST_LIGHTS = 6
SLOW = timedelta(hours=6)  # in which a background follows what changes little


@dataclass(slots=True, eq=False)
class Background:
    """The place in one light. carried: where something lay when it was learnt; given: the reference, which stays."""

    grey: Grey
    carried: Cells = field(default_factory=lambda: np.zeros((GRID, GRID), bool))
    given: bool = False


@dataclass(slots=True, eq=False)
class _Fit:
    """The place as it is seen in a background's light. other: share of the cells around it that differ."""

    light: Background
    now: Grey
    differs: Cells
    other: float


def differing(background: Grey, now: Grey) -> Cells:
    """Return the cells whose edges the light can't explain, those of thin lines left out."""
    before, after = (cv2.GaussianBlur(grey, (0, 0), LIGHT) for grey in (background, now))
    gain = after / np.maximum(before, 1.0)
    (down, right), (was_down, was_right) = np.gradient(now), np.gradient(background)
    off = _cells(np.hypot(down - gain * was_down, right - gain * was_right))
    own = _cells(gain * np.hypot(was_down, was_right))
    found = off > FAINT + FAINT_SHARE * _cells(after) + EXPLAINED * own
    return cv2.morphologyEx(found.astype(np.uint8), cv2.MORPH_OPEN, THICK).astype(bool)


def _cells(values: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(values.reshape(GRID, CELL, GRID, CELL).mean(axis=(1, 3)))


class RubbishPlace:
    """Follows one place from look to look.

    inside: the cells of the drawn place. lasts: how long something lies until it is told. reference: the place as it
    should be; without one it is learnt first.
    """

    def __init__(self, inside: Cells, lasts: timedelta, reference: Grey | None) -> None:
        self._lying = LyingRubbish(inside, lasts)
        self._around = ~cv2.dilate(inside.astype(np.uint8), APART).astype(bool)
        self._lights = [] if reference is None else [Background(reference, given=True)]
        self._looks: deque[tuple[datetime, Grey]] = deque(maxlen=LOOKS)
        self._unknown_since: datetime | None = None

    @property
    def level(self) -> RubbishAmount:
        """How much lies there."""
        return self._lying.level

    @property
    def since(self) -> datetime | None:
        """Since when something lies there, None while nothing does."""
        return self._lying.since

    def look(self, grey: Grey, hidden: Sequence[Box], at: datetime) -> RubbishAmount:
        """Take the grey levels of one look and return the level. A look before the last one is ignored.

        hidden: people and vehicles, in fractions of `grey`.
        """
        if self._looks and at <= self._looks[-1][0]:
            return self.level
        passed = at - self._looks[-1][0] if self._looks else timedelta()
        if passed > LONGEST_GAP:
            self._looks.clear()
        self._looks.append((at, _without(grey, hidden)))
        if len(self._looks) == LOOKS:
            self._judge(min(passed, LONGEST_GAP), at)
        return self.level

    def _judge(self, passed: timedelta, at: datetime) -> None:
        middle, known = _middle(np.stack([look for _, look in self._looks]))
        sure = _cells(known.astype(np.float64)) > 0.5
        around = self._around & sure
        fits = [self._compared(light, middle, known, around) for light in self._lights]
        best = min(fits, key=lambda fit: fit.other, default=None)
        if best is None or best.other > OTHER_LIGHT:
            self._learn(middle, known, at)
            return
        self._unknown_since = None
        self._lights.remove(best.light)
        self._lights.insert(0, best.light)
        self._lying.look(best.differs ^ best.light.carried, sure, passed, at)
        _follow(best, passed)

    @staticmethod
    def _compared(light: Background, middle: Grey, known: Mask, around: Cells) -> "_Fit":
        now = np.where(known, middle, light.grey)
        differs = differing(light.grey, now)
        return _Fit(light, now, differs, float(differs[around].mean()) if around.any() else 0.0)

    def _learn(self, middle: Grey, known: Mask, at: datetime) -> None:
        self._unknown_since = self._unknown_since or at
        first = not self._lights
        if not known.all() or not (first or at - self._unknown_since >= LEARNT):
            return
        self._unknown_since = None
        self._lights.insert(0, Background(middle, self._lying.cells))
        if len(self._lights) > MOST_LIGHTS:
            self._lights.remove([light for light in self._lights if not light.given][-1])


def _without(grey: Grey, hidden: Sequence[Box]) -> Grey:
    seen = grey.astype(np.float32)
    for box in hidden:
        x0, y0, x1, y1 = (round(SIZE * min(1.0, max(0.0, side))) for side in (box.x0, box.y0, box.x1, box.y1))
        seen[y0:y1, x0:x1] = np.nan
    return seen


def _middle(seen: Grey) -> tuple[Grey, Mask]:
    """Return the median of the looks' known pixels, and where most looks know it."""
    count = LOOKS - np.count_nonzero(np.isnan(seen), axis=0)
    middle = np.maximum(count - 1, 0) // 2  # of those that are known: sorting puts the unknown last
    found = np.take_along_axis(np.sort(seen, axis=0), middle[None], axis=0)[0]
    return found, count > LOOKS // 2


def _follow(fit: _Fit, passed: timedelta) -> None:
    share = passed / SLOW * ~np.repeat(np.repeat(fit.differs, CELL, axis=0), CELL, axis=1)
    fit.light.grey = (fit.light.grey + share * (fit.now - fit.light.grey)).astype(np.float32)
