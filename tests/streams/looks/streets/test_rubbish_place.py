"""What comes to lie in a drawn place, on surfaces made up and on rendered streets."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.looks.streets.marks import cells_inside, place_box, place_of
from streams.looks.streets.rubbish_place import GRID, SIZE, Grey, RubbishPlace
from streams.looks.streets.rubbish_rule import RubbishAmount
from streams.pixels.jpeg import Picture
from streams.pixels.shapes import Box
from streams.simulator.street.film import Film
from streams.simulator.street.footage import NOISE
from streams.simulator.street.layouts import STREETS
from streams.simulator.street.scenes import StreetLight, StreetScene
from tests.support.paths import CLIPS

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LASTS, SHORT = timedelta(minutes=20), timedelta(minutes=4)
INSIDE = np.zeros((GRID, GRID), bool)
INSIDE[6:18, 6:18] = True
HEAP = Box(0.3, 0.3, 0.52, 0.52)
NONE, SOME, MUCH = RubbishAmount


def asphalt(seed: int, light: float = 90.0) -> Grey:
    """Return a surface with a kerb, in this light, with noise of its own."""
    grey = np.full((SIZE, SIZE), light)
    grey[: SIZE // 4, ::9] *= 1.4
    return (grey + np.random.default_rng(seed).normal(0, 1.5, grey.shape)).astype(np.float32)


def with_heap(grey: Grey, box: Box = HEAP) -> Grey:
    """Return the surface with bags and sheets on it, as bright as its light makes them."""
    x0, y0, x1, y1 = (round(SIZE * side) for side in (box.x0, box.y0, box.x1, box.y1))
    bags = np.random.default_rng(5).uniform(0.4, 2.0, ((y1 - y0) // 3 + 1, (x1 - x0) // 3 + 1))
    heap = grey.copy()
    heap[y0:y1, x0:x1] = np.median(grey) * np.kron(bags, np.ones((3, 3)))[: y1 - y0, : x1 - x0]
    return heap


def after(place: RubbishPlace, looks: Sequence[Grey], minutes: float, first: float = 0.0) -> RubbishAmount:
    """Return the level after so many minutes of these looks in turn, ten seconds apart."""
    for number in range(round(minutes * 6)):
        place.look(looks[number % len(looks)], (), START + timedelta(minutes=first, seconds=10 * number))
    return place.level


def place(lasts: timedelta = LASTS) -> RubbishPlace:
    return RubbishPlace(INSIDE, lasts, asphalt(0))


CLEAN = [asphalt(seed) for seed in range(1, 8)]
HEAPED = [with_heap(one) for one in CLEAN]


def test_a_heap_is_told_after_it_has_lain_for_as_long_as_it_must_and_its_end() -> None:
    one = place()
    assert after(one, CLEAN, 30) is NONE
    assert after(one, HEAPED, 19, 30) is NONE
    assert after(one, HEAPED, 3, 49) is SOME
    assert one.since is not None
    assert timedelta(minutes=30) <= one.since - START <= timedelta(minutes=32)
    assert after(one, CLEAN, 4, 52) is SOME
    assert after(one, CLEAN, 4, 56) is NONE
    assert one.since is None


def test_a_heap_that_covers_the_place_is_much() -> None:
    assert after(place(), [with_heap(one, Box(0.25, 0.25, 0.75, 0.75)) for one in CLEAN], 25) is MUCH


def test_what_stays_for_less_than_it_must_is_not_told_however_often() -> None:
    one = place()
    for hour in range(3):
        assert after(one, HEAPED, 15, 60 * hour) is NONE
        assert after(one, CLEAN, 6, 60 * hour + 15) is NONE


@given(st.floats(0.3, 2.2), st.integers(0, 3))
@settings(max_examples=25, deadline=None)
def test_other_light_is_no_rubbish(gain: float, side: int) -> None:
    slope = np.rot90(np.linspace(1.0, 0.6, SIZE)[:, None] * np.ones(SIZE), side)
    assert after(place(SHORT), [np.clip(one * gain * slope, 0, 255).astype(np.float32) for one in CLEAN], 6) is NONE


@given(st.floats(0.25, 0.75), st.floats(-0.6, 0.6), st.floats(0.45, 0.9))
@settings(max_examples=40, deadline=None)
def test_the_edge_of_a_shadow_is_no_rubbish(at: float, slant: float, shade: float) -> None:
    down, across = np.indices((SIZE, SIZE)) / SIZE
    shadow = np.where(across > at + slant * (down - 0.5), shade, 1.0).astype(np.float32)
    soft = cv2.GaussianBlur(shadow, (0, 0), 1.5)
    assert after(place(SHORT), [one * soft for one in CLEAN], 6) is NONE


@given(st.integers(1, 3), st.data())
@settings(max_examples=25, deadline=None)
def test_what_passes_or_is_known_as_people_and_vehicles_is_no_rubbish(passing: int, data: st.DataObject) -> None:
    """Each of seven looks shows what passes somewhere at most `passing` times, or a box hides what stands."""
    looks = CLEAN[:]
    for number in data.draw(st.lists(st.integers(0, 6), min_size=passing, max_size=passing, unique=True)):
        x, y = (data.draw(st.floats(0.2, 0.6)) for _ in range(2))
        looks[number] = with_heap(looks[number], Box(x, y, x + 0.2, y + 0.2))
    assert after(place(SHORT), looks, 6) is NONE
    one = place(SHORT)
    for number in range(36):
        one.look(HEAPED[number % 7], [HEAP.widened(0.1)], START + timedelta(seconds=10 * number))
    assert one.level is NONE


def test_a_light_that_is_unknown_is_learnt_with_what_lies_there_already() -> None:
    dark = [asphalt(seed, 30.0) * np.where(np.arange(SIZE) // 8 % 2, 1.5, 1.0) for seed in range(1, 8)]
    night = [one.astype(np.float32) for one in dark]
    one = place()
    assert after(one, HEAPED, 25) is SOME
    assert after(one, [with_heap(look) for look in night], 60, 25) is SOME
    assert after(one, night, 10, 85) is NONE
    assert after(one, [with_heap(look) for look in night], 25, 95) is SOME
    assert after(one, CLEAN, 10, 120) is NONE


def test_time_in_which_nothing_was_seen_does_not_count() -> None:
    one = place()
    after(one, HEAPED, 10)
    assert after(one, HEAPED, 8, 90) is NONE
    unknown = RubbishPlace(INSIDE, LASTS, None)
    assert after(unknown, HEAPED, 40) is NONE


# On rendered streets

POLYGON = ((0.655, 0.45), (0.74, 0.43), (0.85, 0.6), (0.74, 0.63))  # the kerb of "pasar" where rubbish grows
BOX = place_box(POLYGON)
Scenes = StreetScene.FLOW, StreetScene.RUBBISH_SOME, StreetScene.RUBBISH_MUCH


@cache
def pictures(
    scene: StreetScene, light: StreetLight, parked: tuple[float, ...] = STREETS["pasar"].parked
) -> tuple[Picture, ...]:
    """Return seven pictures of the market's street, with noise, as if ten seconds lay between them."""
    dice = np.random.default_rng(3)
    film = Film(replace(STREETS["pasar"], parked=parked), scene, light)
    noise = [dice.normal(0, NOISE[light], (360, 640, 3)) for _ in range(7)]
    return tuple(
        np.clip(film.picture(10.3 * look % 8) + noise[look], 0, 255).astype(np.uint8) for look in range(7)
    )  # fmt: skip


def seen(scene: StreetScene, light: StreetLight) -> list[Grey]:
    return [place_of(image, BOX) for image in pictures(scene, light)]


@pytest.fixture
def kerb() -> RubbishPlace:
    reference = place_of(pictures(StreetScene.FLOW, StreetLight.DAY)[3], BOX)
    return RubbishPlace(cells_inside(POLYGON, BOX), timedelta(minutes=6), reference)


@pytest.mark.parametrize("light", [StreetLight.DAY, StreetLight.NIGHT, StreetLight.RAIN])
def test_rubbish_that_grows_at_a_market_is_told_in_its_light(kerb: RubbishPlace, light: StreetLight) -> None:
    assert after(kerb, seen(StreetScene.FLOW, light), 12) is NONE
    assert after(kerb, seen(StreetScene.RUBBISH_SOME, light), 9, 12) is SOME
    assert after(kerb, seen(StreetScene.RUBBISH_MUCH, light), 9, 21) is MUCH
    assert after(kerb, seen(StreetScene.FLOW, light), 6, 30) is NONE


def test_a_day_and_a_night_of_traffic_people_and_rain_give_no_hint(kerb: RubbishPlace) -> None:
    first = 0.0
    for light in (StreetLight.DAY, StreetLight.RAIN, StreetLight.DAY, StreetLight.DUSK, StreetLight.NIGHT) * 2:
        assert after(kerb, seen(StreetScene.FLOW, light), 15, first) is NONE
        first += 15


def test_rubbish_of_the_day_stays_told_through_the_night(kerb: RubbishPlace) -> None:
    first = 0.0
    after(kerb, seen(StreetScene.RUBBISH_MUCH, StreetLight.DAY), 9, first)
    for light in (StreetLight.DUSK, StreetLight.NIGHT, StreetLight.RAIN, StreetLight.DAY):
        first += 15
        assert after(kerb, seen(StreetScene.RUBBISH_MUCH, light), 15, first) is MUCH
    assert after(kerb, seen(StreetScene.FLOW, StreetLight.DAY), 6, first + 15) is NONE


LEFT_KERB = ((0.31, 0.45), (0.47, 0.45), (0.47, 0.85), (0.31, 0.85))


@pytest.mark.parametrize("light", [StreetLight.DAY, StreetLight.NIGHT, StreetLight.RAIN])
@pytest.mark.parametrize("metres", [15.0, 18.0, 21.5])
def test_a_car_that_comes_to_park_in_the_place_is_smooth_and_no_rubbish(metres: float, light: StreetLight) -> None:
    """The detector does not know painted cars, so nothing hides them."""
    box = place_box(LEFT_KERB)
    empty, taken = (
        [place_of(image, box) for image in pictures(StreetScene.FLOW, light, parked)] for parked in ((), (metres,))
    )
    assert np.abs(np.median(taken, axis=0) - np.median(empty, axis=0)).max() > 15  # it is there
    one = RubbishPlace(cells_inside(LEFT_KERB, box), SHORT, empty[3])
    assert after(one, empty, 3) is NONE
    assert after(one, taken, 9, 3) is NONE


PAVED = (  # drawn over where people walk and stand on the real clip
    ((0.30, 0.45), (0.55, 0.45), (0.55, 0.75), (0.30, 0.75)),
    ((0.55, 0.30), (0.75, 0.30), (0.75, 0.50), (0.55, 0.50)),
    ((0.10, 0.55), (0.30, 0.55), (0.30, 0.90), (0.10, 0.90)),
)


@pytest.mark.once
def test_people_of_a_real_street_are_no_rubbish_even_where_no_detector_knows_them() -> None:
    """A look at each second of the film, as if ten seconds lay between them: so people stay ten times longer."""
    film = cv2.VideoCapture(str(CLIPS / "vtest.avi"))
    boxes = [place_box(polygon) for polygon in PAVED]
    places = [RubbishPlace(cells_inside(polygon, box), SHORT, None) for polygon, box in zip(PAVED, boxes, strict=True)]
    for second in range(78):
        film.set(cv2.CAP_PROP_POS_FRAMES, 10 * second)
        there, image = film.read()
        assert there
        for one, box in zip(places, boxes, strict=True):
            one.look(place_of(np.asarray(image, np.uint8), box), (), START + timedelta(seconds=10 * second))
            assert one.level is NONE
