"""The operator's forms of what the public sees."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from offices.places.models import Place
from streams.cameras.models import Camera
from streams.live.public.models import PublicClosure, PublicLimits, PublicPoint

if TYPE_CHECKING:  # generic in their stubs only
    PointModelForm = forms.ModelForm[PublicPoint]
    LimitsModelForm = forms.ModelForm[PublicLimits]
    ClosureModelForm = forms.ModelForm[PublicClosure]
else:
    PointModelForm = LimitsModelForm = ClosureModelForm = forms.ModelForm
LOCAL = "%Y-%m-%dT%H:%M"


class PublicPointForm(PointModelForm):
    """What the public sees of one point; the camera is one of the point's own."""

    class Meta:
        model = PublicPoint
        fields = ["shown", "live", "camera", "delay_s", "width", "most_viewers"]

    def __init__(self, *args: Any, place: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.instance.place = place
        cameras = Camera.objects.filter(place=place)
        field = forms.ModelChoiceField(cameras, label=_("Kamera"), required=False, empty_label=_("Belum dipilih"))
        self.fields["camera"] = field
        if self.instance.camera_id is None:
            field.initial = cameras.first()


class PublicLimitsForm(LimitsModelForm):
    """The city's limits."""

    class Meta:
        model = PublicLimits
        fields = ["most_viewers"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""


class PublicClosureForm(ClosureModelForm):
    """Why and until when a point is closed to the public."""

    class Meta:
        model = PublicClosure
        fields = ["reason", "until"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["reason"].error_messages["required"] = _("Tulis alasannya; publik membacanya.")
        self.fields["until"] = forms.DateTimeField(
            label=_("Sampai (kosong: sampai dibuka lagi)"),
            required=False,
            input_formats=[LOCAL],
            widget=forms.DateTimeInput(format=LOCAL, attrs={"type": "datetime-local"}),
            error_messages={"invalid": _("Isi tanggal dan jamnya.")},
        )
