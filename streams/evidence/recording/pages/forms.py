"""The form by which the inspectorate decides how long a class of places is recorded."""

from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from offices.hours.schedule import local_day
from streams.evidence.recording.models import RetentionRule

if TYPE_CHECKING:  # generic in their stubs only
    RuleModelForm = forms.ModelForm[RetentionRule]
else:
    RuleModelForm = forms.ModelForm


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
