"""Filters of the reports' pages: shares, minutes and counts as people read them, and the words of their charts."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from discipline.core import wording
from discipline.reports.numbers import figures, numerals
from discipline.reports.numbers.figures import Sums
from discipline.staffing.day_strip import EXCUSED, Strip
from discipline.staffing.models import StandingState

register = template.Library()

PARTS: dict[str, Any] = {
    "staffed": StandingState.STAFFED.label,
    "grace": StandingState.GRACE.label,
    "absent": StandingState.ABSENT.label,
    EXCUSED: gettext_lazy("Kosong dengan izin"),
    "unknown": StandingState.UNKNOWN.label,
}
WEEKDAY_OF = date(2024, 1, 1)  # a Monday


@register.filter
def share(value: float | None) -> str:
    """0.934 → 93,4 %"""
    return numerals.share(figures.percent(value))


@register.filter
def bare_share(value: float | None) -> str:
    """The same without its sign, where there is little room: 93,4, 98,0, or 100."""
    percent = figures.percent(value)
    return numerals.whole(100) if percent == 100 else numerals.tenths(percent)


@register.filter
def points(value: Decimal) -> str:
    return numerals.tenths(value)


@register.filter
def minutes(seconds: int) -> str:
    """Without its unit: 1080 s → 18; 90 s → 1,5."""
    return _bare(figures.minutes(seconds))


def _bare(number: Decimal | None) -> str:
    if number is not None and number == number.to_integral_value():
        return numerals.whole(int(number))
    return numerals.tenths(number)


@register.filter
def whole(number: int) -> str:
    return numerals.whole(number)


@register.filter
def part_word(kind: str) -> str:
    """A charts.DutyBar's kind."""
    return str(PARTS[kind])


@register.filter
def parts_words(sums: Sums) -> str:
    """The stacked bar for those who hear it."""
    said = [
        _("%(part)s %(minutes)s menit") % {"part": part_word(kind), "minutes": minutes(getattr(sums, f"{kind}_s"))}
        for kind in PARTS
        if getattr(sums, f"{kind}_s")
    ]
    return ", ".join(said) or _("Tidak ada jam layanan")


@register.filter
def day_words(strip: Strip) -> str:
    """A past day's strip for those who hear it."""
    lengths = {"staffed": strip.minutes.staffed_s, "grace": strip.minutes.grace_s, "absent": strip.minutes.absent_s}
    lengths |= {EXCUSED: strip.minutes.excused_s, "unknown": strip.minutes.unknown_s}
    said = [f"{part_word(kind)} {wording.duration(seconds)}" for kind, seconds in lengths.items() if seconds]
    return ", ".join(said) or _("belum ada catatan")


@register.filter
def weekday_name(number: int) -> str:
    """1 → Senin"""
    return dateformat.format(WEEKDAY_OF.replace(day=number), "l")


@register.filter
def weekday_short(number: int) -> str:
    """1 → Sen"""
    return dateformat.format(WEEKDAY_OF.replace(day=number), "D")


@register.filter
def of_hour(number: int) -> str:
    """9 → 09–10"""
    return f"{number:02}–{number + 1:02}"


@register.filter
def enough(sums: Sums, floor: int) -> bool:
    return sums.enough(floor)


@register.filter
def split(text: str) -> list[str]:
    return text.split()


@register.filter
def get(mapping: Any, key: Any) -> Any:
    return mapping.get(key, "")


@register.filter
def plus(number: int, more: int) -> int:
    return number + more
