"""Numbers of reports as a reader's language writes them: 97,2 %, 1.234,5, 12; a dash for what there is none of."""

from decimal import Decimal

from django.utils.formats import number_format

from discipline.reports.numbers.figures import minutes

NONE = "–"


def whole(number: int | None) -> str:
    return NONE if number is None else number_format(number, force_grouping=True)


def tenths(number: Decimal | None) -> str:
    return NONE if number is None else number_format(number, 1, force_grouping=True)


def share(percent: Decimal | None) -> str:
    """What figures.percent rounded."""
    return NONE if percent is None else f"{number_format(percent, 1)} %"


def in_minutes(seconds: int) -> str:
    return tenths(minutes(seconds))
