"""Test whether a zone's pixels equal those of an earlier picture, despite sensor noise and flickering light.

A zone is reduced to a patch of grey cells, each the mean of about CELL x CELL pixels or more: noise averages out,
a person does not.
"""

from typing import Any

import cv2
import numpy as np

from streams.pixels.shapes import DrawnZone

Patch = np.ndarray[Any, Any]  # rows x columns, float32 grey; NaN outside the zone's polygon

CELL = 6  # pixels
MOST = 32  # cells in each direction
FLICKER = 16.0  # grey levels by which the whole patch may be brighter or darker: exposure follows who else is there
SPREAD = 5.5  # tolerance as a multiple of the noise: one false alarm in thousands of patches
FLOOR, CEILING = 4.0, 12.0  # bounds of the tolerance for one cell, in grey levels


def patch_of(image: np.ndarray[Any, Any], zone: DrawnZone) -> Patch:
    """Return the zone's patch of a height x width x 3 BGR picture."""
    height, width = image.shape[:2]
    bounds = zone.bounds
    x0, y0 = min(int(bounds.x0 * width), width - 1), min(int(bounds.y0 * height), height - 1)
    x1, y1 = max(x0 + 1, int(bounds.x1 * width)), max(y0 + 1, int(bounds.y1 * height))
    columns, rows = (min(MOST, max(1, side // CELL)) for side in (x1 - x0, y1 - y0))
    part = cv2.cvtColor(image[y0:y1, x0:x1], cv2.COLOR_BGR2GRAY)
    patch = cv2.resize(part, (columns, rows), interpolation=cv2.INTER_AREA).astype(np.float32)
    corners = [((x * width - x0) * columns / (x1 - x0), (y * height - y0) * rows / (y1 - y0)) for x, y in zone.polygon]
    inside = np.zeros((rows, columns), np.uint8)
    cv2.fillPoly(inside, [np.array(corners, np.float32).astype(np.int32)], 1)
    patch[inside == 0] = np.nan
    return patch


def is_unchanged(old: Patch, new: Patch) -> bool:
    """Return whether all cells are equal apart from noise and a common change of brightness."""
    if old.shape != new.shape:
        return False
    change = (new - old)[~np.isnan(old)]
    light = float(np.median(change))
    change = np.abs(change - light)
    noise = 1.4826 * float(np.median(change))
    return abs(light) <= FLICKER and float(change.max()) <= min(CEILING, max(FLOOR, SPREAD * noise))
