"""Drawn places cut out of a picture: the mark of water, and where rubbish may lie."""

from collections.abc import Iterable, Sequence

import cv2
import numpy as np

from streams.looks.streets.rubbish_place import GRID, SIZE
from streams.looks.streets.rubbish_place import Grey as PlaceGrey
from streams.looks.streets.rubbish_rule import Cells
from streams.looks.streets.water_rule import COLUMNS, ROWS, Grey
from streams.pixels.jpeg import Picture
from streams.pixels.shapes import Box, Point

MARGIN = 0.5  # of a place's width and height on each side


def mark_box(polygon: Sequence[Point]) -> Box:
    """Return the box around a drawn mark."""
    xs, ys = zip(*polygon, strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


def mark_of(image: Picture, box: Box) -> Grey:
    """Return the grey levels of the mark, ROWS × COLUMNS, from a picture of any size."""
    return _cut(image, box, (COLUMNS, ROWS)).astype(np.float64)


def place_box(polygon: Sequence[Point]) -> Box:
    """Return the box around a drawn place with its margin."""
    return mark_box(polygon).widened(MARGIN)


def place_of(image: Picture, box: Box) -> PlaceGrey:
    """Return the grey levels of the place, SIZE × SIZE, from a picture of any size."""
    return _cut(image, box, (SIZE, SIZE)).astype(np.float32)


def cells_inside(polygon: Sequence[Point], box: Box) -> Cells:
    """Return which cells of the place's box lie in the polygon for the most part."""
    mask = np.zeros((SIZE, SIZE), np.float32)
    corners = [[round(16 * SIZE * side) for side in _in_box(x, y, box)] for x, y in polygon]
    cv2.fillPoly(mask, [np.array(corners, np.int32)], (1.0,), shift=4)
    return cv2.resize(mask, (GRID, GRID), interpolation=cv2.INTER_AREA) > 0.5


def within_box(boxes: Iterable[Box], box: Box) -> list[Box]:
    """Return the boxes that overlap `box`, in fractions of it."""
    return [Box(*_in_box(one.x0, one.y0, box), *_in_box(one.x1, one.y1, box)) for one in boxes if one.overlap(box) > 0]


def _in_box(x: float, y: float, box: Box) -> tuple[float, float]:
    return (x - box.x0) / (box.x1 - box.x0), (y - box.y0) / (box.y1 - box.y0)


def _cut(image: Picture, box: Box, size: tuple[int, int]) -> Picture:
    height, width = image.shape[:2]
    x0, y0 = int(box.x0 * width), int(box.y0 * height)
    x1, y1 = max(x0 + 1, round(box.x1 * width)), max(y0 + 1, round(box.y1 * height))
    grey = cv2.cvtColor(np.ascontiguousarray(image[y0:y1, x0:x1]), cv2.COLOR_BGR2GRAY)
    return cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
