"""Filters for pages of reports: shares, minutes and counts as text, and text alternatives of charts."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.utils import dateformat
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from discipline.core import wording
from discipline.reports.numbers import figures, numerals, words
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
NUMBER = re.compile(r"(?<![\w&#-])(?<!Loket )\d[\d.,]*(?: %)?(?=[\s,)]|$)(?! [A-Z])")


@register.filter
def share(value: float | None) -> str:
    """Format a fraction as a percentage: 0.934 → 93,4 %."""
    return numerals.share_of(value)


@register.filter
def bare_share(value: float | None) -> str:
    """Format a fraction as a percentage without its sign, where space is limited: 93,4, 98,0 or 100."""
    return numerals.bare_share(value)


@register.filter
def points(value: Decimal) -> str:
    """Format percentage points with one decimal."""
    return numerals.tenths(value)


@register.filter
def minutes(seconds: int) -> str:
    """Format seconds as minutes without a unit: 1080 → 18, 90 → 1,5."""
    return numerals.bare(figures.minutes(seconds))


@register.filter
def hours(seconds: int) -> str:
    """Format seconds with their unit: 18,5 menit, or 16.923 jam."""
    return numerals.hours(seconds)


@register.filter
def lasted(seconds: int) -> str:
    """Format how long one thing lasted: 18,5 menit, or 4 jam 30 menit."""
    return numerals.lasted(seconds)


@register.filter
def facts(sentences: Iterable[str]) -> list[SafeString]:
    """Return the parts of the sentences, which semicolons separate, one fact each, with bold numbers."""
    parts = [part.strip(" .") for sentence in sentences for part in sentence.split("; ")]
    return [mark_safe(NUMBER.sub(r"<b>\g<0></b>", escape(part[:1].upper() + part[1:]))) for part in parts]  # noqa: S308 escaped


@register.filter
def whole(number: int) -> str:
    """Format an integer with thousands separators."""
    return numerals.whole(number)


@register.filter
def part_word(kind: str) -> str:
    """Return the label of a part of duty, such as the kind of a charts.DutyBar."""
    return str(PARTS[kind])


@register.filter
def parts_words(sums: Sums) -> str:
    """Return the text alternative of a stacked bar, for screen readers."""
    parts = [
        f"{part_word(kind)} {numerals.hours(getattr(sums, f'{kind}_s'))}"
        for kind in PARTS
        if getattr(sums, f"{kind}_s")
    ]
    return ", ".join(parts) or _("Tidak ada jam layanan")


@register.filter
def day_words(strip: Strip) -> str:
    """Return the text alternative of a past day's strip, for screen readers."""
    lengths = {"staffed": strip.minutes.staffed_s, "grace": strip.minutes.grace_s, "absent": strip.minutes.absent_s}
    lengths |= {EXCUSED: strip.minutes.excused_s, "unknown": strip.minutes.unknown_s}
    parts = [f"{part_word(kind)} {wording.duration(seconds)}" for kind, seconds in lengths.items() if seconds]
    return ", ".join(parts) or _("belum ada catatan")


@register.filter
def weekday_name(number: int) -> str:
    """Return the name of an ISO weekday: 1 → Senin."""
    return words.weekday_name(number)


@register.filter
def weekday_short(number: int) -> str:
    """Return the short name of an ISO weekday: 1 → Sen."""
    return dateformat.format(words.WEEKDAY_OF.replace(day=number), "D")


@register.filter
def of_hour(number: int) -> str:
    """Format an hour of the day as a range: 9 → 09–10."""
    return words.of_hour(number)


@register.filter
def split(text: str) -> list[str]:
    """Split text at whitespace."""
    return text.split()


@register.filter
def get(mapping: Mapping[object, object], key: object) -> object:
    """Look up a key in a mapping; empty where it is missing."""
    return mapping.get(key, "")


@register.filter
def plus(number: int, more: int) -> int:
    """Add two integers."""
    return number + more
