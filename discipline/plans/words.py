"""Words for the pages about hours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from discipline.core.wording import calendar, hour, local, weekday
from discipline.plans.applying import DayKind
from discipline.plans.changes import Effect
from discipline.plans.models import PlanChange
from discipline.plans.precedence import Fate
from discipline.plans.weeks import DayError
from offices.hours.models import HoursPlan

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise  # not installed where the server runs

FATES: dict[Fate, StrPromise] = {
    Fate.APPLIES: gettext_lazy("Berlaku"),
    Fate.NOT_YET: gettext_lazy("Belum mulai"),
    Fate.OVER: gettext_lazy("Sudah berakhir"),
    Fate.CLOSER: gettext_lazy("Tidak dipakai karena ada aturan yang lebih dekat"),
    Fate.PRIORITY: gettext_lazy("Tidak dipakai karena ada aturan dengan prioritas lebih tinggi"),
    Fate.NEWER: gettext_lazy("Tidak dipakai karena ada aturan yang mulai lebih akhir"),
}
WRONG: dict[DayError, StrPromise] = {
    DayError.ONE_END: gettext_lazy("Isi jam buka dan jam tutup, atau kosongkan keduanya."),
    DayError.BACKWARDS: gettext_lazy("Jam tutup harus sesudah jam buka."),
    DayError.BREAK_ONE_END: gettext_lazy("Isi awal dan akhir istirahat, atau kosongkan keduanya."),
    DayError.BREAK_BACKWARDS: gettext_lazy("Akhir istirahat harus sesudah awalnya."),
    DayError.BREAK_OUTSIDE: gettext_lazy("Istirahat berada di luar jam layanan hari itu."),
    DayError.BREAKS_OVERLAP: gettext_lazy("Dua istirahat bertumpang tindih."),
    DayError.BREAK_CLOSED: gettext_lazy("Ada istirahat pada hari tanpa jam layanan."),
}
KINDS: dict[DayKind, StrPromise] = {
    DayKind.DUTY: gettext_lazy("Jam biasa"),
    DayKind.FREE: gettext_lazy("Tidak ada jam layanan"),
    DayKind.OTHER: gettext_lazy("Jam lain"),
    DayKind.HOLIDAY: gettext_lazy("Libur"),
    DayKind.SPECIAL: gettext_lazy("Hari khusus"),
    DayKind.CLOSURE: gettext_lazy("Penutupan"),
}
CHANGED: dict[str, StrPromise] = {
    PlanChange.What.PLAN: gettext_lazy("jam layanan"),
    PlanChange.What.HOLIDAY: gettext_lazy("hari khusus"),
    PlanChange.What.CLOSURE: gettext_lazy("penutupan"),
}
SECONDS: dict[str, StrPromise] = {
    "duty_s": gettext_lazy("Jam layanan"),
    "staffed_s": gettext_lazy("Ada petugas"),
    "grace_s": gettext_lazy("Masa toleransi"),
    "absent_s": gettext_lazy("Kosong"),
    "excused_s": gettext_lazy("Dengan izin"),
    "unknown_s": gettext_lazy("Tidak terpantau"),
}


def weekdays() -> list[str]:
    """Return the weekday names, Monday first."""
    return [str(HoursPlan._meta.get_field(day).verbose_name) for day in HoursPlan.DAYS]  # type: ignore[union-attr]  # no relation


def minute(value: int) -> str:
    """Return minutes since midnight as a clock time: 07.30 in Indonesian, 07:30 in English."""
    return f"{value // 60:02}{'.' if get_language() == 'id' else ':'}{value % 60:02}"


def length(minutes: int) -> str:
    """Return minutes as a duration: 7 jam 30 menit, or 0 menit."""
    hours, rest = divmod(minutes, 60)
    parts = [ngettext("%(n)s jam", "%(n)s jam", hours) % {"n": hours}] if hours else []
    if rest or not parts:
        parts.append(ngettext("%(n)s menit", "%(n)s menit", rest) % {"n": rest})
    return " ".join(parts)


def days(first: date, last: date) -> str:
    """Return the dates as text: 3 Maret 2027, or 3 Maret 2027 – 9 Maret 2027."""
    return calendar(first) if first == last else f"{calendar(first)} – {calendar(last)}"


def effect_rows(effect: Effect) -> list[tuple[str, str, str, bool]]:
    """Return (label, before, after, whether they differ) for each figure of the effect."""
    rows = [
        (str(label), length(getattr(effect.before, name) // 60), length(getattr(effect.after, name) // 60))
        for name, label in SECONDS.items()
    ]
    rows.append((_("Indikasi yang dihitung"), str(effect.before.indications), str(effect.after.indications)))
    return [(label, before, after, before != after) for label, before, after in rows]


def effect_line(stored: Mapping[str, Any]) -> str:
    """Return a sentence on what a change did to past days, from PlanChange.effect; "" when it affects none."""
    if not stored:
        return ""
    if not stored["changed"]:
        return _("Tidak ada angka masa lalu yang berubah.")
    parts = [
        ngettext("%(n)s hari loket dihitung ulang", "%(n)s hari loket dihitung ulang", stored["changed"])
        % {"n": stored["changed"]},
        _("jam layanan %(before)s menjadi %(after)s")
        % {name: length(stored[name]["duty_s"] // 60) for name in ("before", "after")},
    ]
    if number := len(stored["excused"]):
        parts.append(ngettext("%(n)s indikasi dengan izin", "%(n)s indikasi dengan izin", number) % {"n": number})
    return "; ".join(parts) + "."


def from_to(start: datetime, end: datetime) -> str:
    """Return Senin 23 November 2026, 08.00–10.00 WIB; with both days when it ends on another day."""
    if local(start) == local(end):
        return f"{weekday(local(start))}, {hour(start)}–{hour(end)} WIB"
    return f"{weekday(local(start))}, {hour(start)} – {weekday(local(end))}, {hour(end)} WIB"
