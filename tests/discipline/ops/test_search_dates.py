"""Days as people type them into the search."""

from datetime import date

import pytest

from discipline.ops.search.dates import day_in

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("23 november", TODAY),
        ("Laporan harian Minggu, 22 Nov 2026", date(2026, 11, 22)),
        ("serah terima 1/12", date(2025, 12, 1)),  # the newest that has come
        ("shift 5 december 2025", date(2025, 12, 5)),
        ("2026-02-28", date(2026, 2, 28)),
        ("kemarin", date(2026, 11, 22)),
        ("today", TODAY),
        ("30 februari", None),
        ("5 ma", None),
        ("3 m", None),
        ("2026-13-01", None),
        ("35 ilir", None),
        ("november", None),
        ("", None),
    ],
)
def test_a_day_and_nothing_else(typed: str, day: date | None) -> None:
    assert day_in(typed, TODAY) == day
