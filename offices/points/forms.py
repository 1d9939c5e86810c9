"""The operator's forms: a street point, a row of its legal basis, an agency. Imports of many points use them too."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offices.places.models import Agency, Place
from offices.places.pins import CityPins
from offices.points.changes import PointDetails, details_of
from offices.points.models import PointBasis, Purpose, RetentionClass

if TYPE_CHECKING:  # generic in their stubs only
    BasisModelForm = forms.ModelForm[PointBasis]
    AgencyModelForm = forms.ModelForm[Agency]
else:
    BasisModelForm = AgencyModelForm = forms.ModelForm

PAIR = re.compile(r"\s*(-?\d+\.\d+)\s*[,;]\s*(-?\d+\.\d+)\s*")  # as maps on the web copy a position
Choices = list[tuple[str, Any]]


class DegreesField(forms.FloatField):
    """Degrees, with a point or, as Indonesian spreadsheets write them, a comma."""

    def to_python(self, value: Any) -> Any:
        """Read the number. Raises ValidationError for anything else."""
        return super().to_python(str(value or "").strip().replace(",", ".").replace("−", "-"))


class PointCodeField(forms.CharField):
    """The code of a point, in capitals however it is typed."""

    def to_python(self, value: Any) -> str:
        """Return the code in capitals."""
        return (super().to_python(value) or "").upper()


@dataclass(frozen=True, slots=True)
class KnownPlaces:
    """What a point's form chooses among and compares with, read once for many forms."""

    agencies: Mapping[str, Agency]  # by code
    offices: Mapping[str, Place]  # by code
    codes: frozenset[str]  # of all points
    pins: CityPins

    @classmethod
    def load(cls) -> "KnownPlaces":
        """Read them. Three queries."""
        places = list(Place.objects.loaded().exclude(kind=Place.Kind.POINT))
        below = [place.kelurahan for place in places if place.kelurahan]
        return cls(
            {one.code: one for one in Agency.objects.all()},
            {place.code: place for place in places},
            frozenset(Place.objects.filter(kind=Place.Kind.POINT).values_list("point_code", flat=True)),
            CityPins([(one.name, one.latitude, one.longitude) for one in below]),
        )

    def agency_choices(self) -> Choices:
        """Return the agencies by code."""
        return [(code, one.name) for code, one in self.agencies.items()]

    def proposer_choices(self) -> Choices:
        """Return who may propose a point: nobody on record, an agency or an office. Their codes never coincide."""
        offices: Choices = [(code, place.office_title) for code, place in self.offices.items()]
        return [
            ("", _("Tidak tercatat")),
            (_("Instansi"), self.agency_choices()),
            (_("Kantor"), sorted(offices, key=lambda office: str(office[1]))),
        ]


class PointForm(forms.Form):
    """A street point. `details` is valid after is_valid(). The code of a stored point stays."""

    code = PointCodeField(
        label=gettext_lazy("Kode titik"),
        max_length=20,
        help_text=gettext_lazy("Misalnya T-042. Tidak dapat diubah lagi: berkas titik dinamai dengannya."),
        validators=Place._meta.get_field("point_code").validators,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Nama titik"), max_length=80, help_text=gettext_lazy("Misalnya: Simpang Charitas")
    )
    latitude = DegreesField(
        label=gettext_lazy("Lintang"),
        min_value=-90,
        max_value=90,
        help_text=gettext_lazy("Misalnya -2.98861. “Lintang, bujur” yang disalin dari peta boleh ditempel di sini."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    longitude = DegreesField(
        label=gettext_lazy("Bujur"),
        min_value=-180,
        max_value=180,
        help_text=gettext_lazy("Misalnya 104.76194"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    direction = forms.IntegerField(
        label=gettext_lazy("Arah pandang kamera, dalam derajat"),
        required=False,
        min_value=0,
        max_value=359,
        help_text=gettext_lazy("0 utara, 90 timur, 180 selatan, 270 barat. Boleh kosong."),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), gettext_lazy("Arah adalah bilangan bulat dari 0 sampai 359.")
        ),
    )
    agency = forms.ChoiceField(
        label=gettext_lazy("Instansi pengelola"),
        error_messages={"invalid_choice": gettext_lazy("Instansi ini belum terdaftar.")},
    )
    proposer = forms.ChoiceField(
        label=gettext_lazy("Diusulkan oleh"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Pengusul ini bukan instansi atau kantor yang terdaftar.")},
    )
    purposes = forms.MultipleChoiceField(
        label=gettext_lazy("Keperluan"),
        choices=Purpose.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Pilih sedikitnya satu keperluan."),
            "invalid_choice": gettext_lazy("Keperluan “%(value)s” tidak dikenal."),
        },
    )
    retention = forms.ChoiceField(
        label=gettext_lazy("Kelas penyimpanan rekaman"),
        choices=RetentionClass.choices,
        error_messages={"invalid_choice": gettext_lazy("Kelas penyimpanan “%(value)s” tidak dikenal.")},
    )
    has_sign = forms.BooleanField(label=gettext_lazy("Rambu CCTV terpasang di tempatnya"), required=False)

    def __init__(self, data: Any = None, *, known: KnownPlaces, place: Place | None = None) -> None:
        super().__init__(data, initial=initial_of(place) if place else None, label_suffix="")
        self.known, self.place = known, place
        self.details: PointDetails | None = None
        agencies: Choices = [*([] if place else [("", _("Pilih instansi"))]), *known.agency_choices()]
        for name, choices in (("agency", agencies), ("proposer", known.proposer_choices())):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)  # with it browsers cut what is too long, without a word
        self.fields["code"].disabled = place is not None
        if data is not None and (pair := PAIR.fullmatch(data.get("latitude") or "")) and not data.get("longitude"):
            self.data = {**{name: data.get(name) for name in data}, "purposes": _listed(data, "purposes")}
            self.data |= {"latitude": pair[1], "longitude": pair[2]}

    def clean_code(self) -> str:
        """Refuse the code of another point."""
        code: str = self.cleaned_data["code"]
        if self.place is None and code in self.known.codes:
            raise ValidationError(_("Kode ini sudah dipakai titik lain."))
        return code

    def clean(self) -> dict[str, Any]:
        """Refuse a pin outside the city, and put the details together."""
        values = super().clean() or {}
        if problem := self.known.pins.problem(values.get("latitude"), values.get("longitude")):
            self.add_error("latitude", problem)
        if not self.errors:
            proposer = values["proposer"]
            self.details = PointDetails(
                values["code"],
                values["name"],
                values["latitude"],
                values["longitude"],
                values["direction"],
                self.known.agencies[values["agency"]],
                self.known.agencies.get(proposer),
                self.known.offices.get(proposer),
                [one for one in Purpose.values if one in values["purposes"]],
                values["retention"],
                values["has_sign"],
            )
        return values


def initial_of(place: Place) -> dict[str, Any]:
    """Return the values of a stored point for its form; without details, those of its place."""
    of_place = {
        "code": place.point_code,
        "name": place.point_name,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "agency": place.agency.code if place.agency else "",
    }
    details = details_of(place)
    if details is None:
        return of_place
    proposer = details.proposed_by_agency or details.proposed_by_office
    return of_place | {
        "direction": details.direction,
        "proposer": proposer.code if proposer else "",
        "purposes": details.purposes,
        "retention": details.retention,
        "has_sign": details.has_sign,
    }


def _listed(data: Any, name: str) -> list[str]:
    """Return all values of a field, whether the data are a request's or a row's of a file."""
    values: list[str] = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
    return values


class BasisForm(BasisModelForm):
    """A new row of a point's legal basis."""

    class Meta:
        model = PointBasis
        fields = ("since", "basis", "controller", "contact")
        labels = {
            "since": gettext_lazy("Berlaku sejak"),
            "basis": gettext_lazy("Dasar hukum"),
            "controller": gettext_lazy("Pengendali data pribadi"),
            "contact": gettext_lazy("Narahubung"),
        }
        help_texts = {
            "basis": gettext_lazy("Misalnya: Perwali 12/2026 Pasal 4"),
            "contact": gettext_lazy("Kepada siapa warga bertanya: telepon, e-mail atau alamat."),
        }
        widgets = {"since": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, data: Any = None, *, place: Place, **more: Any) -> None:
        super().__init__(data, label_suffix="", **more)
        self.instance.point_id = place.pk

    def clean_since(self) -> Any:
        """Refuse a day that has a row already: rows are added, not changed."""
        since = self.cleaned_data["since"]
        if PointBasis.objects.filter(point=self.instance.point_id, since=since).exists():
            raise ValidationError(_("Sudah ada baris yang berlaku sejak hari itu. Pilih hari lain."))
        return since


class AgencyForm(AgencyModelForm):
    """An agency. The code of a stored one stays, as files and addresses name it."""

    class Meta:
        model = Agency
        fields = ("name", "code")
        labels = {"name": gettext_lazy("Nama instansi"), "code": gettext_lazy("Kode")}
        help_texts = {
            "name": gettext_lazy("Misalnya: Dinas Perhubungan"),
            "code": gettext_lazy("Huruf kecil, misalnya dishub. Dipakai di berkas impor."),
        }

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | more)
        self.fields["code"].disabled = self.instance.pk is not None

    def clean_code(self) -> str:
        """Return the code in lower case."""
        return str(self.cleaned_data["code"]).lower()
