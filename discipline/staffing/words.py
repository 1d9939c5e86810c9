"""The words of states, reasons and lengths of time: one place for pages and for the browser's modules."""

from typing import Any

from django.conf import settings
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from discipline.alerts.case.timeline import DUE, SINCE
from discipline.alerts.models import Alert, Outcome
from discipline.core.wording import duration_units
from discipline.staffing import incident_rule
from discipline.staffing import rule as staffing_rule
from discipline.staffing.incident_models import SystemIncident
from discipline.staffing.models import State
from streams.cameras import words as cameras_words
from streams.pixels.occupancy import Blind, Look

NO_COUNTERS = "none"
ZONE_NAME = "WIB"
STATES: dict[str, Any] = dict(State.choices) | {NO_COUNTERS: gettext_lazy("Belum dipantau")}
GROUPS: dict[str, Any] = STATES | {
    "late": gettext_lazy("Terlambat buka"),
    incident_rule.SYSTEM: gettext_lazy("Tidak dinilai"),
}
REASONS: dict[str, Any] = cameras_words.BLIND | {
    staffing_rule.OPENING: gettext_lazy("Belum buka"),
    staffing_rule.LATE_OPENING: gettext_lazy("Terlambat buka"),
    staffing_rule.NOT_OPENED: gettext_lazy("Tidak buka"),
    staffing_rule.EARLY_LEAVE: gettext_lazy("Pulang sebelum waktunya"),
    staffing_rule.NO_LOOK: gettext_lazy("Belum terpantau"),
}
KINDS: dict[str, Any] = dict(Alert.Kind.choices)
# The cause in the banner of a system incident; the blanks are of board.open_incident.
INCIDENTS: dict[str, Any] = {
    SystemIncident.Kind.FLEET_BLIND.value: gettext_lazy("%(blind)s dari %(total)s kamera tidak terbaca."),
    SystemIncident.Kind.NO_WATCH.value: gettext_lazy("tidak ada proses pemantau yang berjalan."),
    SystemIncident.Kind.WATCH_STALLED.value: gettext_lazy("pemantauan sempat terhenti."),
    SystemIncident.Kind.CLOCK_JUMPED.value: gettext_lazy("jam komputer tidak cocok."),
}


STATE_OF = {Look.STAFFED: State.STAFFED, Look.EMPTY: State.ABSENT, Look.BLIND: State.UNKNOWN}  # its colour and shape


def of_look(look: str, reason: str = "") -> str:
    """Berpetugas, Kosong, or why nobody can tell."""
    word = STATES[STATE_OF[Look(look)]]
    return str(REASONS.get(reason, word) if look == Look.BLIND else word)


def of_mark(kind: str, *, fault: bool) -> str:
    """A moment of discipline.alerts.case.timeline."""
    if kind == SINCE:
        return _("gangguan mulai") if fault else _("mulai kosong")
    if kind == DUE:
        return _("menjadi gangguan") if fault else _("batas toleransi")
    return _("berakhir")


BLINDED: dict[str, Any] = {  # Alert.detail of a BLINDED
    Blind.COVERED: Alert.Kind.BLINDED.label,
    Blind.MOVED: gettext_lazy("Kamera bergeser"),
    Blind.SCENE: gettext_lazy("Kamera menghadap ke tempat lain"),
}


def alert_word(kind: str, detail: str = "") -> Any:
    """What an indication is called; of a blinded camera, by how it was done."""
    return BLINDED.get(detail, KINDS[kind]) if kind == Alert.Kind.BLINDED else KINDS[kind]


def for_browser() -> dict[str, Any]:
    """What the modules under static/js/ need to say the same in the reader's language."""
    return {
        "states": {code: str(word) for code, word in STATES.items()},
        "reasons": {code: str(word) for code, word in REASONS.items()},
        "incidents": {code: str(word) for code, word in INCIDENTS.items()},
        "incident": _("Gangguan sistem sejak %(at)s"),
        "kinds": {code: str(word) for code, word in KINDS.items()},
        "blinded": {str(code): str(word) for code, word in BLINDED.items()},
        "outcomes": {code: str(word) for code, word in Outcome.choices},
        "units": duration_units(),
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
