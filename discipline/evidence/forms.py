"""Forms of retention and legal holds."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from discipline.evidence.models import LegalHold, Retention
from streams.evidence.models import gives_reason

if TYPE_CHECKING:  # generic in their stubs only
    RetentionModelForm = forms.ModelForm[Retention]
    HoldModelForm = forms.ModelForm[LegalHold]
else:
    RetentionModelForm = HoldModelForm = forms.ModelForm


class RetentionForm(RetentionModelForm):
    """New numbers of retention."""

    class Meta:
        model = Retention
        fields = ["still_days", "case_days", "quota_gb", "warn_percent"]


class HoldReasonForm(forms.Form):
    """The reason for setting or ending a hold."""

    reason = forms.CharField(label=_("Alasan"), max_length=500, validators=[gives_reason])


class OfficeHoldForm(HoldModelForm):
    """A hold on an office's evidence of some days."""

    class Meta:
        model = LegalHold
        fields = ["kelurahan", "first_day", "last_day", "reason"]
        widgets = {
            "first_day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "last_day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "reason": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("kelurahan", "first_day", "last_day"):  # optional in the model, which also holds indications
            self.fields[name].required = True

    def clean(self) -> dict[str, Any]:
        """Check the order of the days."""
        data = super().clean() or {}
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and first > last:
            self.add_error("last_day", _("Tanggal akhir mendahului tanggal awal."))
        return data
