"""The clock that a demo camera burnt into its picture, read back from the pixels."""

from datetime import datetime

import numpy as np

from .clock import BLOCK, CELL
from .encoders import letter
from .simulator import WIB

PLACE = 9  # of the date, in characters: " CAM001  22-11-2026 18:14:22"
SHAPE = "00-00-0000 00:00:00"
WIDTH = CELL * (PLACE + len(SHAPE))  # pixels of the top row in which it stands
_DIGITS = np.stack([letter(digit) for digit in "0123456789"]).astype(np.int32)


def read_clock(row: np.ndarray) -> datetime | None:
    """From luma, BLOCK × at least WIDTH, uint8; whole seconds, aware. None when no clock is there."""
    cells = row[:BLOCK, : WIDTH // CELL * CELL].reshape(BLOCK, -1, CELL).transpose(1, 0, 2)[PLACE:].astype(np.int32)
    text = ""
    for cell, shape in zip(cells, SHAPE, strict=True):
        text += str(np.abs(_DIGITS - cell).sum((1, 2)).argmin()) if shape == "0" else shape
    try:
        return datetime.strptime(text, "%d-%m-%Y %H:%M:%S").replace(tzinfo=WIB)
    except ValueError:
        return None
