"""The form of a call."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from discipline.incidents.calls.models import CallVia
from discipline.incidents.models import IncidentType
from offices.places.models import Kelurahan
from offices.places.pins import CityPins


class CallForm(forms.Form):
    """What a caller says. The place is a pin, or the kelurahan that they name, for which its office's pin stands."""

    via = forms.ChoiceField(
        label=_("Lewat"),
        choices=[(via.value, via.label) for via in CallVia],
        widget=forms.Select({"autofocus": True}),
    )
    kind = forms.ModelChoiceField(
        IncidentType.objects.filter(active=True), label=_("Jenis"), to_field_name="code", empty_label=None
    )
    text = forms.CharField(label=_("Kata-kata penelepon"), max_length=4000, widget=forms.Textarea({"rows": 3}))
    address = forms.CharField(label=_("Alamat atau patokan"), max_length=200)
    kelurahan = forms.ModelChoiceField(
        Kelurahan.objects.order_by("name"),
        label=_("Kelurahan"),
        to_field_name="code",
        required=False,
        empty_label=_("Tidak disebut"),
        help_text=_("Cukup kelurahannya bila penelepon tidak tahu titiknya di peta."),
    )
    latitude = forms.FloatField(label=_("Lintang"), localize=True, required=False)
    longitude = forms.FloatField(label=_("Bujur"), localize=True, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    def clean(self) -> dict[str, Any]:
        """Require a pin in the city, or a kelurahan."""
        cleaned = super().clean() or {}
        if {"latitude", "longitude", "kelurahan"} & self.errors.keys():
            return cleaned
        latitude, longitude = cleaned.get("latitude"), cleaned.get("longitude")
        if (latitude is None) != (longitude is None):
            self.add_error("latitude", _("Tulis lintang dan bujurnya, atau kosongkan keduanya."))
        elif latitude is None and not cleaned.get("kelurahan"):
            self.add_error("kelurahan", _("Pilih kelurahannya, atau ketuk tempatnya di peta."))
        elif latitude is not None and (problem := CityPins.load().problem(latitude, longitude)):
            self.add_error("latitude", problem)
        return cleaned

    @property
    def pin(self) -> tuple[float, float]:
        """The pin in degrees."""
        data = self.cleaned_data
        if data["latitude"] is not None:
            return data["latitude"], data["longitude"]
        return data["kelurahan"].latitude, data["kelurahan"].longitude

    @property
    def address_known(self) -> str:
        """The address, with the kelurahan where only that is known."""
        data = self.cleaned_data
        if data["latitude"] is not None:
            return str(data["address"])
        return f"{data['address']}, {data['kelurahan'].name}"[:200]
