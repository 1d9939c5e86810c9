"""What a resident has filled in so far of where it is."""

from typing import Any

from django import forms

from discipline.complaints.forms import office_choices, office_with, pin_of
from discipline.complaints.models import ComplaintKind


class NearForm(forms.Form):
    """A kind that is not private, and an office or a pin."""

    kind = forms.ModelChoiceField(ComplaintKind.objects.filter(active=True, private=False), to_field_name="code")
    office = forms.ChoiceField(required=False)
    latitude = forms.FloatField(localize=True, required=False, min_value=-90, max_value=90)
    longitude = forms.FloatField(localize=True, required=False, min_value=-180, max_value=180)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices: Any = self.fields["office"]
        offices.choices = office_choices()

    def pin(self) -> tuple[float, float] | None:
        """Return where it is, in degrees; None if that is not said yet. Call it for a valid form."""
        data = self.cleaned_data
        if data["office"]:
            return pin_of(office_with(data["office"]))
        if data["latitude"] is None or data["longitude"] is None:
            return None
        return data["latitude"], data["longitude"]
