"""The operator's forms: a camera, its zones, a file of many cameras."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from offices.city.sheet_forms import SheetForm
from offices.places.models import Kelurahan
from streams.cameras.addresses import device_of, stream_of, tidy_address
from streams.cameras.models import Camera
from streams.control.networks import NetworkError, parse_network
from streams.control.words import NETWORK_PROBLEMS
from streams.secrets import Secret, UnreadableSecret
from streams.setup import bulk_import

if TYPE_CHECKING:  # generic in their stubs only
    KelurahanChoiceField = forms.ModelChoiceField[Kelurahan]
    CameraModelForm = forms.ModelForm[Camera]
else:
    KelurahanChoiceField, CameraModelForm = forms.ModelChoiceField, forms.ModelForm


class KelurahanField(KelurahanChoiceField):
    """A text field for a kelurahan: its code, "name, kecamatan" as the list offers it, or a unique name."""

    def __init__(self, **kwargs: Any) -> None:
        queryset = Kelurahan.objects.select_related("kecamatan")
        widget = forms.TextInput(attrs={"list": "kelurahan-list", "autocomplete": "off"})
        super().__init__(queryset, widget=widget, **kwargs)
        self.error_messages["invalid_choice"] = _("Pilih kelurahan dari daftar.")

    @staticmethod
    def label_of(kelurahan: Kelurahan) -> str:
        """Return "name, kecamatan", which is unique."""
        return f"{kelurahan.name}, {kelurahan.kecamatan.name}"

    def prepare_value(self, value: Any) -> Any:
        """Return the text to show: the label of a kelurahan or primary key; typed text unchanged."""
        if isinstance(value, Kelurahan):
            return self.label_of(value)
        if isinstance(value, int):  # the instance's foreign key
            kelurahan = self.queryset.filter(pk=value).first() if self.queryset is not None else None
            return self.label_of(kelurahan) if kelurahan else ""
        return value

    def to_python(self, value: Any) -> Kelurahan | None:
        """Find the kelurahan by the typed text. Raises ValidationError when none or several match."""
        wanted = " ".join(str(value or "").split()).casefold()
        if not wanted:
            return None
        offices: list[Kelurahan] = list(self.queryset or [])
        matches = [k for k in offices if wanted in (k.code.casefold(), self.label_of(k).casefold())]
        matches = matches or [k for k in offices if wanted in (k.name.casefold(), k.official_name.casefold())]
        if len(matches) != 1:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return matches[0]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare the text as shown with the text as typed."""
        return str(self.prepare_value(initial) or "") != str(data or "")


class PasswordKeepingForm(CameraModelForm):
    """A camera's form that never sends the saved password to the browser.

    An empty password keeps the saved one, unless the device or user name has changed.
    """

    password = forms.CharField(
        label=_("Sandi"),
        required=False,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"}),
    )

    shared = forms.BooleanField(
        label=_("Ya, kedua kamera memang memakai alamat yang sama"), required=False, label_suffix=""
    )
    shared_with: Camera | None = None  # another camera with the address, once the form was checked

    class Meta:
        model = Camera
        fields = ["name", "url", "sub_url", "username", "password", "enabled"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)  # with it browsers cut what is too long, without a word
        self.kept = self.instance.password
        self.kept_for = (device_of(tidy_address(self.instance.url)), self.instance.username)
        self.initial.pop("password", None)
        if self.kept or isinstance(self.kept, UnreadableSecret):
            self.fields["password"].widget.attrs["placeholder"] = (
                _("tersimpan, isi untuk mengganti") if self.kept else _("tersimpan tetapi tidak terbaca, isi lagi")
            )

    def clean_url(self) -> str:
        """Tidy the address, and refuse another camera's stream unless `shared` is ticked; one it has already stays.

        A slip of one digit would let one office answer for the staff of another.
        """
        url = tidy_address(self.cleaned_data["url"])
        changed = stream_of(url) != stream_of(tidy_address(self.instance.url))
        self.shared_with = Camera(pk=self.instance.pk, url=url).same_stream() if changed else None
        ticked = self.fields["shared"].widget.value_from_datadict(self.data, self.files, self.add_prefix("shared"))
        if (other := self.shared_with) and not ticked:
            place = {"office": other.place.name, "camera": other.name}
            raise ValidationError(_("Alamat ini sudah dipakai %(office)s, %(camera)s.") % place)
        return url

    def clean_sub_url(self) -> str:
        """Tidy the address of the small stream."""
        return tidy_address(self.cleaned_data["sub_url"])

    def clean(self) -> dict[str, Any]:
        """Put the password to save into the data: the typed or the kept one, "" without a user name."""
        data = super().clean() or {}
        typed: Secret | str = data.get("password") or ""
        username = data.get("username") or ""
        if typed and not username:
            self.add_error("username", _("Sandi diisi tanpa nama pengguna."))
        # One that can't be opened now is kept as it is: another key may open it.
        stored = self.kept or isinstance(self.kept, UnreadableSecret)
        if username and not typed and stored and "url" in data:
            if self.kept_for != (device_of(data["url"]), username):
                # Otherwise the saved password could be sent to any address typed here.
                self.add_error("password", _("Perangkat atau pengguna berubah: tulis sandinya lagi."))
            typed = self.kept
        typed = typed if username else ""
        data["password"] = typed if isinstance(typed, Secret) else Secret(typed)
        self.instance.certificate = ""
        return data


class CameraAdminForm(PasswordKeepingForm):
    """A camera at any kind of place."""

    class Meta(PasswordKeepingForm.Meta):
        fields = ["place", *PasswordKeepingForm.Meta.fields]


class CameraForm(PasswordKeepingForm):
    """The form for adding a camera of a kelurahan office, and for changing any; a place of another kind stays."""

    kelurahan = KelurahanField(label=_("Kelurahan"), help_text=_("Ketik nama atau kodenya, misalnya 35 Ilir."))

    class Meta(PasswordKeepingForm.Meta):
        fields = ["kelurahan", *PasswordKeepingForm.Meta.fields]
        labels = {
            "name": _("Nama kamera"),
            "url": _("Alamat RTSP"),
            "sub_url": _("Alamat aliran kecil"),
            "username": _("Nama pengguna"),
            "enabled": _("Kamera dipakai"),
        }
        help_texts = {
            "name": _("Misalnya: Ruang pelayanan, sisi pintu"),
            "sub_url": _("Boleh kosong. Dipakai saat banyak kamera ditonton sekaligus."),
            "enabled": _("Bila tidak, kamera tidak dibuka dan loketnya tidak dipantau."),
        }
        widgets = {
            "url": forms.TextInput(
                attrs={"inputmode": "url", "placeholder": "rtsp://10.0.0.5:554/stream1", "spellcheck": "false"}
            ),
            "sub_url": forms.TextInput(
                attrs={"inputmode": "url", "placeholder": "rtsp://10.0.0.5:554/stream2", "spellcheck": "false"}
            ),
            "username": forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.kelurahan_id is None:
            del self.fields["kelurahan"]


# The port in the part "Perangkat" of a camera's page; empty: the usual ones are tried.
port_field = forms.IntegerField(
    required=False,
    min_value=1,
    max_value=65_535,
    error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _("Port adalah angka dari 1 sampai 65535.")),
)


class SearchForm(forms.Form):
    """The network in which to search for cameras."""

    network = forms.CharField(
        label=_("Jaringan"),
        label_suffix="",
        max_length=60,
        help_text=_("Misalnya 10.20.30.0/24; paling luas /22, yaitu 1.024 alamat."),
        widget=forms.TextInput(attrs={"list": "networks", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": NETWORK_PROBLEMS["malformed"]},
    )

    def clean_network(self) -> str:
        """Check that the network may be searched."""
        try:
            return str(parse_network(self.cleaned_data["network"]))
        except NetworkError as error:
            raise ValidationError(NETWORK_PROBLEMS[error.code]) from None


class ImportForm(SheetForm):
    """The upload of a CSV file of cameras."""

    kind = bulk_import.CAMERAS


class ZonesForm(forms.Form):
    """The zone editor's hidden fields: zones and marks as JSON, and the signed picture they were drawn on."""

    zones = forms.JSONField(required=False)  # an empty list means no zones
    marks = forms.JSONField(required=False)
    reference = forms.CharField()

    def clean_zones(self) -> list[dict[str, Any]]:
        """Check that the zones are a list of objects."""
        return self._drawn(self.cleaned_data["zones"])

    def clean_marks(self) -> list[dict[str, Any]]:
        """Check that the marks, if any, are a list of objects."""
        marks = self.cleaned_data["marks"]
        return [] if marks is None else self._drawn(marks)

    @staticmethod
    def _drawn(items: Any) -> list[dict[str, Any]]:
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items) or len(items) > 50:
            raise ValidationError(_("Data zona rusak. Muat ulang halaman."))
        return items
