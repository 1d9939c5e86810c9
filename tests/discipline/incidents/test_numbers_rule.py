"""Median and 90th percentile of times, and what small counts the public does not see."""

from datetime import timedelta

import pytest

from discipline.incidents.numbers.statistics_rule import Spread, hidden_for_public, spread


@pytest.mark.parametrize(
    ("minutes", "median", "p90"),
    [([], None, None), ([4], 4, 4), ([3, 1], 2, 3), ([*range(1, 11)], 5.5, 9), ([*range(1, 12)], 6, 10)],
)
def test_a_spread_has_the_middle_and_the_time_within_which_nine_of_ten_lie(
    minutes: list[int], median: float | None, p90: int | None
) -> None:
    found = spread(timedelta(minutes=one) for one in minutes)
    expected = [None if one is None else one * 60 for one in (median, p90)]
    assert [found.number, found.median_s, found.p90_s] == [len(minutes), *expected]
    assert found.for_public() == (found if len(minutes) >= 5 else Spread())


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ({}, ""),
        ({"a": 5, "b": 0, "c": 9}, ""),
        ({"a": 4, "b": 1, "c": 9}, "ab"),
        ({"a": 4, "b": 8, "c": 6}, "ac"),  # a alone could be computed from the total
        ({"a": 4, "b": 0}, "a"),
    ],
)
def test_counts_below_five_are_hidden_so_that_none_can_be_computed(counts: dict[str, int], hidden: str) -> None:
    assert hidden_for_public(counts) == set(hidden)
