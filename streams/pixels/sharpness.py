"""Measure the sharpness of a picture's edges: one figure per place with an edge, from 0 (blurred) to 1 (a clean step).

The steepest rise over a few pixels is divided by the whole rise at that place. Light and contrast scale both equally,
and noise makes an edge look sharper, never softer. Places without an edge, such as a bare wall, give no figure.
"""

from typing import Any

import numpy as np

Grey = np.ndarray[Any, Any]
Sharpness = np.ndarray[Any, Any]  # BANDS x PLACES, float32 0..1; NaN where there is no edge

WIDTH = 640  # about as many pixels per row are used, in strides
BANDS, PLACES = 30, 40
ROWS = 4  # pixel rows averaged into a band: a quarter of the noise power
TOP, BOTTOM = 1 / 6, 5 / 6  # the overlaid clock and camera name lie outside; they are always sharp
RISE = 30.0  # grey levels that make an edge
STEP = 3  # pixels of WIDTH over which a clean edge rises

FIRM = 0.5  # sharpness from which a reference edge is compared
SOFTER = 0.65  # share of its former sharpness; measured ≥ 0.94 in any light, ≤ 0.61 at a blur of 3 pixels
EDGES = 8  # edges needed for a comparison
HAZE = 0.42  # without a reference: blurred when even the sharpest fifth of the edges is below


def edge_sharpness(image: Grey) -> Sharpness:
    """Measure a height x width x 3 BGR picture that is at least 2 * PLACES pixels wide."""
    height, width = image.shape[:2]
    stride = max(1, width // WIDTH)
    across = width // stride // PLACES * PLACES
    rows = np.linspace(TOP * height, BOTTOM * height - ROWS * stride, BANDS).astype(np.intp)
    rows = rows[:, None] + stride * np.arange(ROWS)
    lines = image[np.minimum(rows, height - 1), : across * stride : stride, 1].sum(axis=1, dtype=np.uint16)
    lines = lines.astype(np.float32) / ROWS
    step = max(1, round(STEP * across / WIDTH))
    steep = np.zeros_like(lines)
    np.abs(lines[:, step:] - lines[:, :-step], out=steep[:, :-step])
    starts = np.arange(0, across, across // PLACES)
    rise = np.maximum.reduceat(lines, starts, axis=1) - np.minimum.reduceat(lines, starts, axis=1)
    steepest = np.maximum.reduceat(steep, starts, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(rise >= RISE, np.minimum(1.0, steepest / rise), np.nan).astype(np.float32)


def is_blurred(now: Sharpness, reference: Sharpness | None, haze: float = HAZE) -> bool:
    """Return whether the picture is out of focus, compared with its reference or, without one, by itself.

    haze: see HAZE.
    """
    if reference is None:
        edges = np.sort(now[~np.isnan(now)])
        return bool(edges.size >= EDGES and edges[int(0.8 * edges.size)] < haze)
    ratio = relative_sharpness(now, reference)
    return bool(ratio.size >= EDGES and np.median(ratio) < SOFTER)


def relative_sharpness(now: Sharpness, reference: Sharpness) -> Sharpness:
    """Return the current sharpness as a share of the reference's, one figure per firm edge that still shows.

    Edges may have moved by one place.
    """
    wide = np.pad(np.nan_to_num(now, nan=0.0), 1)
    near = np.max([wide[1 + y : BANDS + 1 + y, 1 + x : PLACES + 1 + x] for y in (-1, 0, 1) for x in (-1, 0, 1)], axis=0)
    with np.errstate(invalid="ignore"):
        firm = (reference >= FIRM) & (near > 0)
    return np.asarray(near[firm] / reference[firm])
