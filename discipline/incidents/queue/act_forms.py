"""The forms of what an operator does about an item from the queue."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from discipline.incidents.dispatch.proposing import whom_to_ask
from discipline.incidents.forms import LONGEST_TEXT, asked, numbered
from discipline.incidents.models import Incident
from offices.places.models import Agency, Kelurahan
from streams.looks.streets.models import HintRefusal


class NoIncidentForm(forms.Form):
    """Why an incident is none."""

    last_seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    text = forms.CharField(label=_("Alasan singkat"), max_length=LONGEST_TEXT)


class NoHintForm(forms.Form):
    """Why a hint is no incident: one of the usual reasons, and more if the operator wants, or instead."""

    refusal = forms.ChoiceField(
        label=_("Mengapa bukan kejadian"), choices=HintRefusal.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(label=_("Keterangan"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        """Check that another reason is written down."""
        data = super().clean() or {}
        if data.get("refusal") == HintRefusal.OTHER and not data.get("text"):
            self.add_error("text", _("Tulis alasannya."))
        return data


class QueueTaskForm(forms.Form):
    """Whom to ask, those who handle the type there first, and what."""

    who = forms.ChoiceField(label=_("Siapa"))
    instruction = forms.CharField(label=_("Apa yang diminta"), max_length=1000)

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = whom_to_ask(incident)  # type: ignore[attr-defined]  # a ChoiceField's

    def clean_who(self) -> Agency | Kelurahan:
        """Return the agency or kelurahan."""
        return asked(self.cleaned_data["who"])


class MergeForm(forms.Form):
    """Which incident stays, by its number: K-12 or 12."""

    last_seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    duplicate_of = forms.CharField(label=_("Nomor kejadian yang tetap ditangani"), max_length=20)

    def clean_duplicate_of(self) -> Incident | None:
        """Return the incident."""
        return numbered(self.cleaned_data["duplicate_of"])
