"""What an indication and the moments of its timeline are called."""

from typing import Any

from django.utils.translation import gettext as _

from discipline.alerts.case.timeline import DUE, SINCE
from discipline.core.codes import choices
from discipline.staffing.alert_kinds import AlertKind

KINDS: dict[str, Any] = dict(choices(AlertKind))


def alert_word(kind: str, detail: str = "") -> Any:
    """Return what an indication is called; of a blinded camera, by how it was done."""
    return AlertKind(kind).name_of(detail)


def moment_word(kind: str, *, fault: bool) -> str:
    """Return what a moment of discipline.alerts.case.timeline is called."""
    if kind == SINCE:
        return _("gangguan mulai") if fault else _("mulai kosong")
    if kind == DUE:
        return _("menjadi gangguan") if fault else _("batas toleransi")
    return _("berakhir")
