"""The light of a picture is the same or another one, whatever the grain. Real pictures."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.looks.labels import pictures
from streams.pixels.light import Picture
from streams.pixels.light_change import MeasuredLight
from streams.simulator.weather import CONDITIONS, draw_condition

pytestmark = pytest.mark.clips


@pytest.fixture(scope="module")
def room(clips: Path) -> Picture:
    return next(pictures(clips / "one-by-one-person-detection.mp4", 1.0))[1]


@pytest.mark.parametrize("name", CONDITIONS)
def test_two_pictures_in_the_same_weather_have_the_same_light(room: Picture, name: str) -> None:
    condition = draw_condition(name, 1)
    first, second = (MeasuredLight.of(condition.show(room)) for _ in range(2))
    assert first.is_like(second)
    assert second.is_like(first)


@pytest.mark.parametrize("name", CONDITIONS)
def test_weather_is_another_light(room: Picture, name: str) -> None:
    shown = MeasuredLight.of(draw_condition(name, 1).show(room))
    assert not shown.is_like(MeasuredLight.of(room))
    assert not MeasuredLight.of(room).is_like(shown)


@given(gain=st.one_of(st.floats(0.2, 0.75), st.floats(1.35, 2)), row=st.integers(0, 7), column=st.integers(0, 7))
def test_a_lamp_or_a_blind_in_one_place_is_another_light(gain: float, row: int, column: int) -> None:
    image = np.random.default_rng(1).integers(60, 100, (160, 160, 3)).astype(np.uint8)
    before = MeasuredLight.of(image)
    place = slice(20 * row, 20 * row + 20), slice(20 * column, 20 * column + 20)
    image[place] = np.clip(image[place] * gain, 0, 255).astype(np.uint8)
    assert not MeasuredLight.of(image).is_like(before)
