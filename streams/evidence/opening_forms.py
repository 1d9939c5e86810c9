"""Forms for opening originals and for filtering the log of openings."""

from django import forms
from django.utils.translation import gettext_lazy as _

from offices.places.models import Kecamatan
from streams.evidence.models import gives_reason


class OpeningReasonForm(forms.Form):
    """The reason for opening an original."""

    reason = forms.CharField(
        label=_("Alasan"),
        max_length=500,
        validators=[gives_reason],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Tercatat selamanya bersama nama Anda. Sebutkan nomor perkara bila ada."),
    )


class OpeningsForm(forms.Form):
    """The log's filters, from the query string."""

    q = forms.CharField(required=False, max_length=100)
    kecamatan = forms.ModelChoiceField(Kecamatan.objects.all(), to_field_name="code", required=False)
    dari = forms.DateField(required=False)
    sampai = forms.DateField(required=False)
