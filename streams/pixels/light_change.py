"""Compare the light of a picture with that of the camera's reference, and show earlier pictures in the present light.

Everything here takes the same part of one camera's view, as uint8 BGR of one size.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from streams.pixels.light import Picture, light_levels

REACH = 1 / 16  # of the longer side: how far the local light reaches
LEAST_VARIANCE = 25.0  # grey levels squared, of the reference: below it a place says nothing of the contrast
MOST_CONTRAST = 2.5  # a picture has at most so many times the contrast of its reference
SOFTER = 0.8  # of the reference's edges in the present contrast: below it the present picture is blurred
BLOCK, LEAST_STEP = 8, 0.2  # pixels; grey levels
BLOCKIER = 1.3  # compressed harder than the reference
FLATTER = 0.7  # of the reference's contrast
LEAST_CONTRAST, UNREADABLE = 60.0, 0.45  # grey levels; share of the reference's contrast or sharpness
COLOURLESS = 6.0  # grey levels between the channels of nine pixels in ten: night mode
GRAIN = 1.3  # standard deviation of white noise, over its mean distance from its own median of 3 x 3
TILES = 8  # in which the light is measured, on each side
ALIKE, LEAST_CHANGE = 0.15, 1.0  # share of a figure, and in its unit: no change of light is as small
DOUBT = 1.5  # grain is added this much stronger: in the camera it was smeared by compression, which hides more


class LightChange:
    """How the light of a picture differs from that of the camera's reference.

    It is measured place by place: contrast, level, blur, grain, and whether colour is left.
    """

    def __init__(self, now: Picture, reference: Picture) -> None:
        self._colourless = is_colourless(now)
        if self._colourless:
            reference = _grey(reference)
        before, present = reference.astype(np.float32), now.astype(np.float32)
        reach = REACH * max(now.shape[:2])
        level_before, level_now = _mean(before, reach), _mean(present, reach)
        variance = _mean((before - level_before) ** 2, reach)
        shared = _mean((before - level_before) * (present - level_now), reach)
        self._gain = np.clip(shared / np.maximum(variance, LEAST_VARIANCE), 0, MOST_CONTRAST)
        self._level_now, self._without = level_now, self._gain * level_before
        edges_before, edges_now = float(np.median(self._gain)) * _edges(before), _edges(cv2.medianBlur(now, 3))
        blurred = edges_now < SOFTER * edges_before
        self._blur = 0.6 + 0.6 * min(2.0, edges_before / max(edges_now, 1.0) - 1) if blurred else 0.0
        self._grain = _grain(now)

    def applied_to(self, control: Picture, dice: np.random.Generator) -> Picture:
        """Return an earlier picture, of the same part and size, as the camera would show it now."""
        if self._colourless:
            control = _grey(control)
        bare: Picture = self._gain * control.astype(np.float32) + self._level_now - self._without
        if self._blur:
            bare = cv2.GaussianBlur(bare, (0, 0), self._blur)
        result = np.asarray(np.clip(bare, 0, 255), np.uint8)
        missing = max(0.0, self._grain**2 - _grain(result) ** 2) ** 0.5
        return np.clip(result + dice.normal(0, DOUBT * missing, result.shape), 0, 255).astype(np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredLight:
    """The light in a part of a picture: by tile its level and contrast, and its edges, grain and blockiness."""

    figures: np.ndarray

    @classmethod
    def of(cls, part: Picture) -> "MeasuredLight":
        """Measure a part of a picture."""
        grey = cv2.cvtColor(part, cv2.COLOR_BGR2GRAY).astype(np.float32)
        level, square = (_tiles(one) for one in (grey, grey**2))
        contrast = np.sqrt(np.maximum(square - level**2, 0))
        whole = [_edges(cv2.medianBlur(part, 3)), _grain(part), blockiness(part)]
        return cls(np.concatenate([level.ravel(), contrast.ravel(), whole]))

    def is_like(self, other: "MeasuredLight") -> bool:
        """Return whether no figure differs by more than noise does."""
        difference = np.abs(self.figures - other.figures)
        return bool(np.all(difference <= LEAST_CHANGE + ALIKE * np.minimum(self.figures, other.figures)))


def is_doubtful(part: Picture, reference: Picture) -> bool:
    """Return whether a part of a picture shows less than the same part of the camera's reference picture.

    Only then is it worth asking whether an empty zone could be judged. Both are of the same size.
    """
    now, before = light_levels(part), light_levels(reference)
    return (
        now.poor
        or now.contrast < FLATTER * before.contrast
        or sharpness_against(part, reference) < SOFTER
        or blockiness(part) > BLOCKIER * blockiness(reference)
        or is_night_mode(part, reference)
    )


def is_night_mode(part: Picture, reference: Picture) -> bool:
    """Return whether a camera that shows colour in its reference has switched to infra-red."""
    return is_colourless(part) and not is_colourless(reference)


def is_unreadable(part: Picture, reference: Picture) -> bool:
    """Return whether a part shows so much less than its reference that nothing can be said without a control group."""
    now, before = light_levels(part), light_levels(reference)
    return (
        now.contrast < max(LEAST_CONTRAST, UNREADABLE * before.contrast)
        or now.glaring
        or sharpness_against(part, reference) < UNREADABLE
    )


def sharpness_against(part: Picture, reference: Picture) -> float:
    """Return the strength of the edges over that in the reference, grain aside and at equal contrast."""
    contrast = max(1.0, light_levels(part).contrast) / max(1.0, light_levels(reference).contrast)
    before = _edges(cv2.medianBlur(reference, 3))
    return _edges(cv2.medianBlur(part, 3)) / max(1.0, before * min(1.0, contrast))


def blockiness(part: Picture) -> float:
    """Return how much stronger the edges are along a grid of 8 pixels than elsewhere: 1 to 1.6 in a good picture."""
    grey = cv2.cvtColor(part, cv2.COLOR_BGR2GRAY).astype(np.int16)
    strongest = 0.0
    for axis in (0, 1):
        steps = np.abs(np.diff(grey, axis=axis)).mean(axis=1 - axis)
        if steps.size >= BLOCK:
            by_phase = [float(steps[phase::BLOCK].mean()) for phase in range(BLOCK)]
            strongest = max(strongest, max(by_phase) / max(LEAST_STEP, float(np.median(by_phase))))
    return strongest


def is_colourless(image: Picture) -> bool:
    """Return whether the picture is grey, as cameras show it by infra-red light."""
    few = image[::4, ::4]
    return float(np.percentile(few.max(axis=2) - few.min(axis=2), 90)) <= COLOURLESS


def _grey(image: Picture) -> Picture:
    return np.asarray(cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR))


def _mean(image: Picture, reach: float) -> Picture:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), reach))


def _tiles(image: Picture) -> Picture:
    return np.asarray(cv2.resize(image, (TILES, TILES), interpolation=cv2.INTER_AREA))


def _edges(image: Picture) -> float:
    grey = cv2.cvtColor(image.astype(np.uint8), cv2.COLOR_BGR2GRAY)
    return float(cv2.Laplacian(grey, cv2.CV_32F).std())


def _grain(image: Picture) -> float:
    """Return the standard deviation of the grain, from half of the pixels, those in the flattest places."""
    residual = cv2.absdiff(image, cv2.medianBlur(image, 3)).sum(axis=2, dtype=np.uint16)
    lowest = np.sort(residual, axis=None, kind="stable")[: residual.size // 2]  # a radix sort, as they are 16 bits wide
    return GRAIN * float(np.mean(lowest)) / 3 * 2
