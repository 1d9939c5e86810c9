"""Test whether a marked portrait may still be what is seen, where the light is poor.

Night mode, glare and hard compression change a portrait by more than the common gain that lookalikes.py allows. Here
only the brightness is compared, in a quarter of the cells, under light that varies over the portrait as a quadratic
does. That is coarser, and tells a person who covers the portrait, not one who covers its corner.
"""

from enum import Enum
from typing import Any

import cv2
import numpy as np

from streams.pixels.lookalikes import COLUMNS, FAINTEST, KEPT, ROWS, Cells

Grey = np.ndarray[Any, Any]

COARSE = 2  # cells, each way, that are compared as one: as large as the blocks of a compressed picture
OFF_CELLS = 1  # of the coarse ones, that may differ by more
FAINT = 4.0  # grey levels: a deviation that counts as contrast at least
ALIKE, UNLIKE = 0.6, 1.2  # differences as shares of the contrast: portraits have up to 0.65, people from 0.8, mostly 5
BGR_TO_GREY = np.array([0.114, 0.587, 0.299])


class Likeness(Enum):
    """Whether a marked thing is what is seen at its place."""

    SAME = "same"
    UNCERTAIN = "uncertain"
    OTHER = "other"


def likeness(old: Cells, new: Cells) -> Likeness:
    """Compare the cells of a lookalike when it was marked with the present ones. Both as of `lookalikes.cells_of`."""
    before, now = old @ BGR_TO_GREY, new @ BGR_TO_GREY
    fitted, gain = _lit(before.ravel(), now.ravel())
    off = cv2.resize(
        np.abs(now - fitted.reshape(now.shape)),
        (COLUMNS // COARSE, ROWS // COARSE),
        interpolation=cv2.INTER_AREA,
    )
    worst = float(np.sort(off, axis=None)[-1 - OFF_CELLS]) / max(FAINT, gain * float(before.std()))
    if worst > UNLIKE:
        return Likeness.OTHER
    return Likeness.SAME if worst <= ALIKE and gain >= FAINTEST else Likeness.UNCERTAIN


def _lit(before: Grey, now: Grey) -> tuple[Grey, float]:
    """Return the earlier brightness in the present light, and the share of the contrast that is left."""
    light = np.column_stack([before, _SURFACE])
    kept = np.ones(before.size, bool)
    for _ in range(3):  # fitted to all cells, then to those that the last fit explains best
        fit = np.linalg.lstsq(light[kept], now[kept], rcond=None)[0]
        fitted = np.clip(light @ fit, 0, 255)
        off = np.abs(now - fitted)
        kept = off <= np.quantile(off, KEPT)
    return fitted, float(fit[0])


_DOWN, _ACROSS = (axis.ravel() for axis in np.indices((ROWS, COLUMNS), np.float64) / ROWS - 0.5)
_SURFACE = np.column_stack([np.ones(ROWS * COLUMNS), _DOWN, _ACROSS, _DOWN**2, _ACROSS**2, _DOWN * _ACROSS])
