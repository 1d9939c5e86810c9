"""Filters for live pages: states, reasons, times and durations."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django import template
from django.contrib.auth.models import User
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
    """Return the label of a state."""
    return str(staffing_words.STATES.get(state, state))


@register.filter
def row_word(row: Mapping[str, Any]) -> str:
    """Return what is the matter at an office of the board: its state, or its kind of absence where that says more."""
    state = row.get("state", "")  # a row that the browser fills has none yet
    named = staffing_words.REASONS.get(row["reason"]) if state == StandingState.ABSENT else None
    return str(named or state_word(state))


@register.filter
def row_cause(row: Mapping[str, Any]) -> str:
    """Return why no camera sees the office; "" for one that is seen."""
    return reason_word(row["reason"]) if row.get("state") == StandingState.UNKNOWN else ""


@register.filter
def reason_word(reason: str) -> str:
    """Return the label of a reason; empty where the state needs none."""
    return str(staffing_words.REASONS.get(reason, ""))


def _moment(value: datetime | str) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


@register.filter
def clock(value: datetime | str | None) -> str:
    """Format a time, or its ISO 8601 string, with its zone: 07.30 WIB in Indonesian, 07:30 WIB in English."""
    if not value:
        return ""
    return f"{hour(value)} {staffing_words.ZONE_NAME}"


@register.filter
def hour(value: datetime | str | None) -> str:
    """Format a time, or its ISO 8601 string, without its zone: 07.30 in Indonesian, 07:30 in English."""
    if not value:
        return ""
    return wording.hour(_moment(value))


@register.filter
def ending(value: datetime) -> str:
    """Format the end of a span without its zone; midnight is 24.00."""
    return wording.ending(value)


@register.filter
def day_of(value: datetime | str | None) -> str:
    """Return the heading of the day of a time, or of its ISO 8601 string: Hari ini, Kemarin, Sen 23 Nov."""
    if not value:
        return ""
    return wording.day_heading(wording.local(_moment(value)), wording.local(datetime.now(UTC)))


@register.filter
def deadline(value: datetime | None, how: str = "") -> str:
    """Format the end of a period: Selasa 1 Des, 24.00 WIB; `how` "full" adds the year and the month's whole name."""
    return wording.deadline(value, full=how == "full") if value else ""


@register.filter
def lasting(since: datetime | str | None, until: datetime | str | None = None) -> str:
    """Format the duration from `since` to `until`, or to now."""
    if not since:
        return ""
    end = _moment(until) if until else datetime.now(UTC)
    seconds = (end - _moment(since)).total_seconds()
    return wording.duration(seconds) if seconds >= 60 else _("< 1 menit")


@register.filter
def said_by(user: User, role: str) -> str:
    """Return a person's name with the role, as in wording.with_role."""
    return wording.with_role(wording.name_of(user), role)


@register.filter
def group_word(group: str) -> str:
    """Return the label of a code of board.rows.GROUPS."""
    return str(staffing_words.GROUPS[group])


@register.filter
def group_shape(group: str) -> str:
    """Return the state with whose shape and colour a code of board.rows.GROUPS is shown."""
    return {"late": StandingState.ABSENT.value, "system": StandingState.UNKNOWN.value}.get(group, group)


@register.filter
def incident_word(incident: Mapping[str, object]) -> str:
    """Return the cause of an incident from board.rows.open_incident()."""
    return str(staffing_words.INCIDENTS[str(incident["kind"])] % incident)


@register.filter
def counted(number: int, key: str) -> SafeString:
    """Render a number that board.js updates."""
    return format_html('<b data-count="{}">{}</b>', key, number)


@register.filter
def piece_word(kind: str) -> str:
    """Return the label of the kind of a day_strip.StripPiece."""
    if kind == EXCUSED:
        return _("Kosong dengan izin")
    if kind in (BREAK, AHEAD):
        return _("istirahat") if kind == BREAK else _("belum tiba")
    return state_word(kind)


@register.filter
def strip_words(strip: Strip) -> str:
    """Return the text alternative of today's strip, for screen readers: how long each state lasted so far."""
    minutes = strip.minutes
    lengths = (
        (StandingState.STAFFED, minutes.staffed_s),
        (StandingState.GRACE, minutes.grace_s),
        (StandingState.ABSENT, minutes.absent_s),
        (EXCUSED, minutes.excused_s),
        (StandingState.UNKNOWN, minutes.unknown_s),
    )
    parts = [f"{piece_word(kind)} {wording.duration(seconds)}" for kind, seconds in lengths if seconds]
    return _("Hari ini: %(what)s") % {"what": ", ".join(parts) or _("belum ada catatan")}
