"""Compare the light of a picture with that of the camera's reference, and show earlier pictures in the present light.

Every function takes the same part of one camera's view, as uint8 BGR of one size.
"""

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
DOUBT = 1.5  # grain is added this much stronger: in the camera it was smeared by compression, which hides more


def in_light_of(now: Picture, reference: Picture, control: Picture, dice: np.random.Generator) -> Picture:
    """Return the control picture as the camera would show it now.

    The change of light is measured between the reference and the present picture, place by place: contrast, level,
    blur, grain, and whether colour is left. All three show the same part of one camera's view, in the same size.
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
    bare: Picture = gain * shown + level_now - gain * level_before
    edges_before, edges_now = float(np.median(gain)) * _edges(before), _edges(smooth)
    if edges_now < SOFTER * edges_before:
        bare = cv2.GaussianBlur(bare, (0, 0), 0.6 + 0.6 * min(2.0, edges_before / max(edges_now, 1.0) - 1))
    result = np.asarray(np.clip(bare, 0, 255), np.uint8)
    missing = max(0.0, _grain(now) ** 2 - _grain(result) ** 2) ** 0.5
    return np.clip(result + dice.normal(0, DOUBT * missing, result.shape), 0, 255).astype(np.uint8)


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


def _edges(image: Picture) -> float:
    grey = cv2.cvtColor(image.astype(np.uint8), cv2.COLOR_BGR2GRAY)
    return float(cv2.Laplacian(grey, cv2.CV_32F).std())


def _grain(image: Picture) -> float:
    """Return the standard deviation of the grain, from half of the pixels, those in the flattest places."""
    residual = np.abs(image.astype(np.int16) - cv2.medianBlur(image, 3)).mean(axis=2)
    return GRAIN * float(np.mean(np.sort(residual, axis=None)[: residual.size // 2])) * 2
