"""The form of a dated rule of retention."""

from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from discipline.incidents.dated_retention.models import DatedRetention
from offices.hours.schedule import local_day

if TYPE_CHECKING:
    RuleModelForm = forms.ModelForm[DatedRetention]
else:
    RuleModelForm = forms.ModelForm

SHORTEST_BASIS = 8


class DatedRetentionForm(RuleModelForm):
    """A new rule, for the model that modelform_factory is given. It may not begin in the past."""

    class Meta:
        fields = ["days", "since", "basis"]
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
        if len(basis) < SHORTEST_BASIS:
            raise ValidationError(_("Sebutkan peraturan atau keputusannya, sedikitnya 8 huruf."))
        return basis
