"""How high water stands at a drawn mark: which of its edges are hidden. Pure; times are arguments."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

STANDS = timedelta(minutes=5)  # what passes or stops before the mark is gone by then
MOST = 0.8  # of the looks
LONGEST_GAP = timedelta(seconds=60)  # between looks; after a longer one nothing is known of before
ROWS, COLUMNS = 64, 32  # the mark is judged at this size
STRONGEST = 0.25  # share of each part's pixels that are its edges, on the reference
ALIGNED = 0.7  # cosine between the directions of an edge then and now
FAINT = 1.5  # grey levels per pixel below which an edge is noise
HIDDEN, SEEN = 0.35, 0.55  # shares of a part's edges: fewer are seen where it is hidden, more where it is not

Grey = NDArray[np.float64]


class WaterHeight(StrEnum):
    """The heights at a mark, the lowest first. The mark is drawn from the ground to the height of a person's hip."""

    NONE = ""
    ANKLE = "mata-kaki"
    CALF = "betis"
    KNEE = "lutut"


@dataclass(frozen=True, slots=True)
class Gradient:
    """The edges of a picture of the mark, ROWS × COLUMNS."""

    x: Grey
    y: Grey

    @classmethod
    def of(cls, grey: Grey) -> "Gradient":
        """Return the edges of grey levels."""
        down, right = np.gradient(grey)
        return cls(np.asarray(right, np.float64), np.asarray(down, np.float64))

    @property
    def strength(self) -> Grey:
        """Grey levels per pixel."""
        return np.hypot(self.x, self.y)


def visible_shares(reference: Gradient, now: Gradient) -> list[float]:
    """Return which share of the reference's edges are seen now, in the four quarters of the mark from the ground up."""
    then_strength, now_strength = reference.strength, now.strength
    product = np.maximum(then_strength * now_strength, 1e-9)
    same = (reference.x * now.x + reference.y * now.y) / product >= ALIGNED
    same &= now_strength >= FAINT
    quarter = ROWS // 4
    shares = []
    for top in range(ROWS - quarter, -1, -quarter):
        part = then_strength[top : top + quarter]
        edges = part >= max(float(np.quantile(part, 1 - STRONGEST)), FAINT)
        shares.append(float(same[top : top + quarter][edges].mean()) if edges.any() else 0.0)
    return shares


def height_of(shares: list[float]) -> WaterHeight | None:
    """Return the height that the shares show.

    Returns None when they show none: the top isn't seen, or what is hidden isn't below what is seen.
    """
    *below, top = shares
    if top < SEEN:
        return None
    hidden = [share < HIDDEN for share in below]
    drowned = hidden.index(False) if False in hidden else len(hidden)
    if any(hidden[drowned:]):
        return None
    return list(WaterHeight)[drowned]


class WaterMark:
    """Follows one mark from look to look. reference: the mark's grey levels on the reference picture."""

    def __init__(self, reference: Grey) -> None:
        self._reference = Gradient.of(reference)
        self._looks: deque[tuple[datetime, int]] = deque()  # of the last STANDS, with the place of each in WaterHeight
        self._whole_since: datetime | None = None  # since when looks came without a gap
        self.level = WaterHeight.NONE
        self.since: datetime | None = None

    def look(self, grey: Grey, at: datetime) -> WaterHeight:
        """Take the mark's grey levels of one look, free of people and vehicles, and return the level.

        It is the height that MOST of the looks of the last STANDS reach: what passes hides the mark for a look or two.
        Looks that show no height are left out.
        """
        height = height_of(visible_shares(self._reference, Gradient.of(grey)))
        if height is None or (self._looks and at <= self._looks[-1][0]):
            return self.level
        if self._whole_since is None or at - self._looks[-1][0] > LONGEST_GAP:
            self._looks.clear()
            self._whole_since = at
        self._looks.append((at, list(WaterHeight).index(height)))
        while at - self._looks[0][0] > STANDS:
            self._looks.popleft()
        if at - self._whole_since >= STANDS:
            self._settle()
        return self.level

    def _settle(self) -> None:
        heights = sorted(height for _, height in self._looks)
        self.level = list(WaterHeight)[heights[int((1 - MOST) * len(heights))]]
        self.since = None if self.level is WaterHeight.NONE else self.since or self._looks[0][0]
