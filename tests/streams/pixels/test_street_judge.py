"""The judge of streets: a real street by day, made into nights, fogs and broken cameras."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from streams.pixels.occupancy import Blind
from streams.pixels.quality import INDOORS, STREET, Quality, Thresholds, signature
from streams.simulator.street.film import Film
from streams.simulator.street.layouts import STREETS
from streams.simulator.street.scenes import StreetLight, StreetScene
from tests.support.drawn_views import START, keyframes

NIGHT_AND_OTHER = (("pasar", StreetLight.NIGHT), ("jembatan", StreetLight.DAY))
PICTURES, EVERY, EVERY_S = 12, 40, 15.0
LAMPS = ((0.2, 0.3), (0.5, 0.5), (0.8, 0.3))  # fractions of width and height


@pytest.fixture(scope="module")
def street(clips: Path) -> list[np.ndarray]:
    with av.open(str(clips / "vtest.avi")) as film:
        shown = enumerate(film.decode(video=0))
        kept = (frame.to_ndarray(format="bgr24") for number, frame in shown if number % EVERY == 0)
        return [next(kept) for _ in range(PICTURES)]


def night(image: np.ndarray, gain: float, lamps: int = 3) -> np.ndarray:
    """Return the picture with this share of its light, and around lamps more."""
    height, width = image.shape[:2]
    glow = np.zeros((height, width), np.float32)
    for u, v in LAMPS[:lamps]:
        cv2.circle(glow, (round(u * width), round(v * height)), 5, (1.0,), -1)
    near, wide = cv2.GaussianBlur(glow, (0, 0), 4) * 3, cv2.GaussianBlur(glow, (0, 0), 40) * 20
    lit = image * np.clip(near + wide, 0, 0.6)[..., None] * 0.6
    return np.asarray(image * (gain * np.array((1.1, 0.95, 0.9))) + lit + 200 * (near > 0.5)[..., None], np.float32)


def fog(image: np.ndarray, left: float) -> np.ndarray:
    """Return the picture with this share of its contrast."""
    return np.asarray(cv2.GaussianBlur(image, (0, 0), 2) * left + 160)


def judge(pictures: list[np.ndarray], limits: Thresholds, every_s: float = EVERY_S) -> set[Blind | None]:
    dice, quality = np.random.default_rng(3), Quality(thresholds=limits)
    noisy = [np.clip(one + dice.normal(0, 3, one.shape), 0, 255).astype(np.uint8) for one in pictures]
    return {quality.judge(one, START + timedelta(seconds=n * every_s)) for n, one in enumerate(noisy)}


HEALTHY: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "day": lambda image: image,
    "lamps": lambda image: night(image, 0.12),
    "few lamps": lambda image: night(image, 0.08),
    "fog": lambda image: fog(image, 0.2),
    "dense fog": lambda image: fog(image, 0.08),
    "wet glass at night": lambda image: cv2.GaussianBlur(night(image, 0.12), (0, 0), 2),
}


@pytest.mark.parametrize("made", HEALTHY.values(), ids=HEALTHY)
def test_night_between_lamps_and_fog_are_no_fault(
    street: list[np.ndarray], made: Callable[[np.ndarray], np.ndarray]
) -> None:
    assert judge([made(image) for image in street], STREET) == {None}


def test_the_judge_of_offices_would_call_such_a_night_dark(street: list[np.ndarray]) -> None:
    assert judge([night(image, 0.12) for image in street[:3]], INDOORS) == {Blind.DARK}


def test_a_street_without_any_light_is_dark(street: list[np.ndarray]) -> None:
    assert judge([night(image, 0.03, 0) for image in street[:3]], STREET) == {Blind.DARK}


def test_a_cloth_over_the_lens_is_covered(street: list[np.ndarray]) -> None:
    height, width = street[0].shape[:2]
    cloth = np.linspace(46, 70, width)[None, :, None] * np.linspace(1.1, 0.8, height)[:, None, None]
    assert judge([cloth * np.ones(3)] * 3, STREET) == {Blind.COVERED}


def test_an_empty_road_is_frozen_only_after_five_minutes(street: list[np.ndarray]) -> None:
    still = keyframes([street[0]] * 2)[1]
    quality = Quality(thresholds=STREET)
    found = [quality.judge(still, START + timedelta(seconds=EVERY_S * n)) for n in range(24)]
    assert found == [None] * 20 + [Blind.FROZEN] * 4


def test_lamps_of_a_night_are_no_other_street_than_the_reference_by_day_and_by_day_another_is() -> None:
    shown = [Film(STREETS[name], StreetScene.FLOW, light).picture(0.0) for name, light in NIGHT_AND_OTHER]
    reference = Film(STREETS["pasar"], StreetScene.FLOW, StreetLight.DAY).picture(0.0)
    found = []
    for image in shown:
        dice, quality = np.random.default_rng(3), Quality(signature(reference), thresholds=STREET)
        noisy = [np.clip(image + dice.normal(0, 3, image.shape), 0, 255).astype(np.uint8) for _ in range(6)]
        found.append({quality.judge(one, START + timedelta(seconds=n * EVERY_S)) for n, one in enumerate(noisy)})
    assert found[0] == {None}
    assert Blind.SCENE in found[1]
