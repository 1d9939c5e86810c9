"""Boxes and polygons: overlap, membership, and polygons that can't be a zone."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from streams.pixels.shapes import Box, DrawnZone, Point, polygon_problem

Polygon = tuple[Point, ...]

SQUARE = ((0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8))
# An L around a pillar: concave, as a staff side often is.
ELL = ((0.1, 0.1), (0.9, 0.1), (0.9, 0.4), (0.4, 0.4), (0.4, 0.9), (0.1, 0.9))

fractions = st.floats(0, 1).map(lambda value: round(value, 3))


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    xs, ys = sorted((draw(fractions), draw(fractions))), sorted((draw(fractions), draw(fractions)))
    assume(xs[1] - xs[0] > 0.01 and ys[1] - ys[0] > 0.01)
    return Box(xs[0], ys[0], xs[1], ys[1])


@st.composite
def stars(draw: st.DrawFn) -> Polygon:
    """Polygons that never cross themselves, concave ones included: points at growing angles around the middle."""
    angles = sorted(draw(st.lists(st.integers(0, 359), min_size=3, max_size=9, unique=True)))
    gaps = [b - a for a, b in zip(angles, [*angles[1:], angles[0] + 360], strict=True)]
    assume(max(gaps) < 180)
    reach = draw(st.lists(st.floats(0.1, 0.5), min_size=len(angles), max_size=len(angles)))
    turns = [math.radians(angle) for angle in angles]
    return tuple((0.5 + r * math.cos(turn), 0.5 + r * math.sin(turn)) for turn, r in zip(turns, reach, strict=True))


def rectangle(box: Box) -> DrawnZone:
    return DrawnZone(1, 1, ((box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1)))


@given(boxes(), boxes())
def test_share_in_a_rectangle_is_the_plain_overlap(zone_box: Box, box: Box) -> None:
    assert rectangle(zone_box).share(box) == pytest.approx(zone_box.overlap(box) / box.area, abs=1e-9)


@given(stars(), boxes())
def test_share_of_two_halves_adds_up_to_the_whole(polygon: Polygon, box: Box) -> None:
    zone = DrawnZone(1, 1, polygon)
    lower = Box(box.x0, box.upper.y1, box.x1, box.y1)
    assert 0 <= zone.share(box) <= 1
    assert zone.share(box) == pytest.approx((zone.share(box.upper) + zone.share(lower)) / 2, abs=1e-6)


@given(stars(), boxes())
def test_the_way_round_a_polygon_does_not_matter(polygon: Polygon, box: Box) -> None:
    assert DrawnZone(1, 1, polygon).share(box) == pytest.approx(DrawnZone(1, 1, polygon[::-1]).share(box), abs=1e-9)


@given(stars(), boxes())
def test_share_agrees_with_counting_points(polygon: Polygon, box: Box) -> None:
    zone = DrawnZone(1, 1, polygon)
    xs = np.linspace(box.x0, box.x1, 42)[1:-1]
    ys = np.linspace(box.y0, box.y1, 42)[1:-1]
    counted = np.mean([zone.contains((x, y)) for x in xs for y in ys])
    assert zone.share(box) == pytest.approx(counted, abs=0.08)


@given(stars())
def test_a_picture_sized_box_holds_the_whole_polygon(polygon: Polygon) -> None:
    zone, whole = DrawnZone(1, 1, polygon), Box(0, 0, 1, 1)
    assert zone.share(whole) <= zone.bounds.area + 1e-9
    assert polygon_problem(polygon) in {None, "small"}


def test_the_hollow_of_an_ell_is_outside() -> None:
    zone = DrawnZone(1, 1, ELL)
    assert zone.share(Box(0.5, 0.5, 0.9, 0.9)) == 0
    assert zone.share(Box(0.1, 0.1, 0.4, 0.9)) == pytest.approx(1)
    assert zone.share(Box(0.2, 0.2, 0.6, 0.6)) == pytest.approx(1 - 0.25)
    assert not zone.contains((0.7, 0.7))
    assert zone.contains((0.2, 0.8))


def test_a_clerk_whose_legs_the_counter_hides_is_in_the_zone() -> None:
    zone = DrawnZone(1, 1, SQUARE)
    assert zone.holds(Box(0.3, 0.45, 0.5, 1.0))  # half of the box inside
    assert zone.holds(Box(0.25, 0.6, 0.45, 1.0))  # a guessed box down to the floor, its upper body inside


def test_a_visitor_with_only_the_feet_in_the_zone_is_not_staff() -> None:
    assert not DrawnZone(1, 1, SQUARE).holds(Box(0.3, 0.0, 0.5, 0.35))


def test_a_visitor_beside_the_zone_is_not_staff() -> None:
    assert not DrawnZone(1, 1, SQUARE).holds(Box(0.7, 0.2, 0.95, 0.8))


def test_a_box_of_no_area_is_nowhere() -> None:
    assert DrawnZone(1, 1, SQUARE).share(Box(0.5, 0.5, 0.5, 0.9)) == 0


def test_widening_stops_at_the_edge_of_the_picture() -> None:
    assert Box(0.25, 0.0, 0.5, 0.9).widened(0.5) == Box(0.125, 0.0, 0.625, 1.0)


@pytest.mark.parametrize(
    ("polygon", "problem"),
    [
        (SQUARE, None),
        (ELL, None),
        (((0, 0), (1, 0), (1, 1), (0, 1)), None),
        (((0.1, 0.1), (0.5, 0.5)), "few_points"),
        (((0.1, 0.1), (0.5, 0.5), (0.1, 0.1)), "few_points"),
        (((0.1, 0.1), (1.2, 0.1), (0.5, 0.9)), "outside"),
        (((0.1, -0.01), (0.9, 0.1), (0.5, 0.9)), "outside"),
        (((0.1, math.nan), (0.9, 0.1), (0.5, 0.9)), "outside"),
        (((0.2, 0.2), (0.8, 0.8), (0.8, 0.2), (0.2, 0.8)), "crossing"),
        (((0.2, 0.2), (0.8, 0.2), (0.5, 0.2), (0.5, 0.8)), "crossing"),  # runs back over itself
        (((0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.8, 0.8), (0.2, 0.8)), "crossing"),  # one point twice
        (((0.2, 0.2), (0.8, 0.2), (0.5, 0.5), (0.8, 0.8), (0.2, 0.8), (0.5, 0.5)), "crossing"),
        (((0.2, 0.2), (0.23, 0.2), (0.23, 0.23), (0.2, 0.23)), "small"),
        (((0.1, 0.50), (0.9, 0.50), (0.9, 0.52), (0.1, 0.52)), "small"),
        (((0.1, 0.1), (0.5, 0.1), (0.9, 0.1)), "crossing"),  # flat
    ],
)
def test_a_polygon_that_cannot_be_a_zone_says_why(polygon: Polygon, problem: str | None) -> None:
    assert polygon_problem(polygon) == problem
