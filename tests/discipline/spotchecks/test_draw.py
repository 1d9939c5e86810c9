"""The draw of a spot check, which can be verified afterwards."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discipline.spotchecks.draw import Candidate, draw, lot, waiting_time

SEEDS = st.text(min_size=1, max_size=32)
WEIGHTS = st.dictionaries(st.text("0123456789.", min_size=1, max_size=13), st.integers(1, 150), min_size=1, max_size=30)
CITY = {f"16.71.{n:02}": weight for n, weight in enumerate((10, 10, 25, 60, 150, 150, 100, 10, 40, 90))}


@given(SEEDS, WEIGHTS, st.integers(1, 40))
def test_no_office_is_drawn_twice_and_none_from_outside(seed: str, weights: dict[str, int], count: int) -> None:
    drawn = draw(seed, weights, count)
    assert len(drawn) == len(set(drawn)) == min(count, len(weights))
    assert set(drawn) <= weights.keys()


@given(SEEDS, WEIGHTS, st.integers(1, 40))
def test_the_same_seed_draws_the_same_offices_however_they_are_listed(
    seed: str, weights: dict[str, int], count: int
) -> None:
    backwards = dict(reversed(list(weights.items())))
    assert draw(seed, weights, count) == draw(seed, backwards, count)


@given(SEEDS, WEIGHTS, st.integers(1, 40), st.integers(1, 100), st.data())
def test_whoever_weighs_more_is_never_drawn_later(
    seed: str, weights: dict[str, int], count: int, more: int, data: st.DataObject
) -> None:
    code = data.draw(st.sampled_from(sorted(weights)))
    order = draw(seed, weights, len(weights))
    heavier = draw(seed, weights | {code: weights[code] + more}, len(weights))
    assert heavier.index(code) <= order.index(code)
    if code in order[:count]:
        assert code in heavier[:count]


@given(SEEDS, WEIGHTS, st.integers(1, 40))
def test_an_office_can_check_itself_by_the_longest_turn_that_was_drawn(
    seed: str, weights: dict[str, int], count: int
) -> None:
    drawn = draw(seed, weights, count)
    last = waiting_time(seed, drawn[-1], weights[drawn[-1]])
    assert {code for code in weights if waiting_time(seed, code, weights[code]) <= last} == set(drawn)


@given(SEEDS, st.text(max_size=13))
def test_a_lot_never_reaches_its_ends(seed: str, code: str) -> None:
    assert 0 < lot(seed, code) < 1


def test_every_office_has_a_chance_and_as_large_a_one_as_it_weighs() -> None:
    first = Counter(draw(f"benih {n}", CITY, 1)[0] for n in range(6000))
    total = sum(CITY.values())
    for code, weight in CITY.items():
        assert first[code] / 6000 == pytest.approx(weight / total, abs=0.015)
        assert first[code] > 0


@given(st.one_of(st.none(), st.integers(0, 400)), st.integers(0, 89), st.integers(0, 30))
def test_long_unchecked_or_often_in_trouble_weighs_more(days: int | None, fewer: int, troubles: int) -> None:
    weight = Candidate("1", days, troubles).weight
    assert weight >= Candidate("1", 0, 0).weight > 0
    assert Candidate("1", None, troubles).weight >= weight
    assert Candidate("1", fewer + 1, troubles).weight > Candidate("1", fewer, troubles).weight
    assert Candidate("1", days, troubles + 1).weight >= weight


def test_the_rule_gives_for_ever_what_it_gave_when_it_was_made() -> None:
    assert draw("sidak", CITY, 4) == ("16.71.04", "16.71.05", "16.71.06", "16.71.03")
    with pytest.raises(ValueError, match="weight"):
        waiting_time("sidak", "1", 0)
