"""Numbers of reports in the format of the active language: 97,2 %, 1.234,5, 12; a dash for None."""

from decimal import Decimal

from django.utils.formats import number_format

from discipline.reports.numbers.figures import minutes

NONE = "–"


def whole(number: int | None) -> str:
    """Format a count: 1.234."""
    return NONE if number is None else number_format(number, force_grouping=True)


def tenths(number: Decimal | None) -> str:
    """Format a number with one decimal: 1.234,5."""
    return NONE if number is None else number_format(number, 1, force_grouping=True)


def share(percent: Decimal | None) -> str:
    """Format a percentage from figures.percent: 97,2 %."""
    return NONE if percent is None else f"{number_format(percent, 1)} %"


def in_minutes(seconds: int) -> str:
    """Format seconds as minutes with one decimal, without the unit."""
    return tenths(minutes(seconds))
