"""Does a camera still look at what it looked at when its zones were drawn? Moved, another scene, or only hidden.

Compared are the directions of clear edges: light changes their length, not where they point. Measured on rendered
rooms against their own empty room: in any light at least 0.57 alike and 0.56 of the tiles known, in a crowd 0.63 and
0.62, with somebody filling half the picture 0.51 and 0.38; another room at most 0.23 and 0.16, unless both are built
and furnished alike (0.44 and 0.31: not told apart).
"""

from datetime import datetime
from typing import Any

import numpy as np

from streams.pixels.occupancy import Blind

Grey = np.ndarray[Any, Any]
Edges = np.ndarray[Any, Any]  # complex64: unit numbers along the gradient, 0 where there is none

EDGE = 6.0  # grey levels across two cells
NEAR = 1  # cells that a camera may sway
FAR = 3  # cells: 4.7 % of the width
AWAY = 0.3  # likeness of the reference elsewhere
AHEAD = 1.4  # times the likeness in place
AWAY_LOOKS = 2

LOST = 0.4  # likeness in place under which the view may be another
TILE_ROWS, TILE_COLUMNS = 4, 8
STRUCTURED = 12  # edges of the reference that make a tile worth comparing
ALIKE = 0.6  # of a tile that still shows what it showed
KNOWN = 0.25  # share of such tiles: the camera is in place, whatever stands before it
HIDDEN = 0.1  # share of such tiles under which nothing of the room is left to see
LOST_LOOKS, LOST_S = 3, 8.0  # somebody right before the lens goes away
STEADY = 0.6  # likeness to the look before: a place, and not a crowd
SAME_ROOM = 0.37  # likeness where the two views overlap; measured 0.41 and more turned, 0.33 and less elsewhere
OVERLAP, OVERLAP_EDGES = 0.3, 60.0  # share of the view, and edges in it, that must overlap


class Viewpoint:
    """One camera's view against its reference (rows x columns of grey cells, see quality.signature)."""

    def __init__(self, reference: Grey) -> None:
        self._home = _edges(reference)
        self._home_spectrum = np.conj(np.fft.fft2(self._home))
        self._tile_mass = _tiles(np.abs(self._home))
        self._mass = float(self._tile_mass.sum())
        self._away = self._looks = 0
        self._since: datetime | None = None
        self._before: Edges | None = None  # of the look before, while the view is lost
        self._called: Blind | None = None

    def judge(self, cells: Grey, at: datetime) -> Blind | None:
        """MOVED, SCENE, COVERED (nothing of the room is left, and what hides it moves), or None."""
        edges = _edges(cells)
        home, away, sway = self._likeness(edges)
        self._away = self._away + 1 if away >= AWAY and away > AHEAD * home else 0
        known = self._known(np.roll(edges, sway, (0, 1))) if home < LOST else 1.0
        if known >= KNOWN:
            self._looks, self._since, self._before, self._called = 0, None, None, None
            return Blind.MOVED if self._away >= AWAY_LOOKS else None
        before, self._before = self._before, edges
        self._looks, self._since = self._looks + 1, self._since or at
        if self._called is None:
            lasting = self._looks >= LOST_LOOKS and (at - self._since).total_seconds() >= LOST_S
            if self._away >= AWAY_LOOKS:
                self._called = Blind.MOVED
            elif lasting and before is not None and _alike(before, edges) >= STEADY:
                self._called = Blind.MOVED if self._overlapping(edges) >= SAME_ROOM else Blind.SCENE
            elif lasting and known < HIDDEN:
                return Blind.COVERED
        return self._called

    def _likeness(self, edges: Edges) -> tuple[float, float, tuple[int, int]]:
        """How alike the edges are in place and at the best other place (1 the same, 0 chance), and the sway undone."""
        mass = (self._mass * float(np.abs(edges).sum())) ** 0.5
        if mass == 0:
            return 1.0, 0.0, (0, 0)
        shifted = np.fft.ifft2(np.fft.fft2(edges) * self._home_spectrum).real / mass
        near = np.roll(shifted, (NEAR, NEAR), (0, 1))[: 2 * NEAR + 1, : 2 * NEAR + 1]
        down, right = np.unravel_index(near.argmax(), near.shape)
        rolled = np.roll(shifted, (FAR - 1, FAR - 1), (0, 1))
        rolled[: 2 * FAR - 1, : 2 * FAR - 1] = -1.0
        return float(near.max()), float(rolled.max()), (NEAR - int(down), NEAR - int(right))

    def _known(self, edges: Edges) -> float:
        """Share of the reference's structured tiles that still show what they showed."""
        alike = _tiles((self._home.conj() * edges).real)
        mass = np.maximum(1.0, np.sqrt(self._tile_mass * _tiles(np.abs(edges))))
        structured = self._tile_mass >= STRUCTURED
        return float(np.mean(alike[structured] >= ALIKE * mass[structured])) if structured.any() else 1.0

    def _overlapping(self, edges: Edges) -> float:
        """Likeness at the best shift, of those parts only that both views show."""
        size = (2 * edges.shape[0], 2 * edges.shape[1])
        whole = np.fft.fft2(np.ones(edges.shape), size)

        def summed(now: Edges, home: Edges) -> Grey:
            return np.fft.ifft2(now * np.conj(home)).real

        ours = summed(whole, np.fft.fft2(np.abs(self._home), size))
        theirs = summed(np.fft.fft2(np.abs(edges), size), whole)
        enough = (summed(whole, whole) >= OVERLAP * edges.size) & (np.minimum(ours, theirs) > OVERLAP_EDGES)
        shared = summed(np.fft.fft2(edges, size), np.fft.fft2(self._home, size))
        alike = shared / np.sqrt(np.maximum(1.0, ours * theirs))
        for down in range(-NEAR, NEAR + 1):  # in place it has just been found to be unlike
            enough[down, -NEAR : size[1]] = enough[down, : NEAR + 1] = False
        return float(alike[enough].max(initial=0.0))


def _edges(cells: Grey) -> Edges:
    grey = cells.astype(np.float32)
    across, down = grey[1:-1, 2:] - grey[1:-1, :-2], grey[2:, 1:-1] - grey[:-2, 1:-1]
    length = np.hypot(across, down)
    clear = length > EDGE
    edges = np.zeros(cells.shape, np.complex64)  # an even size, for the sake of the transforms
    edges[1:-1, 1:-1] = np.where(clear, (across + 1j * down) / np.where(clear, length, 1.0), 0.0)
    return edges


def _alike(one: Edges, other: Edges) -> float:
    mass = (float(np.abs(one).sum()) * float(np.abs(other).sum())) ** 0.5
    return float((one.conj() * other).real.sum()) / mass if mass else 1.0


def _tiles(values: Grey) -> Grey:
    """Sums over TILE_ROWS x TILE_COLUMNS tiles."""
    rows, columns = values.shape
    return values.reshape(TILE_ROWS, rows // TILE_ROWS, TILE_COLUMNS, columns // TILE_COLUMNS).sum(axis=(1, 3))
