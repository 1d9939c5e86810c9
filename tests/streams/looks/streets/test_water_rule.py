"""How high water stands at a mark, on shares made up and on rendered streets."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.looks.streets.marks import mark_box, mark_of
from streams.looks.streets.water_rule import HIDDEN, SEEN, WaterHeight, WaterMark, height_of
from streams.pixels.jpeg import Picture
from streams.simulator.street.film import Film
from streams.simulator.street.layouts import STREETS
from streams.simulator.street.scenes import StreetLight, StreetScene

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
GAUGE = mark_box([(0.265, 0.483), (0.3, 0.483), (0.3, 0.55), (0.265, 0.55)])  # of the street "rendah", a metre high

hidden, seen = st.floats(0, HIDDEN - 0.01), st.floats(SEEN, 1)


@given(st.integers(0, 3), st.data())
def test_the_parts_that_are_hidden_from_below_say_how_high(drowned: int, data: st.DataObject) -> None:
    shares = [data.draw(hidden if part < drowned else seen) for part in range(4)]
    assert height_of(shares) is list(WaterHeight)[drowned]


@given(st.lists(st.floats(0, 1), min_size=3, max_size=3), st.floats(0, SEEN - 0.01))
def test_without_the_top_nothing_is_told(below: list[float], top: float) -> None:
    assert height_of([*below, top]) is None


@given(hidden, seen, seen)
def test_what_hides_the_middle_is_no_water(middle: float, low: float, top: float) -> None:
    assert height_of([low, middle, low, top]) is None


def after_minutes(scene: StreetScene, light: StreetLight) -> WaterHeight:
    """Return the level after seven minutes of a rendered scene, looked at every ten seconds."""
    dice = np.random.default_rng(3)
    mark = WaterMark(mark_of(Film(STREETS["rendah"], StreetScene.FLOW, StreetLight.DAY).picture(0.0), GAUGE))
    film = Film(STREETS["rendah"], scene, light)
    painted = [film.picture(second) for second in (0.0, 2.0, 4.0, 6.0)]
    for look in range(42):
        noise = dice.normal(0, 2.5, (360, 640, 1))
        image: Picture = np.clip(painted[look % 4] + noise, 0, 255).astype(np.uint8)
        mark.look(mark_of(image, GAUGE), START + timedelta(seconds=10 * look))
    return mark.level


@pytest.mark.parametrize("light", [StreetLight.RAIN, StreetLight.NIGHT])
def test_rendered_water_is_told_and_dry_streets_are_not(light: StreetLight) -> None:
    assert after_minutes(StreetScene.FLOW, light) is WaterHeight.NONE
    assert after_minutes(StreetScene.FLOOD_HIGH, light) in (WaterHeight.ANKLE, WaterHeight.CALF)
