"""Measure the light in a part of a picture, and bring out what poor light hides. Works on uint8 BGR pictures."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

Picture = np.ndarray[Any, Any]  # height x width x 3, uint8, BGR

FLAT = 115.0  # grey levels from darkest to brightest; dim rooms have about 50, hazy ones 90, usual ones 170
WHITE = 250  # grey level that holds no detail
GLARING, IN_THE_SHADE = 0.02, 110.0  # share of white pixels, and median below which the rest is underexposed
BRIGHTER = 20.0  # grey levels of the median or the contrast: another light
DARKEST, BRIGHTEST = 1, 99  # percentiles that count as black and white
CLOSEST = 32.0  # grey levels: no less than this is stretched over the whole range
CLIP, TILES = 3.0, (4, 4)  # of the adaptive histogram
GRAIN_WIDTH, GRAIN_STEP, GRAIN_REACH = 7, 30, 5  # of the filter that smooths grain and keeps edges


@dataclass(frozen=True, slots=True)
class LightLevels:
    """How a part of a picture is lit."""

    contrast: float  # grey levels between its darkest and its brightest percent
    median: float
    white: float  # share of pixels that hold no detail

    @property
    def poor(self) -> bool:
        """Whether light or haze may hide a person: flat, or dark beside glare."""
        return self.contrast < FLAT or self.glaring

    @property
    def glaring(self) -> bool:
        """Whether it is dark beside glare."""
        return self.white > GLARING and self.median < IN_THE_SHADE

    def differ(self, other: "LightLevels") -> bool:
        """Return whether the light is another one."""
        return abs(self.median - other.median) > BRIGHTER or abs(self.contrast - other.contrast) > BRIGHTER


NO_LIGHT = LightLevels(0.0, 0.0, 0.0)


def light_levels(part: Picture) -> LightLevels:
    """Measure a part of a picture, on every second pixel in each direction."""
    grey = cv2.cvtColor(np.ascontiguousarray(part[::2, ::2]), cv2.COLOR_BGR2GRAY)
    low, median, high = np.percentile(grey, [DARKEST, 50, BRIGHTEST])
    return LightLevels(float(high - low), float(median), float(np.mean(grey >= WHITE)))


def equalised(part: Picture) -> Picture:
    """Return the part without grain, stretched over the whole range, its brightness equalised in tiles (CLAHE)."""
    smooth = cv2.bilateralFilter(part, GRAIN_WIDTH, GRAIN_STEP, GRAIN_REACH)
    low, high = np.percentile(smooth[::2, ::2], [DARKEST, BRIGHTEST])
    stretched = cv2.convertScaleAbs(_above(smooth, low), alpha=255 / max(CLOSEST, high - low))
    lab = cv2.cvtColor(stretched, cv2.COLOR_BGR2LAB)
    lab[..., 0] = cv2.createCLAHE(CLIP, TILES).apply(lab[..., 0])
    return np.asarray(cv2.cvtColor(lab, cv2.COLOR_LAB2BGR))


def _above(image: Picture, level: float) -> Picture:
    return np.asarray(cv2.subtract(image, np.full(4, level)))
