"""The administrator's forms of places and kelurahan."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from offices.places.models import Kelurahan, Place
from offices.places.pins import CityPins

if TYPE_CHECKING:  # generic in their stubs only
    PlaceModelForm = forms.ModelForm[Place]
    KelurahanModelForm = forms.ModelForm[Kelurahan]
else:
    PlaceModelForm = KelurahanModelForm = forms.ModelForm

FARTHEST = 0.3  # degrees, some 33 km
NEEDED = ("point_code", "point_name", "agency", "latitude", "longitude")


class PlaceForm(PlaceModelForm):
    """A new place is a point, and a point needs everything; of an office only its pin can change."""

    class Meta:
        model = Place
        fields = NEEDED

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.instance.kind = Place.Kind.POINT
        if self.instance.kind == Place.Kind.POINT:
            for field in self.fields.values():  # none for users who may only look
                field.required = True

    def clean(self) -> dict[str, Any]:
        """Refuse a point outside the city."""
        data = super().clean() or {}
        if self.instance.kind == Place.Kind.POINT:
            problem = CityPins.load().problem(data.get("latitude"), data.get("longitude"))
            if problem:
                self.add_error("latitude", problem)
        return data


class KelurahanForm(KelurahanModelForm):
    """Refuses a pin far from the kecamatan: a forgotten minus sign would distort the whole map."""

    class Meta:
        model = Kelurahan
        fields = ("code", "kecamatan", "name", "official_name", "latitude", "longitude", "address", "phone", "whatsapp")

    def clean(self) -> dict[str, Any]:
        """Compare the pin with the middle of the kecamatan."""
        data = super().clean() or {}
        kecamatan = data.get("kecamatan")
        for name in ("latitude", "longitude"):
            if kecamatan and data.get(name) is not None and abs(data[name] - getattr(kecamatan, name)) > FARTHEST:
                self.add_error(name, _("Terlalu jauh dari tengah kecamatan. Periksa tanda minus dan titik desimal."))
        return data
