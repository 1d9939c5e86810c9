"""Numbers of reports in the format of the active language: 97,2 %, 1.234,5, 12; a dash for None."""

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext

from discipline.core.wording import duration
from discipline.reports.numbers.figures import minutes, percent

NONE = "–"
SHORT_S, LONG_S = 3_600, 360_000  # lengths from which hours, and whole hours, are shown


def whole(number: int | None) -> str:
    """Format a count: 1.234."""
    return NONE if number is None else number_format(number, force_grouping=True)


def tenths(number: Decimal | None) -> str:
    """Format a number with one decimal: 1.234,5."""
    return NONE if number is None else number_format(number, 1, force_grouping=True)


def share(percent: Decimal | None) -> str:
    """Format a percentage from figures.percent: 97,2 %."""
    return NONE if percent is None else _share(percent, get_language())


@lru_cache(maxsize=4096)  # there are 1,001 of a language, and a page shows hundreds
def _share(percent: Decimal, language: str | None) -> str:
    del language  # the active one, in which number_format works
    return f"{number_format(percent, 1)} %"


def share_of(fraction: float | None) -> str:
    """Format a fraction as a percentage: 0.934 → 93,4 %."""
    return share(percent(fraction))


def bare_share(fraction: float | None) -> str:
    """Format a fraction as a percentage without its sign, where space is limited: 93,4, 98,0 or 100."""
    found = percent(fraction)
    return whole(100) if found == 100 else tenths(found)


def hours(seconds: int) -> str:
    """Format a length with its unit, as people picture it: 18,5 menit, from an hour on 16,9 jam, then 16.923 jam."""
    if seconds < SHORT_S:
        length = minutes(seconds)
        return ngettext("%(n)s menit", "%(n)s menit", 1 if length == 1 else 2) % {"n": bare(length)}
    length = (Decimal(seconds) / 3600).quantize(Decimal("0.1") if seconds < LONG_S else Decimal(1), ROUND_HALF_UP)
    return ngettext("%(n)s jam", "%(n)s jam", 2) % {"n": bare(length)}


def lasted(seconds: int) -> str:
    """Format how long one thing lasted: 18,5 menit, from an hour on 4 jam 30 menit, rounded to the minute."""
    return hours(seconds) if seconds < SHORT_S else duration((seconds + 30) // 60 * 60)


def bare(number: Decimal) -> str:
    """Format a number with one decimal only if it has any: 1.234 or 1.234,5."""
    return whole(int(number)) if number == number.to_integral_value() else tenths(number)


def in_minutes(seconds: int) -> str:
    """Format seconds as minutes with one decimal, without the unit."""
    return tenths(minutes(seconds))
