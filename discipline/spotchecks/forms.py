"""Forms of spot checks and their findings, filled in by users and by the phone's queue."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from discipline.core.attachments import LARGEST, TYPES
from discipline.spotchecks.conduct import MOST_OFFICES, Checker
from discipline.spotchecks.findings.rule import FindingAct
from discipline.spotchecks.models import SpotCheck, SpotEntry, SpotMark
from offices.places.models import Kecamatan, Kelurahan, Place
from streams.evidence.models import gives_reason

LONGEST_NOTE = 1000
LONGEST_TEXT = 2000
How, Kind = SpotCheck.How, SpotEntry.Kind


class StartForm(forms.Form):
    """Starts a spot check of what the user may check."""

    how = forms.ChoiceField(choices=How.choices)
    count = forms.IntegerField(required=False, min_value=1, max_value=MOST_OFFICES)
    kecamatan = forms.ModelChoiceField(Kecamatan.objects.none(), required=False, to_field_name="code")
    kantor = forms.ModelMultipleChoiceField(Kelurahan.objects.none(), required=False, to_field_name="code")
    kantor_camat = forms.ModelMultipleChoiceField(Place.objects.none(), required=False)
    reason = forms.CharField(required=False, max_length=500)

    def __init__(self, *args: Any, checker: Checker, reason_needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = checker.offices
        self._reason_needed = reason_needed
        kecamatan = Kecamatan.objects.filter(kelurahan__in=offices).distinct()
        # Field itself has no queryset, only the ModelChoiceField that these are.
        self.fields["kantor"].queryset = offices  # type: ignore[attr-defined]
        self.fields["kantor_camat"].queryset = checker.kecamatan_offices  # type: ignore[attr-defined]
        self.fields["kecamatan"].queryset = kecamatan  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Require what the chosen way to pick offices needs, and a reason outside duty hours."""
        cleaned = super().clean() or {}
        how = cleaned.get("how")
        if how == How.DRAW and not cleaned.get("count") and "count" not in self.errors:
            self.add_error("count", _("Tulis jumlah kantornya."))
        if how == How.KECAMATAN and not cleaned.get("kecamatan"):
            self.add_error("kecamatan", _("Pilih kecamatannya."))
        chosen = len(cleaned.get("kantor") or ()) + len(cleaned.get("kantor_camat") or ())
        if how == How.LIST and not chosen:
            self.add_error("kantor", _("Pilih sedikitnya satu kantor."))
        if how == How.LIST and chosen > MOST_OFFICES:
            self.add_error("kantor", _("Paling banyak %(n)s kantor sekali inspeksi.") % {"n": MOST_OFFICES})
        if self._reason_needed and "reason" not in self.errors:
            try:
                gives_reason(cleaned.get("reason", ""))
            except forms.ValidationError as error:
                self.add_error("reason", error)
        return cleaned


class SpotEntryForm(forms.Form):
    """One entry of the phone, sent by static/js/spotchecks/send.js."""

    uuid = forms.UUIDField()
    kind = forms.ChoiceField(choices=Kind.choices)
    place = forms.IntegerField(required=False, min_value=1)
    mark = forms.ChoiceField(required=False, choices=[("", ""), *SpotMark.choices])
    text = forms.CharField(required=False, max_length=LONGEST_NOTE)
    said_at = forms.CharField(max_length=40)  # SpotEntry.entered_at; phones hold unsent entries by this name
    camera = forms.IntegerField(required=False)
    live = forms.BooleanField(required=False)
    picture = forms.FileField(required=False, allow_empty_file=True)

    def clean_said_at(self) -> datetime:
        """Return the time, which must be ISO 8601 with an offset."""
        try:
            entered_at = datetime.fromisoformat(self.cleaned_data["said_at"])
        except ValueError as error:
            raise forms.ValidationError("said_at") from error
        if entered_at.tzinfo is None:
            raise forms.ValidationError("said_at")
        return entered_at

    def clean(self) -> dict[str, Any]:
        """Require what the kind of entry needs, and drop a mark that it can't have."""
        cleaned = super().clean() or {}
        kind = cleaned.get("kind")
        if kind == Kind.MARK and not cleaned.get("mark"):
            self.add_error("mark", _("Tandanya tidak ada."))
        if kind != Kind.MARK:
            cleaned["mark"] = ""
        if kind == Kind.SNAPSHOT and not cleaned.get("camera"):
            self.add_error("camera", _("Kameranya tidak ada."))
        if kind == Kind.REMOVE:
            try:
                UUID(cleaned.get("text", ""))
            except ValueError:
                self.add_error("text", _("Cuplikannya tidak ada."))
        return cleaned


class FindingAnswerForm(forms.Form):
    """The answer of the side that a finding asks."""

    text = forms.CharField(
        label=_("Jawaban"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Tulis apa yang terjadi dan apa yang sudah dilakukan, tanpa nama petugas."),
    )
    attachment = forms.FileField(
        label=_("Lampiran"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(TYPES), "data-largest": LARGEST}),
        help_text=_("Surat tugas atau foto: PDF, JPEG, atau PNG, paling besar 10 MB."),
    )
    last_seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


class FindingFollowForm(forms.Form):
    """A decision of the side that checked. `today` is the local day (WIB)."""

    act = forms.ChoiceField(choices=[(act.value, act.value) for act in FindingAct if act is not FindingAct.ANSWERED])
    text = forms.CharField(required=False, max_length=LONGEST_TEXT)
    until = forms.DateField(required=False)
    last_seen = forms.IntegerField(required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today

    def clean(self) -> dict[str, Any]:
        """Require a deadline to extend it, and refuse one in the past."""
        cleaned = super().clean() or {}
        until = cleaned.get("until")
        if cleaned.get("act") == FindingAct.EXTENDED and not until:
            self.add_error("until", _("Pilih tanggal tenggatnya."))
        if until and until < self._today:
            self.add_error("until", _("Tenggat tidak boleh sudah lewat."))
        return cleaned
