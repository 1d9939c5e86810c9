"""What the modules under static/js/ need to say in the reader's language."""

from typing import Any

from django.conf import settings
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from discipline.alerts.decisions.rule import DECISIONS
from discipline.alerts.words import KINDS
from discipline.core.wording import duration_units
from discipline.staffing.alert_kinds import AlertKind
from discipline.staffing.words import INCIDENTS, REASONS, STATES, ZONE_NAME


def words_for_browser() -> dict[str, Any]:
    """Return words by key; pairs are singular and plural. `clock` says how a time of day is written."""
    return {
        "states": {code: str(word) for code, word in STATES.items()},
        "reasons": {code: str(word) for code, word in REASONS.items()},
        "incidents": {code: str(word) for code, word in INCIDENTS.items()},
        "incident": _("Gangguan sistem sejak %(at)s"),
        "kinds": {code: str(word) for code, word in KINDS.items()},
        "details": {kind.value: {code: str(word) for code, word in kind.row.details.items()} for kind in AlertKind},
        "outcomes": {outcome.value: str(outcome.label) for outcome in DECISIONS},
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
