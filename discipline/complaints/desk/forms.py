"""The forms of the city about residents' reports."""

from django import forms
from django.utils.translation import gettext_lazy as _

from discipline.complaints.seen_rule import SeenOutcome
from discipline.complaints.state_rule import ComplaintState

LONGEST = 2000


class ComplaintStepForm(forms.Form):
    """A step. duplicate_of: a number as it is written, RA-12 or 12."""

    state = forms.ChoiceField(choices=[(state.value, state.label) for state in ComplaintState])
    last_seen = forms.IntegerField(min_value=0)
    text = forms.CharField(max_length=LONGEST, required=False)
    message = forms.CharField(max_length=LONGEST, required=False)
    duplicate_of = forms.CharField(max_length=20, required=False)

    def clean_duplicate_of(self) -> int | None:
        """Return the id. Raises ValidationError for what is no number."""
        return number_in(self.cleaned_data["duplicate_of"], "RA", _("Tulis nomor laporan, misalnya RA-12."))


class AnswerForm(forms.Form):
    """What is written to the resident."""

    message = forms.CharField(max_length=LONGEST)


class PublicTextForm(forms.Form):
    """What the public reads; without a text the report is hidden."""

    public_text = forms.CharField(max_length=4000, required=False)
    public_address = forms.CharField(max_length=200, required=False)


class JoinForm(forms.Form):
    """The incident that a report is about; empty opens a new one."""

    incident = forms.CharField(max_length=20, required=False)

    def clean_incident(self) -> int | None:
        """Return the id. Raises ValidationError for what is no number."""
        return number_in(self.cleaned_data["incident"], "K", _("Tulis nomor kejadian, misalnya K-12."))


class CompareForm(forms.Form):
    """How a report about a counter compares with what was seen. counter, text: of CAMERA_WRONG."""

    outcome = forms.ChoiceField(choices=[(one.value, one.label) for one in SeenOutcome])
    counter = forms.IntegerField(required=False)
    text = forms.CharField(max_length=LONGEST, required=False)


def number_in(text: str, letters: str, problem: object) -> int | None:
    """Return the number after these letters and a dash; None for an empty text. Raises ValidationError."""
    typed = text.upper().strip().removeprefix(letters).lstrip("- ")
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) < 16):
        raise forms.ValidationError(str(problem))
    return int(typed)
