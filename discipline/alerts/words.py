"""What an indication and the moments of its timeline are called."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from discipline.alerts.case.timeline import DUE, SINCE
from discipline.alerts.models import Alert
from streams.pixels.occupancy import Blind

KINDS: dict[str, Any] = dict(Alert.Kind.choices)
BLINDED: dict[str, Any] = {  # Alert.detail of a BLINDED
    Blind.COVERED: Alert.Kind.BLINDED.label,
    Blind.MOVED: gettext_lazy("Kamera bergeser"),
    Blind.SCENE: gettext_lazy("Kamera menghadap ke tempat lain"),
}


def alert_word(kind: str, detail: str = "") -> Any:
    """Return what an indication is called; of a blinded camera, by how it was done."""
    return BLINDED.get(detail, KINDS[kind]) if kind == Alert.Kind.BLINDED else KINDS[kind]


def moment_word(kind: str, *, fault: bool) -> str:
    """Return what a moment of discipline.alerts.case.timeline is called."""
    if kind == SINCE:
        return _("gangguan mulai") if fault else _("mulai kosong")
    if kind == DUE:
        return _("menjadi gangguan") if fault else _("batas toleransi")
    return _("berakhir")
