"""Forms to explain and to decide an indication."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from discipline.alerts.decisions.panel import OF_EXPLAINING, OF_FALSE_ALARM, Reason
from discipline.alerts.decisions.rule import DECISIONS, DecisionAct
from discipline.core.attachments import LARGEST, TYPES

LONGEST_TEXT = 2000


def _choices(reasons: tuple[Reason, ...]) -> list[tuple[str, Any]]:
    return [("", _("Pilih alasan")), *((reason.value, reason.label) for reason in reasons)]


class ExplainForm(forms.Form):
    """The lurah's explanation. `last_seen` is the id of the newest Decision that the page showed."""

    reason = forms.ChoiceField(label=_("Alasan"), choices=_choices(OF_EXPLAINING))
    text = forms.CharField(
        label=_("Penjelasan"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Tulis keadaan loketnya, tanpa nama petugas."),
    )
    attachment = forms.FileField(
        label=_("Lampiran"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(TYPES), "data-largest": LARGEST}),
        help_text=_("Surat tugas atau foto: PDF, JPEG, atau PNG, paling besar 10 MB."),
    )
    last_seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Require a text for the reason LAIN (other)."""
        cleaned = super().clean() or {}
        if cleaned.get("reason") == Reason.LAIN and not cleaned.get("text", "").strip():
            self.add_error("text", _("Jelaskan alasannya dengan kata-kata."))
        return cleaned


class TogetherForm(forms.Form):
    """The excuse of several indications; without `reason` each gets that of its lurah."""

    reason = forms.ChoiceField(required=False, choices=[("", ""), *((one.value, one.label) for one in OF_EXPLAINING)])
    text = forms.CharField(required=False, max_length=LONGEST_TEXT)


class DecideForm(forms.Form):
    """A decision, its undoing, or that it stays. `last_seen` is the id of the newest Decision that the page showed."""

    act = forms.ChoiceField(
        choices=[(act.value, act.value) for act in (*DECISIONS, DecisionAct.UNDONE, DecisionAct.UPHELD)]
    )
    reason = forms.ChoiceField(required=False, choices=[("", ""), *Reason.choices])
    text = forms.CharField(required=False, max_length=LONGEST_TEXT)
    last_seen = forms.IntegerField(required=False)

    def clean(self) -> dict[str, Any]:
        """Require a reason that fits the act, and clear it for acts that take none."""
        cleaned = super().clean() or {}
        act, reason = cleaned.get("act"), cleaned.get("reason", "")
        allowed = (
            {DecisionAct.EXCUSED: OF_EXPLAINING, DecisionAct.FALSE_ALARM: OF_FALSE_ALARM}.get(DecisionAct(act))
            if act
            else None
        )
        if allowed and reason not in allowed:
            self.add_error("reason", _("Pilih alasannya."))
        elif not allowed:
            cleaned["reason"] = ""
        return cleaned
