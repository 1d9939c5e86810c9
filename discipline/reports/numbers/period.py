"""The days that a report covers, and how its address names them. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

DAY = timedelta(days=1)
LONGEST_YEARS = 5


class PeriodKind(StrEnum):
    """The kinds of period; the values are used in addresses and templates."""

    DAY = "hari"
    WEEK = "minggu"
    MONTH = "bulan"
    QUARTER = "triwulan"
    YEAR = "tahun"
    RANGE = "rentang"


class BadPeriod(ValueError):
    """A period that no report can have; `code` (UNREADABLE, BACKWARDS, FUTURE or TOO_LONG) says why."""

    UNREADABLE, BACKWARDS, FUTURE, TOO_LONG = "unreadable", "backwards", "future", "too_long"

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Period:
    """Local days from `first` to `last`, both included. Weeks begin on Monday (ISO 8601)."""

    kind: PeriodKind
    first: date
    last: date

    @property
    def days(self) -> int:
        """The number of days, at least 1."""
        return (self.last - self.first).days + 1

    @property
    def key(self) -> str:
        """The period as parse_period() reads it.

        By kind: 2026-11-22, 2026-W47, 2026-11, 2026-T4, 2026, 2026-11-03..2026-11-09.
        """
        if self.kind is PeriodKind.WEEK:
            year, week, _ = self.first.isocalendar()
            return f"{year:04}-W{week:02}"
        return KEYS[self.kind].format(self.first, self.last, _quarter(self.first))

    @property
    def before(self) -> Period:
        """The period of the same kind that ends the day before this one starts; for a range, as many days."""
        if self.kind is PeriodKind.RANGE:
            return Period(PeriodKind.RANGE, self.first - self.days * DAY, self.first - DAY)
        return period_of(self.kind, self.first - DAY)

    @property
    def after(self) -> Period:
        """The period of the same kind that starts the day after this one ends; for a range, as many days."""
        if self.kind is PeriodKind.RANGE:
            return Period(PeriodKind.RANGE, self.last + DAY, self.last + self.days * DAY)
        return period_of(self.kind, self.last + DAY)

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __str__(self) -> str:
        return self.key


KEYS = {  # str.format of the first day, the last day and the quarter
    PeriodKind.DAY: "{0:%Y-%m-%d}",
    PeriodKind.MONTH: "{0:%Y-%m}",
    PeriodKind.QUARTER: "{0:%Y}-T{2}",
    PeriodKind.YEAR: "{0:%Y}",
    PeriodKind.RANGE: "{0:%Y-%m-%d}..{1:%Y-%m-%d}",
}


def period_of(kind: PeriodKind, day: date) -> Period:
    """Return the period of that kind that contains the day; for RANGE, that day alone."""
    if kind is PeriodKind.WEEK:
        monday = day - day.weekday() * DAY
        return Period(kind, monday, monday + 6 * DAY)
    if kind is PeriodKind.MONTH:
        return Period(kind, day.replace(day=1), _month_end(day.year, day.month))
    if kind is PeriodKind.QUARTER:
        last = 3 * _quarter(day)
        return Period(kind, date(day.year, last - 2, 1), _month_end(day.year, last))
    if kind is PeriodKind.YEAR:
        return Period(kind, date(day.year, 1, 1), date(day.year, 12, 31))
    return Period(kind, day, day)


PATTERNS = {
    PeriodKind.DAY: r"(\d{4})-(\d{2})-(\d{2})",
    PeriodKind.WEEK: r"(\d{4})-W(\d{2})",
    PeriodKind.MONTH: r"(\d{4})-(\d{2})",
    PeriodKind.QUARTER: r"(\d{4})-T([1-4])",
    PeriodKind.YEAR: r"(\d{4})",
    PeriodKind.RANGE: r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})",
}


def parse_period(text: str, today: date) -> Period:
    """Return the period with this key (Period.key).

    A period in progress is valid; its future days have no numbers. Raises BadPeriod when the key can't be read, ends
    before it starts, starts after today or is longer than five years.
    """
    period = _read(text)
    if period.last < period.first:
        raise BadPeriod(BadPeriod.BACKWARDS)
    if period.first > today:
        raise BadPeriod(BadPeriod.FUTURE)
    if period.days > LONGEST_YEARS * 366:
        raise BadPeriod(BadPeriod.TOO_LONG)
    return period


def _read(text: str) -> Period:
    for kind, pattern in PATTERNS.items():
        match = re.fullmatch(pattern, text, re.ASCII)
        if not match:
            continue
        try:
            return _from_parts(kind, match.groups())
        except ValueError as error:
            raise BadPeriod(BadPeriod.UNREADABLE) from error
    raise BadPeriod(BadPeriod.UNREADABLE)


def _from_parts(kind: PeriodKind, parts: tuple[str, ...]) -> Period:
    if not all(1900 <= int(part[:4]) <= 2200 for part in parts if len(part) >= 4):
        raise ValueError("the year must be between 1900 and 2200")
    if kind is PeriodKind.RANGE:
        return Period(kind, date.fromisoformat(parts[0]), date.fromisoformat(parts[1]))
    numbers = [int(part) for part in parts]
    if kind is PeriodKind.WEEK:
        return period_of(kind, date.fromisocalendar(numbers[0], numbers[1], 1))
    if kind is PeriodKind.QUARTER:
        return period_of(kind, date(numbers[0], 3 * numbers[1], 1))
    year, month, day = [*numbers, 1, 1][:3]
    return period_of(kind, date(year, month, day))


def _quarter(day: date) -> int:
    return (day.month + 2) // 3


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
