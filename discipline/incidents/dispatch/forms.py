"""The forms of types of incidents, agencies' areas and telephones, and time limits."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from discipline.incidents.dispatch.wanted import AgencyWanted, KindWanted
from discipline.incidents.models import IncidentType, Priority
from discipline.incidents.tasks.deadline_rule import ResponseMinutes
from discipline.incidents.tasks.models import MINUTES
from offices.places.locations.models import TELEPHONE
from offices.places.models import Agency, Kecamatan, Kelurahan

ALL_KINDS = "semua"  # instead of a type's code, in addresses: the limits of all types without their own


class KindForm(forms.Form):
    """A type of incident. kind: the stored one."""

    name = forms.CharField(label=gettext_lazy("Nama"), max_length=60)
    priority = forms.TypedChoiceField(
        label=gettext_lazy("Prioritas biasa"),
        choices=Priority.choices,
        coerce=int,
        help_text=gettext_lazy("Kejadian yang sudah dibuka tetap pada prioritasnya."),
    )
    agencies = forms.ModelMultipleChoiceField(
        Agency.objects.all(),
        label=gettext_lazy("Instansi yang menangani"),
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    by_kelurahan = forms.BooleanField(label=gettext_lazy("Kelurahan setempat ikut menangani"), required=False)
    radius_m = forms.IntegerField(
        label=gettext_lazy("Mungkin kejadian yang sama, dalam jarak (meter)"), min_value=10, max_value=5000
    )
    window_min = forms.IntegerField(
        label=gettext_lazy("Mungkin kejadian yang sama, dalam waktu (menit)"), min_value=5, max_value=10080
    )
    active = forms.BooleanField(label=gettext_lazy("Dipakai untuk kejadian baru"), required=False)

    def __init__(self, *args: Any, kind: IncidentType | None = None, **more: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | more)
        self.kind = kind

    def clean_name(self) -> str:
        """Refuse the name of another type."""
        name: str = self.cleaned_data["name"]
        others = IncidentType.objects.exclude(pk=self.kind.pk) if self.kind else IncidentType.objects.all()
        if others.filter(name__iexact=name).exists():
            raise ValidationError(_("Sudah ada jenis dengan nama ini."))
        return name

    def wanted(self) -> KindWanted:
        """Return what was entered."""
        data = self.cleaned_data
        return KindWanted(
            name=data["name"],
            priority=data["priority"],
            radius_m=data["radius_m"],
            window_min=data["window_min"],
            by_kelurahan=data["by_kelurahan"],
            active=data["active"],
            agencies=tuple(data["agencies"]),
        )


class NewKindForm(KindForm):
    """A new type of incident, with its code."""

    code = forms.SlugField(
        label=gettext_lazy("Kode"),
        max_length=20,
        help_text=gettext_lazy("Huruf kecil, misalnya tree. Tidak dapat diubah lagi: sistem lain memakainya."),
    )
    field_order = ("name", "code")

    def clean_code(self) -> str:
        """Return the code in lower case; refuse that of another type."""
        code: str = self.cleaned_data["code"].lower()
        if code == ALL_KINDS or IncidentType.objects.filter(code=code).exists():
            raise ValidationError(_("Kode ini sudah dipakai."))
        return code


class AgencyDispatchForm(forms.Form):
    """An agency's duty telephone, the types that it handles, and its areas by code."""

    phone = forms.CharField(
        label=gettext_lazy("Telepon piket"),
        max_length=24,
        required=False,
        validators=[TELEPHONE],
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
    )
    kinds = forms.ModelMultipleChoiceField(
        IncidentType.objects.all(),
        label=gettext_lazy("Jenis kejadian yang ditangani"),
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    areas = forms.MultipleChoiceField(label=gettext_lazy("Wilayah"), required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | more)
        self.kecamatan = list(Kecamatan.objects.prefetch_related("kelurahan"))
        below = [one for area in self.kecamatan for one in area.kelurahan.all()]
        self.known: dict[str, Kecamatan | Kelurahan] = {one.code: one for one in (*self.kecamatan, *below)}
        self.fields["areas"].choices = [(code, one.name) for code, one in self.known.items()]  # type: ignore[attr-defined]

    def groups(self) -> list[tuple[Kecamatan, bool, list[tuple[Kelurahan, bool]]]]:
        """Return each kecamatan with its kelurahan, and whether each is chosen."""
        chosen = set(self["areas"].value() or ())
        return [
            (area, area.code in chosen, [(one, one.code in chosen) for one in area.kelurahan.all()])
            for area in self.kecamatan
        ]

    def wanted(self) -> AgencyWanted:
        """Return what was entered. A kelurahan of a kecamatan that was chosen as a whole is left out."""
        data = self.cleaned_data
        areas = [self.known[code] for code in dict.fromkeys(data["areas"])]
        whole = {one.pk for one in areas if isinstance(one, Kecamatan)}
        kept = tuple(one for one in areas if not (isinstance(one, Kelurahan) and one.kecamatan_id in whole))
        return AgencyWanted(data["phone"], kept, tuple(data["kinds"]))


class LimitForm(forms.Form):
    """Time limits in minutes from the asking, and the local day from which they hold."""

    acknowledge = forms.IntegerField(label=gettext_lazy("Diterima dalam (menit)"), validators=MINUTES)
    arrive = forms.IntegerField(label=gettext_lazy("Di lokasi dalam (menit)"), validators=MINUTES)
    finish = forms.IntegerField(label=gettext_lazy("Selesai dalam (menit)"), validators=MINUTES)
    since = forms.DateField(
        label=gettext_lazy("Berlaku sejak"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Tugas yang sudah diminta tetap memakai batas lamanya."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | more)

    def clean(self) -> dict[str, Any]:
        """Refuse limits out of order."""
        data = super().clean() or {}
        if not self.errors and not data["acknowledge"] <= data["arrive"] <= data["finish"]:
            raise ValidationError(
                _("Diterima tidak boleh lebih lama daripada di lokasi, di lokasi tidak lebih lama daripada selesai.")
            )
        return data

    def minutes(self) -> ResponseMinutes:
        """Return the limits that were entered."""
        data = self.cleaned_data
        return ResponseMinutes(data["acknowledge"], data["arrive"], data["finish"])
