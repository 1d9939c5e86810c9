"""National holidays and cuti bersama from the `holidays` package."""

from collections.abc import Iterable
from datetime import date
from functools import cache

from holidays import country_holidays


def national_holidays(years: Iterable[int]) -> dict[date, str]:
    """Return the holidays' Indonesian names by date.

    Estimated Islamic dates are marked "(perkiraan)". Cuti bersama is known only for years already decreed, which is
    why overrides can add to it.
    """
    return {day: name for year in sorted(set(years)) for day, name in _year(year)}


@cache
def _year(year: int) -> tuple[tuple[date, str], ...]:
    # Without "government" cuti bersama is missing; without `language` names follow the locale.
    holidays = country_holidays("ID", years=year, categories=("public", "government"), language="id")
    return tuple(sorted(holidays.items()))
