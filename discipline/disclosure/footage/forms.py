"""Forms of copies of stored pictures: the request, and who of a picture is the applicant."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from discipline.disclosure.footage.marks_rule import UNNUMBERED
from offices.hours.schedule import ZONE
from offices.places.models import Counter
from streams.evidence.models import gives_reason


class FootageForm(forms.Form):
    """Counter and time that the applicant named, and the reason."""

    counter = forms.ModelChoiceField(Counter.objects.none(), label=_("Loket"))
    day = forms.DateField(label=_("Tanggal"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    start = forms.TimeField(label=_("Dari pukul"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    end = forms.TimeField(label=_("Sampai pukul"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    reason = forms.CharField(
        label=_("Permohonan"),
        max_length=500,
        validators=[gives_reason],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Nomor dan tanggal surat permohonannya. Tercatat selamanya bersama nama Anda."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        counters = Counter.objects.of_kelurahan().select_related("kelurahan__kecamatan")
        field = self.fields["counter"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = counters.order_by("kelurahan__kecamatan__name", "kelurahan__name", "name")

    def clean(self) -> dict[str, Any]:
        """Add `since` and `until`, in WIB, and check their order."""
        data = super().clean() or {}
        day, start, end = data.get("day"), data.get("start"), data.get("end")
        if day and start and end:
            if start >= end:
                self.add_error("end", _("Waktu akhir harus sesudah waktu awal."))
            data["since"], data["until"] = (datetime.combine(day, clock, tzinfo=ZONE) for clock in (start, end))
        return data


class ApplicantForm(forms.Form):
    """The numbers of the applicant in one picture; none: not in it."""

    faces = forms.TypedMultipleChoiceField(
        label=_("Mana pemohon?"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, numbers: list[int], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["faces"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        named = [(number, _("Nomor %(number)s") % {"number": number}) for number in numbers]
        field.choices = [*named, (UNNUMBERED, _("Terlihat, tetapi tidak bernomor"))]
