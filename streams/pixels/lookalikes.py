"""Does a marked portrait still show what it showed? Sees through noise, dimming and light from the side.

A lookalike becomes ROWS x COLUMNS cells of a mean colour. The cells of now may differ from those of the reference
picture by a common gain and by light that rises or falls across it, and otherwise by a little noise: a head that
comes before a corner of it is more.
"""

from collections.abc import Iterable
from typing import Any

import cv2
import numpy as np

from streams.pixels.shapes import Box, Lookalike, Point

Picture = np.ndarray[Any, Any]
Cells = np.ndarray[Any, Any]  # ROWS x COLUMNS x 3, uint8 BGR

ROWS = COLUMNS = 12
SAMPLES = 6  # each way in a cell
# Grey levels, or this share of the contrast, that a cell may differ. Covered cells are five times off.
TOLERANCE, RELATIVE = 14.0, 0.35
OFF_CELLS = 1  # so many cells may be off: a gleam, a fly
FAINTEST = 0.15  # of its contrast that it may still have; less can't be told from anything
KEPT = 0.75  # of the cells, the likest ones, to which the light is fitted


def cells_of(image: Picture, polygon: Iterable[Point]) -> Cells:
    """The cells of a height x width x 3 BGR picture within the polygon's bounds, alike in every picture size."""
    height, width = image.shape[:2]
    xs, ys = zip(*polygon, strict=True)
    columns = (min(xs) + (max(xs) - min(xs)) * _steps(COLUMNS)) * width - 0.5
    rows = (min(ys) + (max(ys) - min(ys)) * _steps(ROWS)) * height - 0.5
    across, down = np.meshgrid(columns.astype(np.float32), rows.astype(np.float32))
    sampled = cv2.remap(image, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return cv2.resize(sampled, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA)


def _steps(cells: int) -> Picture:
    return (np.arange(cells * SAMPLES) + 0.5) / (cells * SAMPLES)


def still_shows(old: Cells, new: Cells) -> bool:
    """Is nothing before it, and is it itself?"""
    off = np.zeros(ROWS * COLUMNS, bool)
    for channel in range(3):
        before, now = (cells[..., channel].astype(np.float64).ravel() for cells in (old, new))
        fitted, gain = _lit(before, now)
        if gain < FAINTEST:
            return False
        off |= np.abs(now - fitted) > max(TOLERANCE, RELATIVE * gain * before.std())
    return int(np.count_nonzero(off)) <= OFF_CELLS


def _lit(before: Cells, now: Cells) -> tuple[Cells, float]:
    """The cells of before in the light of now, and how much of their contrast is left."""
    light = np.column_stack([before, _LEVEL, _ACROSS, _DOWN])
    kept = np.ones(before.size, bool)
    for _ in range(3):  # fitted to all cells, then to those that the last fit explains best
        fit = np.linalg.lstsq(light[kept], now[kept], rcond=None)[0]
        fitted = np.clip(light @ fit, 0, 255)  # what is too bright stays white
        off = np.abs(now - fitted)
        kept = off <= np.quantile(off, KEPT)
    return fitted, float(fit[0])


def paint_over(image: Picture, lookalikes: Iterable[Lookalike]) -> tuple[Picture, list[Box]]:
    """The picture with each still lookalike painted over that shows what it showed, and the places of those.

    The picture that is given stays as it is.
    """
    places: list[Box] = []
    painted = image
    for one in lookalikes:
        old = np.frombuffer(one.cells, np.uint8)
        if old.size != ROWS * COLUMNS * 3 or not still_shows(
            old.reshape(ROWS, COLUMNS, 3), cells_of(image, one.polygon)
        ):
            continue
        if painted is image:
            painted = image.copy()
        places.append(one.bounds)
        _paint(painted, one.polygon)
    return painted, places


def _paint(image: Picture, polygon: Iterable[Point]) -> None:
    height, width = image.shape[:2]
    rows, columns = _pixels(image, polygon)
    around = image[
        max(0, rows.start - RIM) : rows.stop + RIM, max(0, columns.start - RIM) : columns.stop + RIM
    ].reshape(-1, 3)
    corners = np.array([(x * width, y * height) for x, y in polygon]).round().astype(np.int32)
    cv2.fillPoly(image, [corners], [float(value) for value in np.median(around, axis=0)])


def _pixels(image: Picture, polygon: Iterable[Point]) -> tuple[slice, slice]:
    height, width = image.shape[:2]
    xs, ys = zip(*polygon, strict=True)
    left, above = min(int(min(xs) * width), width - 1), min(int(min(ys) * height), height - 1)
    right, below = max(left + 1, round(max(xs) * width)), max(above + 1, round(max(ys) * height))
    return slice(above, below), slice(left, right)


RIM = 6  # pixels round it, whose colour it gets
_LEVEL = np.ones(ROWS * COLUMNS)
_DOWN, _ACROSS = (axis.ravel() for axis in np.indices((ROWS, COLUMNS), np.float64) / ROWS - 0.5)
