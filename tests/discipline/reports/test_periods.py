"""A report's period in its address, and the addresses that are refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discipline.reports.numbers.period import DAY, BadPeriod, Period, PeriodKind, parse_period, period_of

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("key", "first", "last"),
    [
        ("2026-11-22", date(2026, 11, 22), date(2026, 11, 22)),
        ("2026-W47", date(2026, 11, 16), date(2026, 11, 22)),
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 4)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-T4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-11-03..2026-11-09", date(2026, 11, 3), date(2026, 11, 9)),
    ],
)
def test_an_address_names_its_days(key: str, first: date, last: date) -> None:
    period = parse_period(key, TODAY)
    assert (period.first, period.last, period.key) == (first, last, key)


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("2026-11-09..2026-11-03", BadPeriod.BACKWARDS),
        ("2026-11-24", BadPeriod.FUTURE),
        ("2027", BadPeriod.FUTURE),
        ("2020-01-01..2026-01-01", BadPeriod.TOO_LONG),
        ("2026-02-30", BadPeriod.UNREADABLE),
        ("2026-W54", BadPeriod.UNREADABLE),
        ("2026-13", BadPeriod.UNREADABLE),
        ("0000", BadPeriod.UNREADABLE),
        ("0001-01-01..0001-01-05", BadPeriod.UNREADABLE),
        ("minggu lalu", BadPeriod.UNREADABLE),
        ("", BadPeriod.UNREADABLE),
        ("٢٠٢٦", BadPeriod.UNREADABLE),
    ],
)
def test_a_wrong_one_says_what_is_wrong(key: str, code: str) -> None:
    with pytest.raises(BadPeriod) as caught:
        parse_period(key, TODAY)
    assert caught.value.code == code


def test_a_month_that_runs_now_is_fine() -> None:
    assert parse_period("2026-11", TODAY).last == date(2026, 11, 30)


@given(st.sampled_from(PeriodKind), st.dates(date(2001, 1, 1), date(2099, 12, 31)), st.integers(0, 400))
def test_periods_follow_each_other_without_a_gap(kind: PeriodKind, day: date, more: int) -> None:
    period = Period(kind, day, day + more * DAY) if kind is PeriodKind.RANGE else period_of(kind, day)
    assert day in period
    assert period.before.last + DAY == period.first
    assert period.after.first - DAY == period.last
    assert period.before.after == period
    assert parse_period(period.key, date(2200, 1, 1)) == period
