"""Filters of the live pages: states, reasons, clock times and lengths of time."""

from datetime import UTC, datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from discipline.core import wording
from discipline.staffing import words as staffing_words
from discipline.staffing.day_strip import AHEAD, BREAK, EXCUSED, Strip
from discipline.staffing.models import StandingState

register = template.Library()


@register.filter
def state_word(state: str) -> str:
    return str(staffing_words.STATES.get(state, state))


@register.filter
def reason_word(reason: str) -> str:
    """Empty where the state says it all."""
    return str(staffing_words.REASONS.get(reason, ""))


def _moment(value: datetime | str) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


@register.filter
def clock(value: datetime | str | None) -> str:
    """07.30 WIB in Indonesian, 07:30 WIB in English."""
    if not value:
        return ""
    return f"{hour(value)} {staffing_words.ZONE_NAME}"


@register.filter
def hour(value: datetime | str | None) -> str:
    """The same without the zone."""
    if not value:
        return ""
    return wording.hour(_moment(value))


@register.filter
def lasting(since: datetime | str | None, until: datetime | str | None = None) -> str:
    """From `since` to `until`, or to now, in words."""
    if not since:
        return ""
    end = _moment(until) if until else datetime.now(UTC)
    return wording.duration((end - _moment(since)).total_seconds())


@register.filter
def group_word(group: str) -> str:
    """A board.GROUPS code."""
    return str(staffing_words.GROUPS[group])


@register.filter
def group_shape(group: str) -> str:
    """The state whose shape and colour a board.GROUPS code has."""
    return {"late": StandingState.ABSENT.value, "system": StandingState.UNKNOWN.value}.get(group, group)


@register.filter
def incident_word(incident: dict[str, Any]) -> str:
    """The cause of a board.open_incident."""
    return str(staffing_words.INCIDENTS[incident["kind"]] % incident)


@register.filter
def counted(number: int, key: str) -> SafeString:
    """A number that board.js keeps up to date."""
    return format_html('<b data-count="{}">{}</b>', key, number)


@register.filter
def piece_word(kind: str) -> str:
    """A day_strip.StripPiece's kind."""
    if kind == EXCUSED:
        return _("Kosong dengan izin")
    if kind in (BREAK, AHEAD):
        return _("istirahat") if kind == BREAK else _("belum tiba")
    return state_word(kind)


@register.filter
def strip_words(strip: Strip) -> str:
    """The strip for those who hear it: how long each state lasted so far."""
    minutes = strip.minutes
    lengths = (
        (StandingState.STAFFED, minutes.staffed_s),
        (StandingState.GRACE, minutes.grace_s),
        (StandingState.ABSENT, minutes.absent_s),
        (StandingState.UNKNOWN, minutes.unknown_s),
    )
    said = [f"{state_word(state)} {wording.duration(seconds)}" for state, seconds in lengths if seconds]
    return _("Hari ini: %(what)s") % {"what": ", ".join(said) or _("belum ada catatan")}
