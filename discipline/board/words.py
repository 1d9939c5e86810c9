"""Translated words for the modules under static/js/."""

from typing import TypedDict

from django.conf import settings
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from discipline.alerts.decisions.rule import DECISIONS
from discipline.alerts.words import KINDS
from discipline.core.models import Heartbeat
from discipline.core.wording import duration_units
from discipline.staffing.alert_kinds import AlertKind
from discipline.staffing.words import INCIDENTS, REASONS, STATES, ZONE_NAME

WordPair = tuple[str, str]  # singular and plural


class BrowserClock(TypedDict):
    """How times of day are written. zone: IANA name; name: as shown; dot: 09.42 instead of 09:42."""

    zone: str
    name: str
    dot: bool


class BrowserWords(TypedDict):
    """The words of board, wall and office pages. Dicts are by code."""

    states: dict[str, str]
    reasons: dict[str, str]
    incidents: dict[str, str]
    incident: str
    parts: dict[str, str]
    kinds: dict[str, str]
    details: dict[str, dict[str, str]]
    outcomes: dict[str, str]
    units: dict[str, WordPair]
    days: dict[str, str]
    moment: str
    since: str
    stale: str
    too_many: str
    refused: str
    news: str
    picture_age: str
    seconds: WordPair
    picture_failed: str
    people: WordPair
    clock: BrowserClock


def words_for_browser() -> BrowserWords:
    """Return the words in the language of the request."""
    return {
        "states": {code: str(word) for code, word in STATES.items()},
        "reasons": {code: str(word) for code, word in REASONS.items()},
        "incidents": {code: str(word) for code, word in INCIDENTS.items()},
        "incident": _("Gangguan sistem sejak %(at)s"),
        "parts": {code: str(word) for code, word in Heartbeat.Part.choices},
        "kinds": {code: str(word) for code, word in KINDS.items()},
        "details": {kind.value: {code: str(word) for code, word in kind.row.details.items()} for kind in AlertKind},
        "outcomes": {outcome.value: str(outcome.label) for outcome in DECISIONS},
        "units": duration_units(),
        "days": {"today": _("Hari ini"), "yesterday": _("Kemarin")},
        "moment": _("< 1 menit"),
        "since": _("sejak %(at)s"),
        "stale": _("Terputus, data per %(at)s. Menyambung kembali…"),
        "too_many": _("Akun Anda membuka terlalu banyak halaman sekaligus. Tutup yang tidak dipakai; dicoba lagi…"),
        "refused": _("Akun Anda tidak lagi berhak melihat data ini. Muat ulang halaman."),
        "news": _("%(kind)s: %(counter)s, %(kelurahan)s"),
        "picture_age": _("Gambar %(age)s lalu"),
        "seconds": (ngettext("%(n)s detik", "%(n)s detik", 1), ngettext("%(n)s detik", "%(n)s detik", 2)),
        "picture_failed": _("Gambar tidak dapat dimuat. Dicoba lagi."),
        "people": (ngettext("%(n)s orang", "%(n)s orang", 1), ngettext("%(n)s orang", "%(n)s orang", 2)),
        "clock": {"zone": settings.TIME_ZONE, "name": ZONE_NAME, "dot": get_language() == "id"},
    }
