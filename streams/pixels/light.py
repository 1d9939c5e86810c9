"""Measure the light in a part of a picture, and bring out what poor light hides. Works on uint8 BGR pictures."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

Picture = np.ndarray[Any, Any]  # height x width x 3, uint8, BGR

FLAT = 115.0  # grey levels from darkest to brightest; dim rooms have about 50, hazy ones 90, usual ones 170
WHITE = 250  # grey level that holds no detail
GLARING, IN_THE_SHADE = 0.02, 110.0  # share of white pixels, and median below which the rest is underexposed
DARKEST, BRIGHTEST = 1, 99  # percentiles that count as black and white
CLOSEST = 32.0  # grey levels: no less than this is stretched over the whole range
CLIP, TILES = 3.0, (4, 4)  # of the adaptive histogram
GRAIN_WIDTH, GRAIN_STEP, GRAIN_REACH = 7, 30, 5  # of the filter that smooths grain and keeps edges
SPREAD = 0.2  # of the longer side: how far the local mean and contrast reach
CONTRAST, FAINTEST = 50.0, 6.0  # grey levels: deviation after levelling, and the least before
MOST_GAIN, LEAST_GAIN = 6.0, 0.5


@dataclass(frozen=True, slots=True)
class LightLevels:
    """How a part of a picture is lit."""

    contrast: float  # grey levels between its darkest and its brightest percent
    median: float
    white: float  # share of pixels that hold no detail

    @property
    def poor(self) -> bool:
        """Whether light or haze may hide a person: flat, or dark beside glare."""
        return self.contrast < FLAT or (self.white > GLARING and self.median < IN_THE_SHADE)


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


def levelled(part: Picture) -> Picture:
    """Return the part with the same contrast everywhere, as against a window. Brightness keeps half of its range."""
    smooth = cv2.medianBlur(part, 3).astype(np.float32)
    grey, reach = smooth.mean(axis=2), SPREAD * max(part.shape[:2])
    mean = np.asarray(cv2.GaussianBlur(grey, (0, 0), reach))
    deviation = np.sqrt(np.maximum(cv2.GaussianBlur((grey - mean) ** 2, (0, 0), reach), 1.0))
    gain = np.clip(CONTRAST / np.maximum(deviation, FAINTEST), LEAST_GAIN, MOST_GAIN)[..., None]
    level = 64 + 0.5 * 255 * (mean - mean.min()) / max(1.0, float(np.ptp(mean)))
    return np.clip((smooth - mean[..., None]) * gain + level[..., None], 0, 255).astype(np.uint8)


def _above(image: Picture, level: float) -> Picture:
    return np.asarray(cv2.subtract(image, np.full(4, level)))


REACH = 1 / 32  # of the picture's longer side: how far the local light reaches
LEAST_VARIANCE = 25.0  # grey levels squared, of the reference: below it a place says nothing of the contrast
MOST_CONTRAST = 2.5  # a picture has at most so many times the contrast of its reference
SOFTER = 0.8  # of the reference's edges in the present contrast: below it the present picture is blurred
COLOURLESS = 6.0  # grey levels between the channels of nine pixels in ten: night mode
GRAIN = 1.3  # standard deviation of white noise, over its mean distance from its own median of 3 x 3
DOUBT = 1.5  # grain is added this much stronger: in the camera it was smeared by compression, which hides more


def in_light_of(now: Picture, reference: Picture, control: Picture, dice: np.random.Generator) -> Picture:
    """Return the control picture as the camera would show it now.

    The change of light is measured between the reference and the present picture, place by place: contrast, level,
    blur, grain, and whether colour is left. All three are of one camera and of the same size.
    """
    if is_colourless(now):
        reference, control = _grey(reference), _grey(control)
    before, shown, present = (image.astype(np.float32) for image in (reference, control, now))
    reach = REACH * max(now.shape[:2])
    level_before, level_now = _mean(before, reach), _mean(present, reach)
    variance = _mean((before - level_before) ** 2, reach)
    shared = _mean((before - level_before) * (present - level_now), reach)
    gain = np.clip(shared / np.maximum(variance, LEAST_VARIANCE), 0, MOST_CONTRAST)
    smooth = cv2.medianBlur(now, 3)
    result = gain * shown + level_now - gain * level_before
    edges_before, edges_now = float(np.median(gain)) * _edges(before), _edges(smooth)
    if edges_now < SOFTER * edges_before:
        result = cv2.GaussianBlur(result, (0, 0), 0.6 + 0.6 * min(2.0, edges_before / max(edges_now, 1.0) - 1))
    result = np.clip(result, 0, 255).astype(np.uint8)
    missing = max(0.0, _grain(now) ** 2 - _grain(result) ** 2) ** 0.5
    return np.clip(result + dice.normal(0, DOUBT * missing, result.shape), 0, 255).astype(np.uint8)


def is_colourless(image: Picture) -> bool:
    """Return whether the picture is grey, as cameras show it by infra-red light."""
    few = image[::4, ::4]
    return float(np.percentile(few.max(axis=2) - few.min(axis=2), 90)) <= COLOURLESS


def _grey(image: Picture) -> Picture:
    return np.asarray(cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR))


def _mean(image: Picture, reach: float) -> Picture:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), reach))


def _edges(image: Picture) -> float:
    grey = cv2.cvtColor(image.astype(np.uint8), cv2.COLOR_BGR2GRAY)
    return float(cv2.Laplacian(grey, cv2.CV_32F).std())


def _grain(image: Picture) -> float:
    """Return the standard deviation of the grain, from half of the pixels, those in the flattest places."""
    residual = np.abs(image.astype(np.int16) - cv2.medianBlur(image, 3)).mean(axis=2)
    return GRAIN * float(np.mean(np.sort(residual, axis=None)[: residual.size // 2])) * 2
