"""The forms of the sample: its rule, and what a checker saw in a clip."""

from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from discipline.spotchecks.sample.items_rule import ConductItem, ItemAnswer
from discipline.spotchecks.sample.models import SampleRule
from offices.hours.schedule import local_day

if TYPE_CHECKING:  # generic in its stubs only
    SampleRuleModelForm = forms.ModelForm[SampleRule]
else:
    SampleRuleModelForm = forms.ModelForm


class SampleRuleForm(SampleRuleModelForm):
    """A new rule. It may not begin in the past: what was drawn then stays as it was."""

    class Meta:
        model = SampleRule
        fields = ["per_office", "wait_minutes", "second_percent", "keep_days", "keep_judged_days", "since", "basis"]
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


class JudgementForm(forms.Form):
    """What a checker saw: usable=no, or an answer for each item."""

    usable = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # those of Form
        for item in ConductItem:
            self.fields[item.value] = forms.ChoiceField(
                choices=[(answer.value, answer.label) for answer in ItemAnswer], required=False
            )

    @property
    def answers(self) -> dict[str, str]:
        """The answers that were given."""
        return {item.value: found for item in ConductItem if (found := self.cleaned_data.get(item.value))}
