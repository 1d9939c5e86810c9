"""When the traffic of a lane stands."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from streams.looks.streets.congestion_rule import DrawnLane, LaneTraffic, TrafficLevel
from streams.looks.streets.precision_rule import is_muted, precision_of
from streams.pixels.shapes import Box

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LANE = DrawnLane(((0.2, 0.1), (0.8, 0.1), (0.8, 0.95), (0.2, 0.95)))
QUEUE = [Box(0.3, y, 0.4, y + 0.1) for y in (0.2, 0.4, 0.6, 0.75)]
LOOK = 10


def after(traffic: LaneTraffic, looks: list[list[Box]], first_s: int = 0) -> list[TrafficLevel]:
    """Return the level after each of these looks, LOOK seconds apart."""
    return [traffic.look(boxes, START + timedelta(seconds=first_s + LOOK * n)) for n, boxes in enumerate(looks)]


def test_a_queue_is_told_after_three_minutes_dated_from_its_beginning_and_ends_when_it_flows() -> None:
    traffic = LaneTraffic(LANE)
    levels = after(traffic, [QUEUE] * 19)
    assert levels[17:] == [TrafficLevel.FLOWS, TrafficLevel.JAMMED]
    assert traffic.since == START
    assert after(traffic, [[]] * 12, 190)[-1] is TrafficLevel.FLOWS
    assert traffic.since is None


def test_two_that_stand_are_dense_and_one_is_parked() -> None:
    assert after(LaneTraffic(LANE), [QUEUE[:2]] * 30)[-1] is TrafficLevel.DENSE
    assert after(LaneTraffic(LANE), [QUEUE[:1]] * 90)[-1] is TrafficLevel.FLOWS


def test_what_stands_beside_the_lane_does_not_count() -> None:
    beside = [Box(0.85, y, 0.95, y + 0.1) for y in (0.2, 0.4, 0.6)]
    assert after(LaneTraffic(LANE), [beside] * 60)[-1] is TrafficLevel.FLOWS


def test_after_a_gap_in_the_looks_nothing_is_known_of_before() -> None:
    traffic = LaneTraffic(LANE)
    after(traffic, [QUEUE] * 15)
    assert after(traffic, [QUEUE] * 15, 600)[-1] is TrafficLevel.FLOWS


moved = st.floats(0.12, 0.3)


@given(st.lists(st.lists(moved, min_size=4, max_size=4), min_size=30, max_size=60))
def test_traffic_that_moves_between_looks_never_stands(steps: list[list[float]]) -> None:
    traffic, looks, places = LaneTraffic(LANE), [], [0.0] * 4
    for step in steps:
        # Each stays in its column and goes on at each look by more than its own length; who leaves comes again.
        places = [(place + by) % 0.85 for place, by in zip(places, step, strict=True)]
        looks.append([Box(0.2 + 0.15 * n, y, 0.3 + 0.15 * n, y + 0.1) for n, y in enumerate(places)])
    assert TrafficLevel.JAMMED not in after(traffic, looks)


@given(st.lists(st.lists(st.floats(-0.008, 0.008), min_size=4, max_size=4), min_size=20, max_size=40), st.data())
def test_a_queue_is_told_though_boxes_tremble_and_each_is_missed_at_times(
    trembling: list[list[float]], data: st.DataObject
) -> None:
    looks = []
    for n, by in enumerate(trembling):
        hidden = data.draw(st.integers(0, 3)) if n % 3 == 1 else None
        boxes = [Box(box.x0 + d, box.y0, box.x1 + d, box.y1) for box, d in zip(QUEUE, by, strict=True)]
        looks.append([box for place, box in enumerate(boxes) if place != hidden])
    assert after(LaneTraffic(LANE), looks)[-1] is TrafficLevel.JAMMED


@given(st.lists(st.booleans(), max_size=40), st.integers(3, 20), st.integers(0, 100))
def test_hints_fall_silent_only_after_enough_decisions(newest: list[bool], counted: int, least: int) -> None:
    precision = precision_of(newest, counted)
    silent = is_muted(precision, counted, least)
    assert not (silent and len(newest) < counted)
    assert not (silent and all(newest[:counted]))
    assert silent or len(newest) < counted or sum(newest[:counted]) * 100 >= least * counted
