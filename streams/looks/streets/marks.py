"""The drawn mark of water cut out of a picture."""

from collections.abc import Sequence

import cv2
import numpy as np

from streams.looks.streets.water_rule import COLUMNS, ROWS, Grey
from streams.pixels.jpeg import Picture
from streams.pixels.shapes import Box, Point


def mark_box(polygon: Sequence[Point]) -> Box:
    """Return the box around a drawn mark."""
    xs, ys = zip(*polygon, strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


def mark_of(image: Picture, box: Box) -> Grey:
    """Return the grey levels of the mark, ROWS × COLUMNS, from a picture of any size."""
    height, width = image.shape[:2]
    x0, y0 = int(box.x0 * width), int(box.y0 * height)
    x1, y1 = max(x0 + 1, round(box.x1 * width)), max(y0 + 1, round(box.y1 * height))
    grey = cv2.cvtColor(np.ascontiguousarray(image[y0:y1, x0:x1]), cv2.COLOR_BGR2GRAY)
    return cv2.resize(grey, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA).astype(np.float64)
