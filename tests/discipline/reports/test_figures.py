"""Availability always with its coverage, ranking with ties, bands."""

from dataclasses import dataclass, replace
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from discipline.reports.numbers import numerals
from discipline.reports.numbers.figures import NUMBERS, Sums, band_of, minutes, percent, ranked

HOUR = 3600


@dataclass(frozen=True)
class Office:
    name: str
    sums: Sums


def office(name: str, staffed_h: float, unknown_h: float = 0, excused_h: float = 0) -> Office:
    staffed, unknown, excused = (int(hours * HOUR) for hours in (staffed_h, unknown_h, excused_h))
    absent = 10 * HOUR - staffed - unknown - excused
    return Office(name, Sums(1, 10 * HOUR, staffed_s=staffed, absent_s=absent, excused_s=excused, unknown_s=unknown))


def test_neither_an_unseen_nor_an_excused_hour_lowers_availability() -> None:
    sums = office("", staffed_h=4, unknown_h=3, excused_h=1).sums
    assert sums.availability == pytest.approx(4 / 6)
    assert sums.coverage == pytest.approx(0.7)


def test_below_the_floor_there_is_too_little_data_and_no_low_score() -> None:
    half_seen = office("", staffed_h=0, unknown_h=5).sums
    assert not half_seen.enough(60)
    assert half_seen.enough(50)
    assert not Sums().enough(1)
    assert office("", staffed_h=0, excused_h=10).sums.availability is None


def test_ties_share_a_place_and_too_little_data_has_none() -> None:
    offices = [
        office("Sako", 9),
        office("Plaju", 9.001),  # 90.0 % as shown, too
        office("Gandus", 5),
        office("Kalidoni", 10),
        office("Kertapati", 4, unknown_h=6),
    ]
    order = [(one.place, one.line.name) for one in ranked(offices, 60)]
    assert order == [(1, "Kalidoni"), (2, "Plaju"), (2, "Sako"), (4, "Gandus"), (None, "Kertapati")]


@pytest.mark.parametrize(("share", "shown"), [(0.98765, "98.8"), (0.9995, "100.0"), (0.1225, "12.3"), (0, "0.0")])
def test_a_percentage_is_rounded_half_up(share: float, shown: str) -> None:
    assert percent(share) == Decimal(shown)
    assert percent(None) is None
    assert minutes(93) == Decimal("1.6")


def test_a_minute_begun_counts_into_its_band() -> None:
    edges = ((1, 30), (31, 60), (61, 90), (91, None))
    found = [band_of(seconds, edges) for seconds in (0, 1, 1800, 1801, 5400, 5401, 99999)]
    assert found == [None, 0, 0, 1, 2, 3, 3]


seconds = st.integers(0, 10**6)
sums = st.fixed_dictionaries(dict.fromkeys(NUMBERS, seconds)).map(Sums.of)


@given(sums, sums, sums)
def test_it_does_not_matter_in_which_order_days_are_added_up(a: Sums, b: Sums, c: Sums) -> None:
    assert (a + b) + c == a + (b + c) == (c + a) + b
    assert a + Sums() == a
    assert replace(a + b, longest_s=0) == replace(b + a, longest_s=0)


def test_lengths_are_told_in_the_unit_that_people_picture() -> None:
    with override("id"):
        shown = [numerals.hours(seconds) for seconds in (0, 1110, 3_599, 3_600, 60_923, 60_923_148)]
    assert shown == ["0 menit", "18,5 menit", "60 menit", "1 jam", "16,9 jam", "16.923 jam"]
