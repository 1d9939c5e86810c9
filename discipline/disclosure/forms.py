"""The form that asks why a copy is made."""

from django import forms
from django.utils.translation import gettext_lazy as _

from streams.evidence.models import gives_reason


class CopyReasonForm(forms.Form):
    """Why an operator makes the copy of somebody else's data."""

    reason = forms.CharField(
        label=_("Permohonan"),
        max_length=150,  # it is kept in the title of FileAccess
        validators=[gives_reason],
        widget=forms.TextInput(),
        help_text=_("Nomor dan tanggal surat permohonannya. Tercatat selamanya bersama nama Anda."),
    )
