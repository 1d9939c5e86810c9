"""Test whether a marked portrait may still be what is seen, where the light is poor.

Night mode, glare and hard compression change a portrait by more than the common gain that lookalikes.py allows. Here
only the brightness is compared, in a quarter of the cells, under light that varies over the portrait as a quadratic
does. That is coarser, and tells a person who covers the portrait, not one who covers its corner.
"""

from enum import Enum

import cv2
import numpy as np

from streams.pixels.lookalikes import ACROSS, COLUMNS, DOWN, FAINTEST, PLANE, ROWS, Cells, lit

COARSE = 2  # cells, each way, that are compared as one: as large as the blocks of a compressed picture
OFF_CELLS = 1  # of the coarse ones, that may differ by more
FAINT = 4.0  # grey levels: a deviation that counts as contrast at least
ALIKE, UNLIKE = 0.6, 1.2  # differences as shares of the contrast: portraits have up to 0.65, people from 0.8, mostly 5
BGR_TO_GREY = np.array([0.114, 0.587, 0.299])
QUADRATIC = np.column_stack([PLANE, DOWN**2, ACROSS**2, DOWN * ACROSS])


class Likeness(Enum):
    """Whether a marked thing is what is seen at its place."""

    SAME = "same"
    UNCERTAIN = "uncertain"
    OTHER = "other"


def likeness(old: Cells, new: Cells) -> Likeness:
    """Compare the cells of a lookalike when it was marked with the present ones. Both as of `lookalikes.cells_of`."""
    before, now = old @ BGR_TO_GREY, new @ BGR_TO_GREY
    fitted, gain = lit(before.ravel(), now.ravel(), QUADRATIC)
    off = cv2.resize(
        np.abs(now - fitted.reshape(now.shape)),
        (COLUMNS // COARSE, ROWS // COARSE),
        interpolation=cv2.INTER_AREA,
    )
    worst = float(np.sort(off, axis=None)[-1 - OFF_CELLS]) / max(FAINT, gain * float(before.std()))
    if worst > UNLIKE:
        return Likeness.OTHER
    return Likeness.SAME if worst <= ALIKE and gain >= FAINTEST else Likeness.UNCERTAIN
