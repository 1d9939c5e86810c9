"""A month as weeks of days, for the calendar of recordings. Pure."""

import calendar
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class RecordedDay:
    """A day in the calendar. recorded: something was; chosen: it is the one that is shown; inside: of this month."""

    day: date
    recorded: bool
    chosen: bool
    inside: bool


@dataclass(frozen=True, slots=True)
class RecordedMonth:
    """A month from Monday to Sunday, and a day of the months before and after it; None after today's."""

    first: date
    weeks: tuple[tuple[RecordedDay, ...], ...]
    before: date
    after: date | None


def span_of_month(day: date) -> tuple[date, date]:
    """Return the first and the last day of its month."""
    return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])


def month_of(chosen: date, recorded: Collection[date], today: date) -> RecordedMonth:
    """Return the month of the chosen day."""
    first, last = span_of_month(chosen)
    weeks = tuple(
        tuple(RecordedDay(day, day in recorded, day == chosen, first <= day <= last) for day in week)
        for week in calendar.Calendar().monthdatescalendar(chosen.year, chosen.month)
    )
    after = last + timedelta(days=1)
    return RecordedMonth(first, weeks, first - timedelta(days=1), after if after <= today else None)
