"""Test whether a camera still shows the view its zones were drawn on, or was moved, swapped or only obstructed.

It compares the directions of clear edges: light changes the gradient's magnitude, not its direction. Measured on
rendered rooms against the same room empty (likeness, share of known tiles): in any light at least 0.57 and 0.56, in a
crowd 0.63 and 0.62, with a person filling half the picture 0.51 and 0.38; another room at most 0.23 and 0.16, except
one that is built and furnished the same way (0.44 and 0.31), which can't be distinguished.
"""

from datetime import datetime
from typing import Any

import numpy as np

from streams.pixels.occupancy import Blind

Grey = np.ndarray[Any, Any]
Edges = np.ndarray[Any, Any]  # complex64: unit numbers along the gradient, 0 where there is no edge

EDGE = 6.0  # grey levels across two cells
NEAR = 1  # cells by which a camera may sway
FAR = 3  # cells: 4.7 % of the width
AWAY = 0.3  # minimum likeness at another place
AHEAD = 1.4  # and that likeness as a multiple of the one in place
AWAY_LOOKS = 2

LOST = 0.4  # likeness in place below which the view may be a different one
TILE_ROWS, TILE_COLUMNS = 4, 8
STRUCTURED = 12  # edges of the reference that a tile needs to be compared
ALIKE = 0.6  # likeness of a tile that counts as known
KNOWN = 0.25  # share of known tiles from which the camera is in place, whatever obstructs it
HIDDEN = 0.1  # share of known tiles below which nothing of the room is visible
LOST_LOOKS, LOST_S = 3, 8.0  # long enough for a person in front of the lens to leave
STEADY = 0.6  # likeness to the previous picture that means a fixed view rather than a crowd
SAME_ROOM = 0.37  # likeness where the two views overlap; measured ≥ 0.41 when turned, ≤ 0.33 in another room
OVERLAP, OVERLAP_EDGES = 0.3, 60.0  # share of the view, and number of edges, that must overlap


class Viewpoint:
    """Compare one camera's views with its reference (rows x columns of grey cells, see quality.signature)."""

    def __init__(self, reference: Grey) -> None:
        self._home = _edges(reference)
        self._home_spectrum = np.conj(np.fft.fft2(self._home))
        self._tile_mass = _tiles(np.abs(self._home))
        self._mass = float(self._tile_mass.sum())
        self._away = self._looks = 0
        self._since: datetime | None = None
        self._before: Edges | None = None  # of the previous picture, while the view is lost
        self._called: Blind | None = None

    def judge(self, cells: Grey, at: datetime) -> Blind | None:
        """Return MOVED, SCENE, COVERED (nothing of the room is visible and what hides it moves), or None.

        `cells` is the current picture's quality.signature.
        """
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
        """Return the likeness in place, the best one elsewhere (1 identical, 0 chance), and the shift undoing the sway.

        The shift is in cells, (down, right).
        """
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
        """Return the share of the reference's structured tiles that are still recognised."""
        alike = _tiles((self._home.conj() * edges).real)
        mass = np.maximum(1.0, np.sqrt(self._tile_mass * _tiles(np.abs(edges))))
        structured = self._tile_mass >= STRUCTURED
        return float(np.mean(alike[structured] >= ALIKE * mass[structured])) if structured.any() else 1.0

    def _overlapping(self, edges: Edges) -> float:
        """Return the likeness at the best shift, of only the parts that both views show."""
        size = (2 * edges.shape[0], 2 * edges.shape[1])
        whole = np.fft.fft2(np.ones(edges.shape), size)

        def summed(now: Edges, home: Edges) -> Grey:
            return np.fft.ifft2(now * np.conj(home)).real

        home_mass = summed(whole, np.fft.fft2(np.abs(self._home), size))
        mass = summed(np.fft.fft2(np.abs(edges), size), whole)
        enough = (summed(whole, whole) >= OVERLAP * edges.size) & (np.minimum(home_mass, mass) > OVERLAP_EDGES)
        shared = summed(np.fft.fft2(edges, size), np.fft.fft2(self._home, size))
        alike = shared / np.sqrt(np.maximum(1.0, home_mass * mass))
        for down in range(-NEAR, NEAR + 1):  # in place the views have already been found to differ
            enough[down, -NEAR : size[1]] = enough[down, : NEAR + 1] = False
        return float(alike[enough].max(initial=0.0))


def _edges(cells: Grey) -> Edges:
    grey = cells.astype(np.float32)
    across, down = grey[1:-1, 2:] - grey[1:-1, :-2], grey[2:, 1:-1] - grey[:-2, 1:-1]
    length = np.hypot(across, down)
    clear = length > EDGE
    edges = np.zeros(cells.shape, np.complex64)  # keeps the even size, which suits the transforms
    edges[1:-1, 1:-1] = np.where(clear, (across + 1j * down) / np.where(clear, length, 1.0), 0.0)
    return edges


def _alike(one: Edges, other: Edges) -> float:
    mass = (float(np.abs(one).sum()) * float(np.abs(other).sum())) ** 0.5
    return float((one.conj() * other).real.sum()) / mass if mass else 1.0


def _tiles(values: Grey) -> Grey:
    """Sum the values over TILE_ROWS x TILE_COLUMNS tiles."""
    rows, columns = values.shape
    tiles = values.reshape(TILE_ROWS, rows // TILE_ROWS, TILE_COLUMNS, columns // TILE_COLUMNS)
    return np.asarray(tiles.sum(axis=(1, 3)))
