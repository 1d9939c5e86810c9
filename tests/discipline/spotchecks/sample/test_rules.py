"""The pure half of the sample: the draw, the intervals, the items, and who stands before a counter."""

from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discipline.spotchecks.sample.interval_rule import agreement, wilson
from discipline.spotchecks.sample.items_rule import ConductItem, complete, known_items
from discipline.spotchecks.sample.moments_rule import office_moments, place_in_line, twice
from discipline.spotchecks.sample.pictured import bar
from streams.looks.visits.nearby_rule import place_before, somebody_before
from streams.pixels.shapes import Box, DrawnZone

HOURS = [(1, [(0, 3600), (7200, 10800)]), (2, [(0, 3600)])]


def test_the_same_seed_and_list_give_the_same_moments() -> None:
    once, again = (office_moments("biji", "16.71.01.1001", HOURS, 5, 600) for _ in range(2))
    assert once == again
    assert len(once) == 5
    assert office_moments("biji lain", "16.71.01.1001", HOURS, 5, 600) != once
    assert office_moments("biji", "16.71.01.1002", HOURS, 5, 600) != once


@given(st.text(max_size=8), st.integers(1, 20))
def test_moments_lie_in_the_hours_and_wait_no_longer(seed: str, count: int) -> None:
    moments = office_moments(seed, "16.71.01.1001", HOURS, count, 600)
    spans = dict(HOURS)
    assert len(moments) == count
    assert all(one.at <= other.at for one, other in pairwise(moments))
    for one in moments:
        (end,) = [end for begin, end in spans[one.counter] if begin <= one.at < end]
        assert one.at <= one.until == min(one.at + 600, end)


def test_each_second_of_service_is_drawn_as_often() -> None:
    moments = [one for n in range(400) for one in office_moments(f"{n}", "16.71.01.1001", HOURS, 20, 600)]
    at_two = sum(one.counter == 2 for one in moments) / len(moments)
    afternoon = sum(one.at >= 7200 for one in moments) / len(moments)
    assert at_two == pytest.approx(1 / 3, abs=0.02)
    assert afternoon == pytest.approx(1 / 3, abs=0.02)


def test_an_office_that_never_serves_gets_none() -> None:
    assert office_moments("biji", "16.71.01.1001", [], 5, 600) == []
    assert office_moments("biji", "16.71.01.1001", [(1, [(5, 5)])], 5, 600) == []


def test_about_as_many_are_judged_twice_as_the_rule_says() -> None:
    assert sum(twice("biji", n, 20) for n in range(5000)) == pytest.approx(1000, abs=120)
    assert not any(twice("biji", n, 0) for n in range(500))
    assert all(twice("biji", n, 100) for n in range(500))


def test_each_checker_has_an_order_of_its_own() -> None:
    orders = [sorted(range(20), key=partial(place_in_line, "biji", who)) for who in (1, 2)]
    assert orders[0] != orders[1] != list(range(20))


# From the closed form of Wilson (1927), worked out by hand for 0, 1 and 15 of so many.
@pytest.mark.parametrize(
    ("seen", "judged", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (1, 30, 0.0059, 0.1667), (15, 30, 0.3315, 0.6685), (0, 0, 0.0, 1.0)],
)
def test_wilsons_interval(seen: int, judged: int, low: float, high: float) -> None:
    rate = wilson(seen, judged)
    assert (rate.low, rate.high) == (pytest.approx(low, abs=0.0002), pytest.approx(high, abs=0.0002))


@given(st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_its_rate_and_is_narrower_with_more(counts: tuple[int, int]) -> None:
    seen, judged = counts
    rate, more = wilson(seen, judged), wilson(seen * 4, judged * 4)
    assert 0.0 <= rate.low <= rate.share <= rate.high <= 1.0
    assert more.high - more.low < rate.high - rate.low


def test_impossible_counts_are_refused() -> None:
    for seen, judged in ((2, 1), (-1, 4)):
        with pytest.raises(ValueError, match="of"):
            wilson(seen, judged)


def test_agreement_says_who_saw_it() -> None:
    found = agreement([(True, True), (True, False), (False, True), (False, False), (False, False)])
    assert (found.both, found.one, found.none, found.clips, found.share) == (1, 2, 2, 5, 0.6)
    assert agreement([]).share == 0.0


def test_a_bar_stays_on_its_axis() -> None:
    drawn = bar(wilson(1, 30), 0.25)
    assert (drawn.percent, drawn.low, drawn.high) == (3, 1, 17)
    assert 0 <= float(drawn.left) <= float(drawn.at) <= float(drawn.left) + float(drawn.width) <= 100


def test_items_are_known_and_answered_completely() -> None:
    assert known_items(["asleep", "eating", "angry", "eating"]) == ["eating", "asleep"]
    whole = {item.value: "no" for item in ConductItem}
    assert complete(whole)
    assert not complete(whole | {"eating": "perhaps"})
    assert not complete(whole | {"angry": "no"})
    assert not complete({"eating": "no"})


def test_who_is_in_no_staff_side_stands_before_the_counter() -> None:
    zone = DrawnZone(1, 1, ((0.4, 0.2), (0.6, 0.2), (0.6, 0.5), (0.4, 0.5)))
    staff, visitor = Box(0.45, 0.22, 0.55, 0.48), Box(0.42, 0.52, 0.52, 0.7)
    place = place_before(zone)
    assert place.holds(staff)
    assert place.holds(visitor)
    assert not place.holds(Box(0.0, 0.0, 0.1, 0.1))
    assert not somebody_before([staff], [zone])
    assert somebody_before([staff, visitor], [zone])
