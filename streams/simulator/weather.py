"""Show a picture as a poor camera shows it: in bad light, through haze, at night, small or compressed too much.

Each function takes a height x width x 3 uint8 BGR picture and a generator, and returns a picture of the same size. Some
of what a condition does (where a lamp shines) is drawn once per camera: take one `Condition` for all its pictures.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition at one camera. strength: 0 to 1 between its mild and its severe form."""

    name: str
    strength: float
    sun: tuple[float, float]  # where light falls in, fractions of width and height
    dice: np.random.Generator = field(repr=False)

    def show(self, image: Picture) -> Picture:
        """Return what the camera makes of the picture."""
        return CONDITIONS[self.name](image, self)

    def between(self, mild: float, severe: float) -> float:
        """Return the figure of this strength."""
        return mild + (severe - mild) * self.strength


def draw_condition(name: str, seed: int) -> Condition:
    """Return a condition of CONDITIONS as it is at one camera; the same seed gives the same."""
    dice = np.random.default_rng([seed, *name.encode()])
    return Condition(name, float(dice.uniform()), (float(dice.uniform(0.3, 0.7)), float(dice.uniform(0.15, 0.4))), dice)


def _dim(image: Picture, condition: Condition) -> Picture:
    """A rainy morning with the lamps off: little light, much gain."""
    return _compressed(_grainy(image * condition.between(0.36, 0.25), condition.between(5, 7), condition), 60)


def _glare(image: Picture, condition: Condition) -> Picture:
    """A window in the picture: what is exposed for it is dark elsewhere, and its light spills over."""
    height, width = image.shape[:2]
    glow = np.zeros((height, width), np.float32)
    cv2.circle(glow, (round(condition.sun[0] * width), round(condition.sun[1] * height)), width // 4, 1, -1)
    glow = np.asarray(cv2.GaussianBlur(glow, (0, 0), width / 12), np.float32)
    return _compressed(_clipped(image * 0.45 + condition.between(180, 210) * glow[..., None]), 70)


def _haze(image: Picture, condition: Condition) -> Picture:
    """A lens that is dirty or fogged."""
    soft = np.asarray(cv2.GaussianBlur(image, (0, 0), condition.between(1.0, 1.4)))
    return _compressed(_clipped(soft * 0.55 + condition.between(90, 100)), 60)


def _infrared(image: Picture, condition: Condition) -> Picture:
    """Night mode: grey, with local contrast and grain."""
    grey = cv2.createCLAHE(2, (8, 8)).apply(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY))
    return _compressed(
        _grainy(np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)), condition.between(3, 5), condition), 60
    )


def _small(image: Picture, _condition: Condition) -> Picture:
    """A stream of half the resolution."""
    height, width = image.shape[:2]
    half = cv2.resize(image, (max(2, width // 2), max(2, height // 2)), interpolation=cv2.INTER_AREA)
    return _compressed(np.asarray(cv2.resize(half, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8), 70)


def _blocky(image: Picture, condition: Condition) -> Picture:
    """A stream with far too few bits."""
    return _compressed(image, round(condition.between(14, 10)))


CONDITIONS: Mapping[str, Callable[[Picture, Condition], Picture]] = {
    "dim": _dim,
    "glare": _glare,
    "haze": _haze,
    "infrared": _infrared,
    "small": _small,
    "blocky": _blocky,
}


def _clipped(image: NDArray[Any]) -> Picture:
    return np.asarray(np.clip(image, 0, 255), np.uint8)


def _grainy(image: NDArray[Any], sigma: float, condition: Condition) -> Picture:
    return _clipped(image + condition.dice.normal(0, sigma, image.shape))


def _compressed(image: Picture, quality: int) -> Picture:
    jpeg = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_COLOR), np.uint8)
