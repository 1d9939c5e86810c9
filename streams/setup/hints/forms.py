"""The operator's forms of hints."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from streams.looks.streets.models import MOST_MINUTES, HintKind, HintRule, checked_polygon

if TYPE_CHECKING:  # generic in their stubs only
    RuleModelForm = forms.ModelForm[HintRule]
else:
    RuleModelForm = forms.ModelForm


class PlaceField(forms.CharField):
    """A polygon as "x,y x,y …" in percent from the left and from the top; cleaned to fractions."""

    def to_python(self, value: Any) -> Any:
        """Return [[x, y], …] as fractions. Raises ValidationError."""
        try:
            corners = [[float(part) / 100 for part in pair.split(",")] for pair in str(value or "").split()]
        except ValueError:
            raise ValidationError(_("Tulis setiap sudut sebagai “kiri,atas” dalam persen.")) from None
        try:
            return checked_polygon(corners)
        except ValidationError as error:
            raise ValidationError(error.messages) from None

    def prepare_value(self, value: Any) -> Any:
        """Return the text of a stored polygon; what was typed stays as it is."""
        if not isinstance(value, list):
            return value
        return " ".join(f"{100 * x:.4g},{100 * y:.4g}" for x, y in value)


class HintSettingForm(forms.Form):
    """Whether hints of a kind are wanted of a camera, and in which place on its picture."""

    on = forms.BooleanField(label=_("Petunjuk menyala"), required=False)
    polygon = PlaceField(
        label=_("Sudut-sudut tempatnya"),
        max_length=600,
        help_text=_("Setiap sudut: persen dari kiri, koma, persen dari atas. Ketuk pada gambar untuk menambah sudut."),
    )

    minutes = forms.IntegerField(
        label=_("Petunjuk muncul setelah tergeletak (menit)"), min_value=1, max_value=MOST_MINUTES, initial=20
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        if kind != HintKind.RUBBISH:
            del self.fields["minutes"]


class HintRuleForm(RuleModelForm):
    """When hints fall silent."""

    class Meta:
        model = HintRule
        fields = ["counted", "least_percent"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
