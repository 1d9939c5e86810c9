"""Is a camera's picture worth judging: dark, covered, frozen, moved? Never a matter of staff.

Everything is read off sub-sampled green pixels, under a millisecond a picture.
"""

from datetime import datetime
from typing import Any

import numpy as np

from streams.occupancy import Blind

Grey = np.ndarray[Any, Any]

ROWS, COLUMNS = 36, 64  # cells of the signature
SAMPLES = 4  # pixels a cell, each way

BLACK = 40  # grey levels; DARK when nearly all cells are below
DARK_SHARE = 0.9  # the rest: a lamp on a machine, the burnt-in clock

TILE_ROWS, TILE_COLUMNS = 6, 8  # tiles of 6 x 8 cells
STEP = 8  # grey levels between neighbouring cells: an edge, not noise, not vignetting
STEPS = 3  # edges that make a tile structured
COVERED_MIDDLE, COVERED_ALL = 2, 12  # structured tiles; clock and camera name lie along top and bottom

REPEAT_SHARE = 0.05  # pixels that may differ by more than one level: the same picture, encoded again
CLEAR, CLEAR_PIXELS = 30, 3  # some pixels that differ clearly: a clock or a hand still moves
FROZEN_LOOKS, FROZEN_S = 3, 8.0

EDGE = 6.0  # grey levels across two cells
NEAR = 1  # cells that a camera may sway
FAR = 3  # cells: 4.7 % of the width
AWAY = 0.3  # likeness of the reference elsewhere
AHEAD = 1.4  # times the likeness in place
LOST = 0.12  # likeness in place under which another room is shown
LOST_LOOKS, LOST_S = 3, 60.0  # somebody right before the lens goes away
MOVED_LOOKS = 2


def signature(image: Grey) -> Grey:
    """36 x 64 uint8 grey cells of a height x width x 3 BGR picture; kept as the reference of the zones."""
    height, width = image.shape[:2]
    rows = (np.arange(ROWS * SAMPLES) + 0.5) * (height / (ROWS * SAMPLES))
    columns = (np.arange(COLUMNS * SAMPLES) + 0.5) * (width / (COLUMNS * SAMPLES))
    sampled = image[:, :, 1][rows.astype(np.intp)[:, None], columns.astype(np.intp)]
    cells = sampled.reshape(ROWS, SAMPLES, COLUMNS, SAMPLES).mean(axis=(1, 3), dtype=np.float32)
    return (cells + 0.5).astype(np.uint8)


class Quality:
    """One camera's memory of its pictures. Without a reference nothing is called MOVED."""

    def __init__(self, reference: Grey | None = None) -> None:
        if reference is not None and reference.shape != (ROWS, COLUMNS):
            raise ValueError(f"a reference has {ROWS} x {COLUMNS} cells, not {reference.shape}")
        self._home = None if reference is None else np.conj(np.fft.fft2(_edges(reference)))
        self._home_edges = 0.0 if reference is None else float(np.abs(_edges(reference)).sum())
        self._first: Grey | None = None  # of the run of equal pictures
        self._first_at: datetime | None = None
        self._equal = 0
        self._away = 0
        self._lost = 0
        self._lost_since: datetime | None = None

    def judge(self, image: Grey, at: datetime) -> Blind | None:
        """Why the picture is not worth judging, or None when it is."""
        cells = signature(image)
        repeated = self._repeated(image, at)
        if np.count_nonzero(cells < BLACK) >= DARK_SHARE * cells.size:
            return Blind.DARK
        if _covered(cells):
            return Blind.COVERED
        if repeated:
            return Blind.FROZEN
        return Blind.MOVED if self._moved(cells, at) else None

    def _repeated(self, image: Grey, at: datetime) -> bool:
        stride = max(1, image.shape[1] // 320)
        now = image[::stride, ::stride, 1]
        if self._first is None or self._first_at is None or at < self._first_at or not _same(self._first, now):
            self._first, self._first_at, self._equal = now.copy(), at, 1
            return False
        self._equal += 1
        return self._equal >= FROZEN_LOOKS and (at - self._first_at).total_seconds() >= FROZEN_S

    def _moved(self, cells: Grey, at: datetime) -> bool:
        home, away = self._likeness(cells)
        self._away = self._away + 1 if away >= AWAY and away > AHEAD * home else 0
        if home < LOST:
            self._lost, self._lost_since = self._lost + 1, self._lost_since or at
        else:
            self._lost, self._lost_since = 0, None
        lost_s = (at - self._lost_since).total_seconds() if self._lost_since else 0.0
        return self._away >= MOVED_LOOKS or (self._lost >= LOST_LOOKS and lost_s >= LOST_S)

    def _likeness(self, cells: Grey) -> tuple[float, float]:
        """How alike the edges are in place, and at the best other place: 1 the same, 0 chance."""
        edges = _edges(cells)
        mass = (self._home_edges * float(np.abs(edges).sum())) ** 0.5
        if self._home is None or mass == 0:
            return 1.0, 0.0
        shifted = np.fft.ifft2(np.fft.fft2(edges) * self._home).real / mass
        near = np.roll(shifted, (NEAR, NEAR), (0, 1))[: 2 * NEAR + 1, : 2 * NEAR + 1]
        home = float(near.max())
        rolled = np.roll(shifted, (FAR - 1, FAR - 1), (0, 1))
        rolled[: 2 * FAR - 1, : 2 * FAR - 1] = -1.0
        return home, float(rolled.max())


def _edges(cells: Grey) -> Grey:
    """Directions of the clear edges as unit numbers in the complex plane: light changes their length only."""
    grey = cells.astype(np.float32)
    across, down = grey[1:-1, 2:] - grey[1:-1, :-2], grey[2:, 1:-1] - grey[:-2, 1:-1]
    length = np.hypot(across, down)
    clear = length > EDGE
    return np.where(clear, (across + 1j * down) / np.where(clear, length, 1.0), 0.0)


def _covered(cells: Grey) -> bool:
    grey = cells.astype(np.int16)
    steps = np.zeros(grey.shape, np.uint8)
    steps[:, 1:] += np.abs(np.diff(grey, axis=1)) >= STEP
    steps[1:] += np.abs(np.diff(grey, axis=0)) >= STEP
    tiles = steps.reshape(TILE_ROWS, ROWS // TILE_ROWS, TILE_COLUMNS, COLUMNS // TILE_COLUMNS).sum(axis=(1, 3))
    structured = tiles >= STEPS
    return bool(structured[1:-1].sum() <= COVERED_MIDDLE and structured.sum() <= COVERED_ALL)


def _same(old: Grey, new: Grey) -> bool:
    if old.shape != new.shape:
        return False
    change = np.maximum(old, new) - np.minimum(old, new)
    return bool(
        np.count_nonzero(change > CLEAR) < CLEAR_PIXELS and np.count_nonzero(change > 1) <= REPEAT_SHARE * change.size
    )
