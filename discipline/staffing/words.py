"""Labels of states, reasons and system incidents, for pages and for JavaScript."""

from typing import Any

from django.utils.translation import gettext_lazy

from discipline.staffing import incident_rule
from discipline.staffing import rule as staffing_rule
from discipline.staffing.alert_kinds import ACCUSATIONS, AlertKind
from discipline.staffing.incident_models import SystemIncident
from discipline.staffing.models import StandingState
from streams.cameras import words as cameras_words
from streams.pixels.occupancy import Look

NO_COUNTERS = "none"
ZONE_NAME = "WIB"
STATES: dict[str, Any] = dict(StandingState.choices) | {NO_COUNTERS: gettext_lazy("Belum dipantau")}
GROUPS: dict[str, Any] = STATES | {
    "late": gettext_lazy("Terlambat buka"),
    incident_rule.SYSTEM: gettext_lazy("Tidak dinilai"),
}
REASONS: dict[str, Any] = cameras_words.BLIND | {
    staffing_rule.OPENING: gettext_lazy("Belum buka"),
    # An absence needs no reason beside its state.
    **{kind.value: kind.label for kind in ACCUSATIONS if kind is not AlertKind.ABSENCE},
    staffing_rule.NO_LOOK: gettext_lazy("Belum terpantau"),
}
# Causes for the banner of a system incident; the placeholders are keys of board.rows.open_incident().
INCIDENTS: dict[str, Any] = {
    SystemIncident.Kind.FLEET_BLIND.value: gettext_lazy("%(blind)s dari %(total)s kamera tidak terbaca."),
    SystemIncident.Kind.NO_WATCH.value: gettext_lazy("tidak ada proses pemantau yang berjalan."),
    SystemIncident.Kind.WATCH_STALLED.value: gettext_lazy("pemantauan sempat terhenti."),
    SystemIncident.Kind.CLOCK_JUMPED.value: gettext_lazy("jam komputer tidak cocok."),
}


STATE_OF = {
    Look.STAFFED: StandingState.STAFFED,
    Look.EMPTY: StandingState.ABSENT,
    Look.BLIND: StandingState.UNKNOWN,
}  # the state with whose colour and shape a look is shown


def look_word(look: str, reason: str = "") -> str:
    """Return "Berpetugas", "Kosong", or the reason why the look is BLIND."""
    word = STATES[STATE_OF[Look(look)]]
    return str(REASONS.get(reason, word) if look == Look.BLIND else word)
