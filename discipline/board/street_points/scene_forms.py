"""The operator's form of a wall scene."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from discipline.board.street_points.models import WallScene
from offices.access.gate import User, kecamatan_offices, scope_of, within
from offices.places.models import Kecamatan, Kelurahan, Place
from offices.points.models import Purpose

CODES = ("purposes", "points", "kecamatan", "offices")


class SceneForm(forms.Form):
    """Name and contents of a scene. Its code is made of its first name and stays, as televisions have it bookmarked."""

    name = forms.CharField(label=_("Nama"), max_length=40)
    purposes = forms.MultipleChoiceField(choices=Purpose.choices, required=False)
    points = forms.MultipleChoiceField(required=False)
    kecamatan = forms.MultipleChoiceField(required=False)
    offices = forms.MultipleChoiceField(required=False)

    def __init__(self, data: Any = None, *, user: User, scene: WallScene | None = None) -> None:
        initial = {"name": scene.name} | {key: getattr(scene, key) for key in CODES} if scene else {}
        super().__init__(data, initial=initial)
        self.label_suffix = ""
        self.scene = scene
        scope = scope_of(user)
        above = [one.code for one in kecamatan_offices(scope, in_use=True)]
        below = Kelurahan.objects.filter(within(scope)).values_list("code", flat=True)
        points = Place.objects.filter(kind=Place.Kind.POINT).order_by("point_code")
        self._offer("points", points.values_list("point_code", "point_name"))
        self._offer("kecamatan", ((code, code) for code in Kecamatan.objects.values_list("code", flat=True)))
        self._offer("offices", ((code, code) for code in (*below, *above)))

    def _offer(self, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(choices)

    @property
    def gone(self) -> list[str]:
        """The codes that the scene names and that are no more; saving drops them."""
        if self.scene is None:
            return []
        offered = {key: {code for code, _word in self.fields[key].choices} for key in CODES}  # type: ignore[attr-defined]  # they are MultipleChoiceFields
        return [code for key in CODES for code in getattr(self.scene, key) if code not in offered[key]]

    def chosen(self, name: str) -> list[str]:
        """Return the codes of a field that are ticked now."""
        return [str(code) for code in self[name].value() or []]

    def clean_name(self) -> str:
        """Refuse the name of another scene, and one of signs only, of which no code can be made."""
        name = str(self.cleaned_data["name"])
        same = WallScene.objects.filter(name__iexact=name).first()
        if same and same != self.scene:
            raise ValidationError(_("Nama ini sudah dipakai adegan lain."))
        if not slugify(name):
            raise ValidationError(_("Nama perlu huruf atau angka."))
        return name

    def clean(self) -> None:
        """Refuse a scene that shows nothing."""
        super().clean()
        if not self.errors and not any(self.cleaned_data.get(key) for key in CODES):
            raise ValidationError(_("Pilih sedikitnya satu keperluan, titik, kecamatan atau kantor."))

    def save(self) -> WallScene:
        """Store the scene, a new one after all others."""
        scene = self.scene or WallScene(code=_free_code(self.cleaned_data["name"]), position=WallScene.objects.count())
        for key in ("name", *CODES):
            setattr(scene, key, self.cleaned_data[key])
        scene.save()
        return scene


def _free_code(name: str) -> str:
    """Return a code that no scene has, made of the name."""
    stem, known = slugify(name)[:20].strip("-"), set(WallScene.objects.values_list("code", flat=True))
    code, number = stem, 2
    while code in known:
        code, number = f"{stem[: 19 - len(str(number))]}-{number}", number + 1
    return code
