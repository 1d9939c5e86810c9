"""The forms of residents."""

import unicodedata
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from discipline.complaints.blocks.block_rule import SenderHashes
from discipline.complaints.filing import NewComplaint
from discipline.complaints.models import ComplaintKind
from discipline.complaints.proof.field import ProofField
from offices.accounts.link_mails import mail_is_set_up
from offices.places.models import Kelurahan, Place
from offices.places.pins import CityPins

OLDEST = timedelta(days=30)
LOCAL_TIME = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class ComplaintForm(forms.Form):
    """What a resident writes. website: a trap that people do not see; key: so that one sent twice is stored once."""

    kind = forms.ModelChoiceField(
        ComplaintKind.objects.filter(active=True), label=_("Tentang apa"), to_field_name="code", empty_label=_("Pilih")
    )
    office = forms.ChoiceField(
        label=_("Kantor"), required=False, help_text=_("Kosongkan bila bukan tentang sebuah kantor.")
    )
    latitude = forms.FloatField(label=_("Lintang"), localize=True, required=False)
    longitude = forms.FloatField(label=_("Bujur"), localize=True, required=False)
    address = forms.CharField(label=_("Alamat atau patokan"), max_length=200, required=False)
    happened_at = forms.DateTimeField(
        label=_("Kapan"), widget=LOCAL_TIME, required=False, help_text=_("Wajib untuk laporan tentang loket.")
    )
    text = forms.CharField(
        label=_("Apa yang terjadi"),
        max_length=4000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("Jangan tulis nama atau nomor orang lain."),
    )
    mail = forms.EmailField(label=_("Surel Anda"), max_length=254, help_text=_("Hanya untuk mengabari Anda."))
    photo = forms.FileField(
        label=_("Foto"),
        required=False,
        widget=forms.FileInput({"accept": "image/jpeg,image/png"}),
        help_text=_("JPEG atau PNG, paling besar 10 MB. Tempat dan waktu di dalam berkas foto tidak disimpan."),
    )
    website = forms.CharField(required=False, max_length=200)
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.initial.setdefault("key", uuid4())
        offices: Any = self.fields["office"]
        offices.choices = office_choices()
        if not mail_is_set_up():
            del self.fields["mail"]

    def clean_happened_at(self) -> datetime | None:
        """Refuse a moment that has not come, and one that nobody can check any more."""
        at: datetime | None = self.cleaned_data["happened_at"]
        now = timezone.now()
        if at and at > now:
            raise forms.ValidationError(_("Saat itu belum tiba."))
        if at and at < now - OLDEST:
            raise forms.ValidationError(_("Paling lama 30 hari yang lalu."))
        return at

    def clean_text(self) -> str:
        """Return the text without control signs; refuse one that says nothing."""
        text = "".join(one for one in self.cleaned_data["text"] if one == "\n" or unicodedata.category(one) != "Cc")
        if len(text.strip()) < 10:
            raise forms.ValidationError(_("Ceritakan sedikit lebih banyak."))
        return text.strip()

    def clean(self) -> dict[str, Any]:
        """Require an office or a pin in the city; for a report about a counter its office and time."""
        cleaned = super().clean() or {}
        kind: ComplaintKind | None = cleaned.get("kind")
        if kind and kind.about_counter:
            if not cleaned.get("office") and "office" not in self.errors:
                self.add_error("office", _("Pilih kantornya."))
            if not cleaned.get("happened_at") and "happened_at" not in self.errors:
                self.add_error("happened_at", _("Tulis kapan, agar dapat disandingkan dengan catatan kamera."))
        elif not cleaned.get("office") and not {"latitude", "longitude", "office"} & self.errors.keys():
            self._check_pin(cleaned.get("latitude"), cleaned.get("longitude"))
        return cleaned

    def _check_pin(self, latitude: float | None, longitude: float | None) -> None:
        if latitude is None or longitude is None:
            self.add_error("latitude", _("Pilih kantornya, ketuk tempatnya di peta, atau tulis lintang dan bujurnya."))
        elif problem := CityPins.load().problem(latitude, longitude):
            self.add_error("latitude", problem)

    @property
    def form_key(self) -> UUID | None:
        """The key of this form, also of one with errors; None for a wrong one."""
        try:
            return UUID(str(self["key"].value()))
        except ValueError:
            return None

    @property
    def is_trapped(self) -> bool:
        """Whether a program filled in what people do not see."""
        return bool(self["website"].value())

    def new_complaint(self, sender: SenderHashes) -> NewComplaint:
        """Return what was written in the language of the page. Call it for a valid form. sender: where it came from."""
        data = self.cleaned_data
        place = office_with(data["office"]) if data["office"] else None
        latitude, longitude = pin_of(place) if place else (data["latitude"], data["longitude"])
        key: UUID | None = data["key"]
        return NewComplaint(
            key=key or uuid4(),
            kind=data["kind"],
            place=place,
            latitude=latitude,
            longitude=longitude,
            text=data["text"],
            language=get_language() or "id",
            address=data["address"],
            happened_at=data["happened_at"],
            mail=data.get("mail", ""),
            sender=sender,
        )


class ComplaintPageForm(ComplaintForm):
    """The form of the page, which anybody may send."""

    proof = ProofField()


class FollowForm(forms.Form):
    """The address of somebody who wants news of another's report."""

    mail = forms.EmailField(label=_("Surel Anda"), max_length=254)
    website = forms.CharField(required=False, max_length=200)
    proof = ProofField()


class TrackForm(forms.Form):
    """The number and secret of an own report."""

    number = forms.CharField(label=_("Nomor laporan"), max_length=20, widget=forms.TextInput({"placeholder": "RA-12"}))
    secret = forms.CharField(
        label=_("Kata kunci"),
        max_length=40,
        widget=forms.TextInput({"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""


def office_choices() -> list[Any]:
    """Return the offices, grouped by kecamatan."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in Kelurahan.objects.select_related("kecamatan"):
        own = groups.setdefault(one.kecamatan.name, [(one.kecamatan.code, f"Kantor Camat {one.kecamatan.name}")])
        own.append((one.code, one.office_title))
    return [("", _("Bukan tentang kantor")), *groups.items()]


def office_with(code: str) -> Place:
    """Return the office of a kelurahan or kecamatan with this code."""
    own = "kelurahan__code" if Kelurahan.objects.filter(code=code).exists() else "kecamatan__code"
    return Place.objects.loaded().get(**{own: code})


def pin_of(place: Place) -> tuple[float, float]:
    """Return where an office is, in degrees: the middle of its area where that is not known better."""
    area = place.kelurahan or place.kecamatan
    assert area
    if place.latitude is not None and place.longitude is not None:
        return place.latitude, place.longitude
    return area.latitude, area.longitude
