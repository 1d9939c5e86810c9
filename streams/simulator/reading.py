"""Read the clock of a demo camera back from the pixels."""

from datetime import datetime

import numpy as np

from .clock import BLOCK, CELL
from .encoders import letter
from .simulator import WIB

PLACE = 9  # position of the date in characters: " CAM001  22-11-2026 18:14:22"
SHAPE = "00-00-0000 00:00:00"
WIDTH = CELL * (PLACE + len(SHAPE))  # pixels from the left up to the end of the clock
_DIGITS = np.stack([letter(digit) for digit in "0123456789"]).astype(np.int32)


def read_clock(row: np.ndarray) -> datetime | None:
    """Return the time, aware and in whole seconds, or None when there is no clock.

    `row`: luma of the picture's top, uint8, at least BLOCK x WIDTH.
    """
    cells = row[:BLOCK, : WIDTH // CELL * CELL].reshape(BLOCK, -1, CELL).transpose(1, 0, 2)[PLACE:].astype(np.int32)
    text = ""
    for cell, shape in zip(cells, SHAPE, strict=True):
        text += str(np.abs(_DIGITS - cell).sum((1, 2)).argmin()) if shape == "0" else shape
    try:
        return datetime.strptime(text, "%d-%m-%Y %H:%M:%S").replace(tzinfo=WIB)
    except ValueError:
        return None
