"""The words of states, reasons and lengths of time: one place for pages and for the browser's modules."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from discipline.models import Alert, State

NO_COUNTERS = "none"
STATES: dict[str, Any] = dict(State.choices) | {NO_COUNTERS: gettext_lazy("Belum dipantau")}
REASONS: dict[str, Any] = {
    "opening": gettext_lazy("belum buka"),
    "absence": gettext_lazy("kosong"),
    "late_opening": gettext_lazy("terlambat buka"),
    "not_opened": gettext_lazy("tidak buka"),
    "early_leave": gettext_lazy("pulang sebelum waktunya"),
    "no_look": gettext_lazy("belum terpantau"),
    "offline": gettext_lazy("kamera terputus"),
    "stale": gettext_lazy("gambar tidak baru"),
    "frozen": gettext_lazy("gambar membeku"),
    "dark": gettext_lazy("gambar gelap"),
    "covered": gettext_lazy("kamera terhalang"),
    "moved": gettext_lazy("arah kamera berubah"),
}
KINDS: dict[str, Any] = dict(Alert.Kind.choices)


def duration(seconds: float) -> str:
    """Whole minutes, as one says them: "kurang dari 1 menit", "18 menit", "2 jam 5 menit"."""
    minutes = int(max(seconds, 0) // 60)
    if minutes < 1:
        return _("kurang dari 1 menit")
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [
        (days, ngettext("%(n)s hari", "%(n)s hari", days)),
        (hours, ngettext("%(n)s jam", "%(n)s jam", hours)),
        (minutes, ngettext("%(n)s menit", "%(n)s menit", minutes)),
    ]
    return " ".join(text % {"n": number} for number, text in parts if number)
