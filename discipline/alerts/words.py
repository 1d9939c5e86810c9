"""Display names of indications and of the moments on their timeline."""

from typing import Any

from django.utils.translation import gettext as _

from discipline.alerts.case.timeline import DUE, SINCE
from discipline.core.codes import choices
from discipline.staffing.alert_kinds import AlertKind

KINDS: dict[str, Any] = dict(choices(AlertKind))


def alert_word(kind: str, detail: str = "") -> Any:
    """Return the display name of an indication; for a blinded camera it depends on `detail`, the way it was blinded."""
    return AlertKind(kind).name_of(detail)


def moment_word(kind: str, *, fault: bool) -> str:
    """Return the display name of a SINCE, DUE or END moment. `fault`: the indication is about a camera."""
    if kind == SINCE:
        return _("gangguan mulai") if fault else _("mulai kosong")
    if kind == DUE:
        return _("menjadi gangguan") if fault else _("masa toleransi habis")
    return _("berakhir")
