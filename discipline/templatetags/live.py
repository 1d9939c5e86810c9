"""Filters of the live pages: states, reasons, clock times and lengths of time."""

from datetime import UTC, datetime

from django import template
from django.utils import timezone
from django.utils.translation import get_language

from discipline import words

register = template.Library()


@register.filter
def state_word(state: str) -> str:
    return str(words.STATES.get(state, state))


@register.filter
def reason_word(reason: str) -> str:
    return str(words.REASONS.get(reason, reason))


def _moment(value: datetime | str) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


@register.filter
def clock(value: datetime | str | None) -> str:
    """07.30 WIB in Indonesian, 07:30 WIB in English."""
    if not value:
        return ""
    return f"{hour(value)} {words.ZONE_NAME}"


@register.filter
def hour(value: datetime | str) -> str:
    """The same without the zone."""
    return timezone.localtime(_moment(value)).strftime("%H.%M" if get_language() == "id" else "%H:%M")


@register.filter
def lasting(since: datetime | str | None, until: datetime | str | None = None) -> str:
    """From `since` to `until`, or to now, in words."""
    if not since:
        return ""
    end = _moment(until) if until else datetime.now(UTC)
    return words.duration((end - _moment(since)).total_seconds())
