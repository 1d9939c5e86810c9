"""Moments, days and exact lengths of time, as one says them: 09.42.05, Senin 23 November 2026, 1 menit 30 detik."""

from datetime import date, datetime

from django.utils import dateformat, timezone
from django.utils.translation import get_language, ngettext

from discipline.staffing.words import duration


def clock(at: datetime) -> str:
    """09.42.05 in Indonesian, 09:42:05 in English; WIB."""
    return timezone.localtime(at).strftime("%H.%M.%S" if get_language() == "id" else "%H:%M:%S")


def hour(at: datetime) -> str:
    """The same without seconds."""
    return timezone.localtime(at).strftime("%H.%M" if get_language() == "id" else "%H:%M")


def local(at: datetime) -> date:
    return timezone.localtime(at).date()


def weekday(day: date) -> str:
    """Senin 23 November 2026"""
    return dateformat.format(day, "l j F Y")


def calendar(day: date) -> str:
    """23 November 2026"""
    return dateformat.format(day, "j F Y")


def exactly(seconds: float) -> str:
    """To the second, where the number is a rule: "10 menit", "1 menit 30 detik", "20 detik"."""
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    parts = [duration(minutes * 60)] if minutes else []
    if rest or not parts:
        parts.append(ngettext("%(n)s detik", "%(n)s detik", rest) % {"n": rest})
    return " ".join(parts)
