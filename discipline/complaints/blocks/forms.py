"""The form of a block."""

from django import forms
from django.utils.translation import gettext_lazy as _

from discipline.complaints.blocks.block_rule import BlockKind


class BlockForm(forms.Form):
    """What is blocked, for how long and why. phrase: of phrases only."""

    kind = forms.ChoiceField(choices=[(one.value, one.label) for one in BlockKind])
    phrase = forms.CharField(max_length=200, required=False)
    days = forms.IntegerField(error_messages={"required": _("Tulis berapa hari."), "invalid": _("Tulis berapa hari.")})
    reason = forms.CharField(max_length=300, error_messages={"required": _("Tulis alasannya.")})
