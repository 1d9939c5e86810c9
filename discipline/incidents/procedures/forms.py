"""The form of a new version of a procedure."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from discipline.incidents.procedures.lines_rule import LONGEST_PROCEDURE


class ProcedureForm(forms.Form):
    """The lines of a version, and the local day from which it holds."""

    text = forms.CharField(
        label=_("Langkah, satu baris satu langkah"),
        max_length=LONGEST_PROCEDURE,
        widget=forms.Textarea({"rows": 10}),
        help_text=_("Nomor telepon seperti 112 dapat diketuk untuk menelepon."),
    )
    day = forms.DateField(
        label=_("Berlaku sejak"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Hari ini berarti sejak disimpan. Kejadian yang sudah dibuka tetap memakai versi lamanya."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
