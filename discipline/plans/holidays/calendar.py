"""The holiday calendar of a year: national holidays, cuti bersama, and the city's own days, which take precedence."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from holidays import country_holidays

from offices.hours.models import HolidayOverride
from offices.hours.national import national_holidays

DECEMBER = 12


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day. `national` is the name of its national holiday, "" for none; `shared` marks cuti bersama."""

    day: date
    national: str
    shared: bool
    override: HolidayOverride | None


def calendar_of_year(year: int) -> list[CalendarDay]:
    """Return the national holidays and the city's own days of the year, by date."""
    national, shared = national_holidays([year]), _shared_leave(year)
    own = {row.day: row for row in HolidayOverride.objects.filter(day__year=year).select_related("entered_by")}
    days = sorted(national.keys() | own.keys())
    return [CalendarDay(day, national.get(day, ""), day in shared, own.get(day)) for day in days]


def year_without_leave(today: date) -> int | None:
    """Return the first year without cuti bersama, of this year and in December the next; None when each has some.

    Missing data doesn't mean that there is no leave: someone has to enter it.
    """
    for year in (today.year, today.year + 1) if today.month == DECEMBER else (today.year,):
        if not _shared_leave(year) and not HolidayOverride.objects.filter(day__year=year, open=False).exists():
            return year
    return None


@cache
def _shared_leave(year: int) -> frozenset[date]:
    return frozenset(country_holidays("ID", years=year, categories=("government",), language="id"))
