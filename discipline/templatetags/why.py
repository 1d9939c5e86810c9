"""Filters for the page of an indication: exact times, and labels of looks, detection steps and evidence."""

from datetime import datetime
from typing import Any

from django import template
from django.utils.translation import gettext_lazy

from discipline.alerts.case.timeline import TimelineBand, TimelineMark
from discipline.alerts.words import moment_word
from discipline.core import wording
from discipline.staffing import words as staffing_words
from discipline.staffing.rejudge import Span
from streams.evidence.models import Evidence
from streams.pixels.occupancy import DetectionStep, Look

register = template.Library()

STEPS: dict[str, Any] = {
    DetectionStep.UNCHANGED: gettext_lazy("gambar sama seperti pada pemeriksaan penuh sebelumnya"),
    DetectionStep.FRAME: gettext_lazy("orang terlihat pada seluruh gambar"),
    DetectionStep.CROP: gettext_lazy("orang terlihat pada potongan zona"),
    DetectionStep.POSE: gettext_lazy("bentuk tubuh terlihat pada potongan zona"),
    DetectionStep.RELIT: gettext_lazy("orang terlihat setelah cahaya zona diperbaiki"),
    DetectionStep.NOBODY: gettext_lazy("semua langkah memeriksa, tidak ada orang"),
}
DESTROYED: dict[str, Any] = {
    "retention": gettext_lazy("masa simpan berakhir"),
    "quota": gettext_lazy("ruang simpan penuh"),
    "demo": gettext_lazy("riwayat contoh dihapus"),
}


@register.filter
def second(value: datetime) -> str:
    """Format a time with seconds: 09.42.05."""
    return wording.clock(value)


@register.filter
def calendar(value: datetime) -> str:
    """Format the date of a time: 23 November 2026."""
    return wording.calendar(wording.local(value))


@register.filter
def look_state(kind: str) -> str:
    """Return the state with whose colour and shape a look is shown."""
    return staffing_words.STATE_OF[Look(kind)].value


@register.filter
def look_word(seen: Span | TimelineBand) -> str:
    """Return "Berpetugas", "Kosong", or the reason why the look is BLIND."""
    return staffing_words.look_word(seen.look if isinstance(seen, Span) else seen.kind, seen.reason)


@register.filter
def mark_word(mark: TimelineMark, fault: bool) -> str:
    """Return the label of a mark; `fault`: of an alert about a camera."""
    return moment_word(mark.kind, fault=fault)


@register.filter
def step_word(step: str) -> str:
    """Return the label of a DetectionStep; other codes are returned unchanged."""
    return str(STEPS.get(step, step))


@register.filter
def destroyed_word(note: Evidence) -> str:
    """Return why a file was destroyed, from its DESTROYED row."""
    why = str(note.facts.get("why", ""))
    return str(DESTROYED.get(why, why))


@register.filter
def after(x: int, distance: int) -> int:
    """Add a distance to a coordinate."""
    return x + distance
