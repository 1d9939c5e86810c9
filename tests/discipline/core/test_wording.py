"""Deadlines and headings of days as text: midnight ends a day, and nothing reads a day late."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from discipline.core.wording import day_heading, deadline
from tests.support.clock import wib

MIDNIGHT = datetime(2026, 12, 1, 17, 0, tzinfo=UTC)  # Wednesday 2 December 00.00 WIB
TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("language", "full", "text"),
    [
        ("id", False, "Selasa 1 Des, 24.00 WIB"),
        ("id", True, "Selasa 1 Desember 2026, 24.00 WIB"),
        ("en", False, "Tuesday 1 Dec, 24:00 WIB"),
    ],
)
def test_midnight_is_the_end_of_the_day_before(language: str, full: bool, text: str) -> None:
    with translation.override(language):
        assert deadline(MIDNIGHT, full=full) == text


def test_any_other_time_is_of_its_own_day() -> None:
    with translation.override("id"):
        assert deadline(wib("16:00")) == "Senin 23 Nov, 16.00 WIB"
        assert deadline(wib("00:01")) == "Senin 23 Nov, 00.01 WIB"


def test_the_last_night_of_a_year_ends_that_year() -> None:
    with translation.override("id"):
        assert deadline(datetime(2026, 12, 31, 17, 0, tzinfo=UTC), full=True) == "Kamis 31 Desember 2026, 24.00 WIB"


@pytest.mark.parametrize(
    ("day", "heading"),
    [
        (date(2026, 11, 24), "Hari ini"),
        (date(2026, 11, 23), "Kemarin"),
        (date(2026, 11, 22), "Min 22 Nov"),
        (date(2025, 11, 24), "Sen 24 Nov 2025"),
    ],
)
def test_days_have_the_headings_that_people_use(day: date, heading: str) -> None:
    with translation.override("id"):
        assert day_heading(day, TODAY) == heading
