"""The forms of the room's list and its visits."""

from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from discipline.incidents.room.models import LONGEST_PURPOSE, RoomPass
from offices.hours.schedule import local_day

if TYPE_CHECKING:
    PassModelForm = forms.ModelForm[RoomPass]
else:
    PassModelForm = forms.ModelForm

DAY_FORMAT, MOMENT_FORMAT = "%Y-%m-%d", "%Y-%m-%dT%H:%M"


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format=DAY_FORMAT)


def _moment() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT_FORMAT)


class RoomPassForm(PassModelForm):
    """A new name on the list."""

    class Meta:
        model = RoomPass
        fields = ["name", "body", "reason", "first", "last"]
        widgets = {"first": _day(), "last": _day()}

    def clean_last(self) -> object:
        """Refuse a pass that is over already."""
        last = self.cleaned_data["last"]
        if last < local_day(timezone.now()):
            raise ValidationError(_("Hari ini atau sesudahnya."))
        return last


class VisitCorrectionForm(forms.Form):
    """What a visit should have been, and why it was wrong."""

    came_at = forms.DateTimeField(label=_("Masuk (WIB)"), widget=_moment())
    left_at = forms.DateTimeField(
        label=_("Keluar (WIB)"), widget=_moment(), required=False, help_text=_("Kosongkan bila masih di dalam.")
    )
    purpose = forms.CharField(label=_("Keperluan"), max_length=LONGEST_PURPOSE)
    note = forms.CharField(label=_("Alasan koreksi"), max_length=LONGEST_PURPOSE)
