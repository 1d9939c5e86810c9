"""Filters of the page of one indication: exact moments, and the words and states of looks, steps and evidence."""

from datetime import datetime
from typing import Any

from django import template
from django.utils.translation import gettext_lazy

from discipline.alerts.case.timeline import Band, Mark
from discipline.alerts.words import moment_word
from discipline.core import wording
from discipline.staffing import words as staffing_words
from discipline.staffing.rejudge import Span
from streams.evidence.models import Evidence
from streams.pixels.occupancy import Look, Step

register = template.Library()

STEPS: dict[str, Any] = {
    Step.UNCHANGED: gettext_lazy("gambar sama seperti pada pemeriksaan penuh sebelumnya"),
    Step.FRAME: gettext_lazy("orang terlihat pada seluruh gambar"),
    Step.CROP: gettext_lazy("orang terlihat pada potongan zona"),
    Step.POSE: gettext_lazy("bentuk tubuh terlihat pada potongan zona"),
    Step.NOBODY: gettext_lazy("semua langkah memeriksa, tidak ada orang"),
}
DESTROYED: dict[str, Any] = {
    "retention": gettext_lazy("masa simpan berakhir"),
    "quota": gettext_lazy("ruang simpan penuh"),
}


@register.filter
def second(value: datetime) -> str:
    """09.42.05"""
    return wording.clock(value)


@register.filter
def calendar(value: datetime) -> str:
    """23 November 2026"""
    return wording.calendar(wording.local(value))


@register.filter
def look_state(kind: str) -> str:
    """The state whose colour and shape a look has."""
    return staffing_words.STATE_OF[Look(kind)].value


@register.filter
def look_word(seen: Span | Band) -> str:
    """Berpetugas, Kosong, or why nobody can tell."""
    return staffing_words.of_look(seen.look if isinstance(seen, Span) else seen.kind, seen.reason)


@register.filter
def mark_word(mark: Mark, fault: bool) -> str:
    return moment_word(mark.kind, fault=fault)


@register.filter
def step_word(step: str) -> str:
    return str(STEPS.get(step, step))


@register.filter
def destroyed_word(note: Evidence) -> str:
    why = str(note.facts.get("why", ""))
    return str(DESTROYED.get(why, why))


@register.filter
def after(x: int, distance: int) -> int:
    return x + distance
