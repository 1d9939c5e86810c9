"""National holidays and cuti bersama from the `holidays` package."""

from collections.abc import Iterable
from datetime import date
from functools import cache

from holidays import country_holidays


def national_holidays(years: Iterable[int]) -> dict[date, str]:
    """Names in Indonesian by date. Estimated Islamic dates carry "(perkiraan)"; cuti bersama is known
    only for years already decreed, so that an override must be able to add to it."""
    return {day: name for year in sorted(set(years)) for day, name in _year(year)}


@cache
def _year(year: int) -> tuple[tuple[date, str], ...]:
    # Without "government" a cuti bersama is a working day; without the language names follow the locale.
    found = country_holidays("ID", years=year, categories=("public", "government"), language="id")
    return tuple(sorted(found.items()))
