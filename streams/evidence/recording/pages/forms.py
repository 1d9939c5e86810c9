"""The forms for how long a class of places is recorded, and for holding what was."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from offices.hours.schedule import local_day
from streams.cameras.models import Camera
from streams.evidence.models import gives_reason
from streams.evidence.recording.models import RetentionRule

if TYPE_CHECKING:  # generic in their stubs only
    RuleModelForm = forms.ModelForm[RetentionRule]
    CameraChoiceField = forms.ModelChoiceField[Camera]
    from django_stubs_ext import StrOrPromise
else:
    RuleModelForm = forms.ModelForm
    CameraChoiceField = forms.ModelChoiceField


class RetentionRuleForm(RuleModelForm):
    """A new rule. It may not begin in the past: what was promised for then stays as it was."""

    class Meta:
        model = RetentionRule
        fields = ["kept_as", "days", "since", "basis"]
        widgets = {"since": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def clean_since(self) -> object:
        """Refuse a day that has passed."""
        since = self.cleaned_data["since"]
        if since < local_day(timezone.now()):
            raise ValidationError(_("Hari ini atau sesudahnya."))
        return since

    def clean_basis(self) -> str:
        """Refuse a basis that is too short to name one."""
        basis = str(self.cleaned_data["basis"]).strip()
        if len(basis) < 8:
            raise ValidationError(_("Sebutkan peraturan atau keputusannya, sedikitnya 8 huruf."))
        return basis


class CameraChoice(CameraChoiceField):
    """A choice among cameras, named with their places."""

    def label_from_instance(self, camera: Camera) -> str:
        """Return the place's name and the camera's."""
        return f"{camera.place.name}: {camera.name}"


def moment_field(label: "StrOrPromise") -> forms.DateTimeField:
    """Return a field for a moment in WIB, to the second."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S")
    return forms.DateTimeField(label=label, widget=widget)


class HoldForm(forms.Form):
    """A span of a camera's recordings to be held, and why."""

    def __init__(self, cameras: QuerySet[Camera], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = cameras.order_by("place__kind", "place__point_code", "pk")
        self.fields["camera"] = CameraChoice(named, label=_("Kamera"))
        self.fields["since"], self.fields["until"] = moment_field(_("Dari (WIB)")), moment_field(_("Sampai (WIB)"))
        self.fields["reason"] = forms.CharField(label=_("Alasan"), max_length=500, validators=[gives_reason])

    def clean(self) -> dict[str, Any]:
        """Check the order of the moments."""
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and since >= until:
            self.add_error("until", _("Akhir mendahului awal."))
        return data
