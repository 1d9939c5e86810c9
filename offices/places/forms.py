"""The administrator's form of a place."""

from typing import TYPE_CHECKING, Any

from django import forms

from offices.places.models import Place

if TYPE_CHECKING:  # generic in their stubs only
    PlaceModelForm = forms.ModelForm[Place]
else:
    PlaceModelForm = forms.ModelForm

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
