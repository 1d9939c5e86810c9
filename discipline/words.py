"""The words of states, reasons and lengths of time: one place for pages and for the browser's modules."""

from typing import Any

from django.conf import settings
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from discipline import staffing
from discipline.models import Alert, Outcome, State
from streams import words as streams_words

NO_COUNTERS = "none"
ZONE_NAME = "WIB"
STATES: dict[str, Any] = dict(State.choices) | {NO_COUNTERS: gettext_lazy("Belum dipantau")}
REASONS: dict[str, Any] = streams_words.BLIND | {
    staffing.OPENING: gettext_lazy("Belum buka"),
    staffing.LATE_OPENING: gettext_lazy("Terlambat buka"),
    staffing.NOT_OPENED: gettext_lazy("Tidak buka"),
    staffing.EARLY_LEAVE: gettext_lazy("Pulang sebelum waktunya"),
    staffing.NO_LOOK: gettext_lazy("Belum terpantau"),
}
KINDS: dict[str, Any] = dict(Alert.Kind.choices)


def _units() -> dict[str, tuple[str, str]]:
    """Each unit of time, said of one and of many."""
    return {
        "day": (ngettext("%(n)s hari", "%(n)s hari", 1), ngettext("%(n)s hari", "%(n)s hari", 2)),
        "hour": (ngettext("%(n)s jam", "%(n)s jam", 1), ngettext("%(n)s jam", "%(n)s jam", 2)),
        "minute": (ngettext("%(n)s menit", "%(n)s menit", 1), ngettext("%(n)s menit", "%(n)s menit", 2)),
    }


def duration(seconds: float) -> str:
    """Whole minutes, as one says them: "kurang dari 1 menit", "18 menit", "2 jam 5 menit"."""
    minutes = int(max(seconds, 0) // 60)
    if minutes < 1:
        return _("kurang dari 1 menit")
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    units = _units()
    parts = ((days, units["day"]), (hours, units["hour"]), (minutes, units["minute"]))
    return " ".join(forms[number != 1] % {"n": number} for number, forms in parts if number)


def for_browser() -> dict[str, Any]:
    """What the modules under static/js/ need to say the same in the reader's language."""
    return {
        "states": {code: str(word) for code, word in STATES.items()},
        "reasons": {code: str(word) for code, word in REASONS.items()},
        "kinds": {code: str(word) for code, word in KINDS.items()},
        "outcomes": {code: str(word) for code, word in Outcome.choices},
        "units": _units(),
        "moment": _("kurang dari 1 menit"),
        "since": _("sejak %(at)s"),
        "stale": _("Terputus, data per %(at)s. Menyambung kembali…"),
        "refused": _("Akun Anda tidak lagi berhak melihat data ini. Muat ulang halaman."),
        "news": _("%(kind)s: %(counter)s, %(kelurahan)s"),
        "picture_age": _("Gambar %(age)s lalu"),
        "seconds": (ngettext("%(n)s detik", "%(n)s detik", 1), ngettext("%(n)s detik", "%(n)s detik", 2)),
        "picture_failed": _("Gambar tidak dapat dimuat. Dicoba lagi."),
        "people": (ngettext("%(n)s orang", "%(n)s orang", 1), ngettext("%(n)s orang", "%(n)s orang", 2)),
        "clock": {"zone": settings.TIME_ZONE, "name": ZONE_NAME, "dot": get_language() == "id"},
    }
