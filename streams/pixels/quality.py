"""Test whether a camera's picture is usable: dark, covered, frozen, blurred, moved, another room.

Works on sub-sampled green pixels and takes about a millisecond per picture.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from streams.pixels.occupancy import Blind
from streams.pixels.sharpness import HAZE, Sharpness, edge_sharpness, is_blurred
from streams.pixels.stillness import FROZEN_LOOKS, FROZEN_S, Stillness
from streams.pixels.viewpoint import Viewpoint

Grey = np.ndarray[Any, Any]

ROWS, COLUMNS = 36, 64  # cells of the signature
SAMPLES = 4  # pixels per cell in each direction

TILE_ROWS, TILE_COLUMNS = 6, 8  # tiles of 6 x 8 cells
STEPS = 3  # edges that make a tile structured

BLURRED_LOOKS, BLURRED_S = 3, 8.0  # a lens that refocuses is sharp again by then


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From when on a picture counts as dark, covered, frozen or blurred. Levels are grey levels of cells."""

    black: int = 40  # DARK when nearly all cells are below
    dim: int = 26  # and with a reference, against which a dim zone can be judged, below this, or without structure
    dark_share: float = 0.9  # the rest may be an indicator lamp or the overlaid clock
    step: int = 8  # between neighbouring cells: an edge rather than noise or vignetting
    covered_middle: int = 2  # structured tiles; clock and camera name lie along top and bottom
    covered_all: int = 12
    haze: float = HAZE
    still_looks: int = FROZEN_LOOKS
    still_s: float = FROZEN_S
    compared: float = 0.0  # share of the reference's brightness from which the view is compared with it


INDOORS = Thresholds()
# Streets are dark at night but for lamps, grey in rain and fog, and nothing may move on them for minutes; rain on the
# glass softens edges.
STREET = Thresholds(
    black=14,
    dim=14,
    dark_share=0.95,
    step=5,
    covered_middle=1,
    covered_all=8,
    haze=0.33,
    still_looks=10,
    still_s=300.0,
    compared=0.7,  # the lamps of a night make other edges
)


def signature(image: Grey) -> Grey:
    """Return 36 x 64 uint8 grey cells of a height x width x 3 BGR picture, as stored as a camera's reference."""
    height, width = image.shape[:2]
    rows = (np.arange(ROWS * SAMPLES) + 0.5) * (height / (ROWS * SAMPLES))
    columns = (np.arange(COLUMNS * SAMPLES) + 0.5) * (width / (COLUMNS * SAMPLES))
    sampled = image[:, :, 1][rows.astype(np.intp)[:, None], columns.astype(np.intp)]
    cells = sampled.reshape(ROWS, SAMPLES, COLUMNS, SAMPLES).mean(axis=(1, 3), dtype=np.float32)
    return np.asarray(cells + 0.5, dtype=np.uint8)


class Quality:
    """Judge one camera's pictures in order; keeps what it needs of the earlier ones.

    `reference` is the signature of the view on which the zones were drawn; without it no picture is MOVED or SCENE.
    `sharp` is that view's sharpness; without it a picture is BLURRED only when it has no sharp edge at all.
    `thresholds`: INDOORS or STREET, by the kind of place.
    Raises ValueError when the reference has another shape.
    """

    def __init__(
        self, reference: Grey | None = None, sharp: Sharpness | None = None, thresholds: Thresholds = INDOORS
    ) -> None:
        if reference is not None and reference.shape != (ROWS, COLUMNS):
            raise ValueError(f"a reference has {ROWS} x {COLUMNS} cells, not {reference.shape}")
        self._viewpoint = None if reference is None else Viewpoint(reference)
        self._compared_from = 0.0 if reference is None else thresholds.compared * float(reference.mean())
        self._sharp = sharp
        self._limits = thresholds
        self._stillness = Stillness(thresholds.still_looks, thresholds.still_s)
        self._soft_looks = 0
        self._soft_since: datetime | None = None

    def judge(self, image: Grey, at: datetime) -> Blind | None:
        """Return why the height x width x 3 BGR picture is unusable, or None when it is usable."""
        cells = signature(image)
        frozen = self._stillness.frozen(image, at)
        if self._dark(cells):
            return Blind.DARK
        if self._covered(cells):
            return Blind.COVERED
        if frozen:
            return Blind.FROZEN
        bright = float(cells.mean()) >= self._compared_from
        strayed = self._viewpoint.judge(cells, at) if self._viewpoint and bright else None
        return Blind.BLURRED if self._blurred(image, at) else strayed

    def _dark(self, cells: Grey) -> bool:
        if not self._below(self._limits.black, cells):
            return False
        return self._viewpoint is None or self._below(self._limits.dim, cells) or self._covered(cells)

    def _below(self, level: int, cells: Grey) -> bool:
        return bool(np.count_nonzero(cells < level) >= self._limits.dark_share * cells.size)

    def _covered(self, cells: Grey) -> bool:
        structured = _structured(cells, self._limits.step)
        middle, everywhere = int(structured[1:-1].sum()), int(structured.sum())
        return middle <= self._limits.covered_middle and everywhere <= self._limits.covered_all

    def _blurred(self, image: Grey, at: datetime) -> bool:
        if not is_blurred(edge_sharpness(image), self._sharp, self._limits.haze):
            self._soft_looks, self._soft_since = 0, None
            return False
        self._soft_looks, self._soft_since = self._soft_looks + 1, self._soft_since or at
        return self._soft_looks >= BLURRED_LOOKS and (at - self._soft_since).total_seconds() >= BLURRED_S


def _structured(cells: Grey, step: int) -> Grey:
    """Return which of the TILE_ROWS x TILE_COLUMNS tiles have structure, with edges of this many grey levels."""
    grey = cells.astype(np.int16)
    steps = np.zeros(grey.shape, np.uint8)
    steps[:, 1:] += np.abs(np.diff(grey, axis=1)) >= step
    steps[1:] += np.abs(np.diff(grey, axis=0)) >= step
    tiles = steps.reshape(TILE_ROWS, ROWS // TILE_ROWS, TILE_COLUMNS, COLUMNS // TILE_COLUMNS).sum(axis=(1, 3))
    return np.asarray(tiles >= STEPS)
