"""The forms of incidents, for operators."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from discipline.incidents.dispatch.proposing import OFFICE
from discipline.incidents.models import Incident, IncidentSource, IncidentType, Priority
from discipline.incidents.state_rule import IncidentState
from offices.places.models import Agency, Kelurahan, Place
from offices.places.pins import CityPins

LONGEST_TEXT = 2000
CHOSEN = (IncidentSource.OPERATOR, IncidentSource.CALL, IncidentSource.POLICE)  # the others follow from the page


class NewIncidentForm(forms.Form):
    """What an operator enters of a new incident. `place` is known already for one that begins at a point or office."""

    kind = forms.ModelChoiceField(
        IncidentType.objects.filter(active=True), label=_("Jenis"), to_field_name="code", empty_label=None
    )
    title = forms.CharField(label=_("Apa yang terjadi"), max_length=120)
    source = forms.ChoiceField(
        label=_("Dari mana"), choices=[(source.value, source.label) for source in CHOSEN], required=False
    )
    priority = forms.TypedChoiceField(
        label=_("Prioritas"),
        choices=[("", _("Biasa untuk jenisnya")), *Priority.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    address = forms.CharField(label=_("Alamat atau patokan"), max_length=200, required=False)
    latitude = forms.FloatField(label=_("Lintang"), localize=True, required=False)
    longitude = forms.FloatField(label=_("Bujur"), localize=True, required=False)
    happened_at = forms.DateTimeField(
        label=_("Terjadi pada"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        required=False,
        help_text=_("Kosongkan bila sedang terjadi."),
    )
    description = forms.CharField(
        label=_("Keterangan"), max_length=4000, required=False, widget=forms.Textarea({"rows": 3})
    )
    sensitive = forms.BooleanField(label=_("Tutup siaran publik di sekitarnya selama ditangani"), required=False)

    def __init__(self, *args: Any, place: Place | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.place = place
        if place:
            del self.fields["latitude"], self.fields["longitude"]

    def clean_happened_at(self) -> datetime:
        """Return the moment, now if none was entered; refuse one that has not come."""
        at: datetime | None = self.cleaned_data["happened_at"]
        now = timezone.now()
        if at and at > now:
            raise forms.ValidationError(_("Saat itu belum tiba."))
        return at or now

    def clean(self) -> dict[str, Any]:
        """Require a pin in the city, where no place is known."""
        cleaned = super().clean() or {}
        if self.place or {"latitude", "longitude"} & self.errors.keys():
            return cleaned
        latitude, longitude = cleaned.get("latitude"), cleaned.get("longitude")
        if latitude is None or longitude is None:
            self.add_error("latitude", _("Ketuk tempatnya di peta, atau tulis lintang dan bujurnya."))
        elif problem := CityPins.load().problem(latitude, longitude):
            self.add_error("latitude", problem)
        return cleaned

    @property
    def source_wanted(self) -> IncidentSource:
        """The source that was chosen, an operator's eye without a choice."""
        return IncidentSource(self.cleaned_data["source"] or IncidentSource.OPERATOR.value)


class IncidentStepForm(forms.Form):
    """A step of an incident. duplicate_of: a number as it is written, K-12 or 12."""

    state = forms.ChoiceField(choices=[(state.value, state.label) for state in IncidentState])
    last_seen = forms.IntegerField(min_value=0)
    text = forms.CharField(max_length=LONGEST_TEXT, required=False)
    duplicate_of = forms.CharField(max_length=20, required=False)
    attachment = forms.FileField(required=False)

    def clean_duplicate_of(self) -> Incident | None:
        """Return the incident."""
        return numbered(self.cleaned_data["duplicate_of"])


class NoteForm(forms.Form):
    """A remark with or without a file."""

    text = forms.CharField(label=_("Catatan"), max_length=LONGEST_TEXT, required=False)
    attachment = forms.FileField(label=_("Berkas"), required=False)

    def clean(self) -> dict[str, Any]:
        """Require one of them."""
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("text", "").strip() and not cleaned.get("attachment"):
            self.add_error("text", _("Tulis catatannya, atau lampirkan berkas."))
        return cleaned


class ChangeForm(forms.Form):
    """The priority of an incident, whether the public may watch, and the larger one that it belongs to."""

    priority = forms.TypedChoiceField(label=_("Prioritas"), choices=Priority.choices, coerce=int)
    sensitive = forms.BooleanField(required=False)
    part_of = forms.CharField(max_length=20, required=False)

    def clean_part_of(self) -> Incident | None:
        """Return the incident."""
        return numbered(self.cleaned_data["part_of"])


class RaiseForm(forms.Form):
    """What a supervisor wants done about an indication."""

    text = forms.CharField(
        label=_("Apa yang diminta dari ruang kendali"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Misalnya: warga menumpuk di depan loket, tolong hubungi kelurahannya."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)


class AskForm(forms.Form):
    """Whom to ask, and what. who: the code of an agency, or OFFICE and that of a kelurahan."""

    who = forms.CharField(max_length=40)
    instruction = forms.CharField(max_length=1000)

    def clean_who(self) -> Agency | Kelurahan:
        """Return the agency or kelurahan."""
        return asked(self.cleaned_data["who"])


def asked(typed: str) -> Agency | Kelurahan:
    """Return the agency or kelurahan that AskForm.who names. Raises ValidationError when there is none."""
    found: Agency | Kelurahan | None
    if typed.startswith(OFFICE):
        found = Kelurahan.objects.filter(code=typed.removeprefix(OFFICE)).first()
    else:
        found = Agency.objects.filter(code=typed).first()
    if found is None:
        raise forms.ValidationError(_("Pilih instansinya."))
    return found


def numbered(typed: str) -> Incident | None:
    """Return the incident with this number, K-12 or 12; None for "". Raises ValidationError when there is none."""
    number = typed.upper().removeprefix("K-").strip()
    if not number:
        return None
    found = None
    if number.isascii() and number.isdigit() and len(number) < 16:
        found = Incident.objects.filter(pk=int(number)).first()
    if found is None:
        raise forms.ValidationError(_("Tidak ada kejadian dengan nomor itu. Tulis misalnya K-12."))
    return found
