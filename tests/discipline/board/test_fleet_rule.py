"""When the notice is shown that many cameras can't be read."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discipline.board.fleet_rule import UNREAD_AFTER, FleetCount, WatchedCounter, count_fleet, is_shown
from discipline.staffing.rule import State
from tests.support.base import MORNING

LONG_AGO, JUST_NOW = MORNING - timedelta(minutes=10), MORNING - UNREAD_AFTER / 2


def counter(camera: int, state: State, **more: object) -> WatchedCounter:
    return WatchedCounter(**{"camera": camera, "state": state.value, "since": LONG_AGO, "saw_at": LONG_AGO} | more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("counters", "blind", "total"),
    [
        ([counter(1, State.UNKNOWN), counter(2, State.STAFFED), counter(3, State.ABSENT)], 1, 3),
        ([counter(1, State.UNKNOWN, saw_at=None)], 1, 1),
        ([counter(1, State.UNKNOWN), counter(1, State.GRACE)], 0, 1),  # one of the camera's counters is read
        ([counter(1, State.UNKNOWN), counter(1, State.CLOSED)], 1, 1),
        ([counter(1, State.CLOSED)], 0, 0),  # need not be read
        ([counter(1, State.UNKNOWN, since=JUST_NOW)], 0, 1),  # as every counter at the opening
        ([counter(1, State.UNKNOWN, saw_at=JUST_NOW)], 0, 1),  # as at the end of a system incident
        ([], 0, 0),
    ],
)
def test_a_camera_counts_when_none_of_its_counters_on_duty_is_read(
    counters: list[WatchedCounter], blind: int, total: int
) -> None:
    assert count_fleet(counters, MORNING) == FleetCount(blind, total)


@pytest.mark.parametrize(
    ("blind", "total", "shown_before", "shown"),
    [
        (36, 107, False, True),
        (35, 107, False, False),
        (35, 107, True, True),
        (22, 107, True, True),
        (21, 107, True, False),
        (3, 9, False, True),
        (1, 3, False, False),  # a small city must not shout at one lost camera
        (2, 3, False, False),
        (3, 3, False, True),
        (2, 3, True, True),
        (1, 3, True, False),
        (0, 0, False, False),
        (0, 0, True, False),
    ],
)
def test_the_bounds(blind: int, total: int, shown_before: bool, shown: bool) -> None:
    assert is_shown(FleetCount(blind, total), shown_before) is shown


@given(st.integers(0, 300).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_what_is_shown_stays_when_one_camera_comes_back(fleet: tuple[int, int]) -> None:
    blind, total = fleet
    if is_shown(FleetCount(blind, total), False):
        assert blind >= 3
        assert blind * 3 >= total
        assert is_shown(FleetCount(blind - 1, total), True), "one camera that comes and goes never makes it flicker"


@given(st.integers(0, 300), st.integers(0, 300))
def test_the_bound_is_lower_while_it_is_shown(blind: int, total: int) -> None:
    assert is_shown(FleetCount(blind, total), True) or not is_shown(FleetCount(blind, total), False)
