"""Test whether a marked portrait still shows what it showed, despite noise, dimming and light from the side.

A lookalike is reduced to ROWS x COLUMNS cells of mean colour. The current cells may differ from those of the reference
picture by a common gain, by light that rises or falls across it, and otherwise by a little noise. A head in front of
one corner exceeds that.
"""

from collections.abc import Iterable
from typing import Any

import cv2
import numpy as np

from streams.pixels.shapes import Lookalike, Point

Picture = np.ndarray[Any, Any]
Cells = np.ndarray[Any, Any]  # ROWS x COLUMNS x 3, uint8 BGR
Values = np.ndarray[Any, Any]  # float64, a row per cell

ROWS = COLUMNS = 12
SAMPLES = 6  # per cell in each direction
# A cell may differ by this many grey levels, or this share of the contrast. Covered cells differ by five times that.
TOLERANCE, RELATIVE = 14.0, 0.35
OFF_CELLS = 1  # cells that may differ by more: a reflection, a fly
FAINTEST = 0.15  # smallest share of the former contrast at which a comparison is possible
KEPT = 0.75  # share of the cells, the most similar ones, to which the light is fitted


def cells_of(image: Picture, polygon: Iterable[Point]) -> Cells:
    """Return the cells within the polygon's bounds of a height x width x 3 BGR picture, whatever its size."""
    height, width = image.shape[:2]
    xs, ys = zip(*polygon, strict=True)
    columns = (min(xs) + (max(xs) - min(xs)) * _steps(COLUMNS)) * width - 0.5
    rows = (min(ys) + (max(ys) - min(ys)) * _steps(ROWS)) * height - 0.5
    across, down = np.meshgrid(columns.astype(np.float32), rows.astype(np.float32))
    sampled = cv2.remap(image, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.resize(sampled, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA))


def _steps(cells: int) -> Picture:
    return (np.arange(cells * SAMPLES) + 0.5) / (cells * SAMPLES)


def still_shows(old: Cells, new: Cells) -> bool:
    """Return whether the lookalike is unchanged and unobstructed. `old` and `new` are cells as of cells_of."""
    off = np.zeros(ROWS * COLUMNS, bool)
    for channel in range(3):
        before, now = (cells[..., channel].astype(np.float64).ravel() for cells in (old, new))
        fitted, gain = lit(before, now, PLANE)
        if gain < FAINTEST:
            return False
        off |= np.abs(now - fitted) > max(TOLERANCE, RELATIVE * gain * before.std())
    return int(np.count_nonzero(off)) <= OFF_CELLS


def lit(before: Values, now: Values, surface: Values) -> tuple[Values, float]:
    """Return the earlier cells in the current light, and the share of their contrast that is left.

    before, now: a value per cell. surface: a row per cell, by whose columns the light may vary.
    """
    light = np.column_stack([before, surface])
    kept = np.ones(before.size, bool)
    for _ in range(3):  # fitted to all cells, then to those that the last fit explains best
        fit = np.linalg.lstsq(light[kept], now[kept], rcond=None)[0]
        fitted = np.clip(light @ fit, 0, 255)  # overexposed cells stay white
        off = np.abs(now - fitted)
        kept = off <= np.quantile(off, KEPT)
    return fitted, float(fit[0])


def unchanged_in(image: Picture, lookalikes: Iterable[Lookalike]) -> list[Lookalike]:
    """Return the still lookalikes that the height x width x 3 BGR picture shows unchanged and unobstructed."""
    return [
        one
        for one in lookalikes
        if (old := marked_cells(one)) is not None and still_shows(old, cells_of(image, one.polygon))
    ]


def marked_cells(lookalike: Lookalike) -> Cells | None:
    """Return the cells with which it was marked; None for a screen, and when they are broken."""
    cells = np.frombuffer(lookalike.cells, np.uint8)
    return cells.reshape(ROWS, COLUMNS, 3) if cells.size == ROWS * COLUMNS * 3 else None


def painted(image: Picture, lookalikes: Iterable[Lookalike]) -> Picture:
    """Return the picture with these lookalikes painted over, whatever they show; itself if there are none."""
    result = image
    for lookalike in lookalikes:
        if result is image:
            result = image.copy()
        _paint(result, lookalike.polygon)
    return result


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


RIM = 6  # pixels around the mark whose median colour it is painted with
DOWN, ACROSS = (axis.ravel() for axis in np.indices((ROWS, COLUMNS), np.float64) / ROWS - 0.5)
PLANE = np.column_stack([np.ones(ROWS * COLUMNS), DOWN, ACROSS])  # light that rises or falls evenly
