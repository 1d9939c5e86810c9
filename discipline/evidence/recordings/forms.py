"""The form by which a range of recordings is requested as evidence."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from discipline.evidence.recordings.models import LONGEST, RecordingExport
from streams.cameras.models import Camera
from streams.evidence.recording.pages.forms import CameraChoice, moment_field

if TYPE_CHECKING:  # generic in their stubs only
    ExportModelForm = forms.ModelForm[RecordingExport]
else:
    ExportModelForm = forms.ModelForm


class ExportForm(ExportModelForm):
    """A request: which camera and span, for whom, why, by which letter."""

    class Meta:
        model = RecordingExport
        fields = ["camera", "since", "until", "requester", "letter", "reason"]

    def __init__(self, cameras: QuerySet[Camera], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = cameras.order_by("place__kind", "place__point_code", "pk")
        self.fields["camera"] = CameraChoice(named, label=_("Kamera"))
        self.fields["since"] = moment_field(_("Dari (WIB)"))
        self.fields["until"] = moment_field(_("Sampai (WIB)"))

    def clean(self) -> dict[str, Any]:
        """Check the span."""
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until:
            if since >= until:
                self.add_error("until", _("Akhir mendahului awal."))
            elif until - since > LONGEST:
                self.add_error("until", _("Paling lama 60 menit. Minta sisanya sendiri."))
            elif until > timezone.now():
                self.add_error("until", ValidationError(_("Rentang itu belum lewat.")))
        return data
