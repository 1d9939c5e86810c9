"""The forms of cases: opening one, the reason of looking at it, a still, and each step."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from discipline.incidents.case_file.changes import AROUND, CaseStepWanted
from discipline.incidents.case_file.models import BylawArticle
from discipline.incidents.case_file.state_rule import CaseStepKind
from offices.hours.schedule import local_day
from streams.cameras.models import Camera
from streams.evidence.models import gives_reason
from streams.evidence.recording.pages.forms import CameraChoice, moment_field

if TYPE_CHECKING:  # generic in its stub only
    ArticleChoice = forms.ModelChoiceField[BylawArticle]
else:
    ArticleChoice = forms.ModelChoiceField

FARTHEST = timedelta(days=1)  # between the incident's time and the moment of the breach
WITHDRAWN_DAYS = 30  # for which the files of a withdrawn case are kept, if nobody enters another day
LONGEST_CLIP_S = 180


def _day_field(label: Any, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **more)


class ReasonForm(forms.Form):
    """Why somebody looks at a case."""

    reason = forms.CharField(
        label=gettext_lazy("Alasan"),
        max_length=500,
        validators=[gives_reason],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Tercatat selamanya bersama nama Anda."),
    )


class CaseForm(forms.Form):
    """What is entered to open a case of an incident at `happened_at`."""

    article = ArticleChoice(BylawArticle.objects.none(), label=gettext_lazy("Pasal yang dilanggar"))
    camera = CameraChoice(
        Camera.objects.none(),
        label=gettext_lazy("Kamera"),
        required=False,
        empty_label=gettext_lazy("Tanpa rekaman"),
        help_text=gettext_lazy("Kamera titik jalan di sekitar kejadian."),
    )
    moment = moment_field(gettext_lazy("Saat pelanggaran (WIB)"))
    reason = forms.CharField(
        label=gettext_lazy("Alasan membuka berkas"),
        max_length=500,
        validators=[gives_reason],
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        articles: QuerySet[BylawArticle],
        cameras: QuerySet[Camera],
        happened_at: datetime,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self._happened_at = happened_at
        self.fields["article"].queryset = articles  # type: ignore[attr-defined]
        self.fields["camera"].queryset = cameras  # type: ignore[attr-defined]
        self.fields["moment"].help_text = _("Klip diambil dari 60 detik sebelum sampai 60 detik sesudahnya.")

    def clean_moment(self) -> datetime:
        """Refuse a moment that is not about this incident, or of which the recording is not over."""
        moment: datetime = self.cleaned_data["moment"]
        if abs(moment - self._happened_at) > FARTHEST:
            raise ValidationError(_("Lebih dari sehari dari saat kejadian. Periksa tanggalnya."))
        if moment + AROUND > timezone.now():
            raise ValidationError(_("Rekaman sesudahnya belum selesai. Tunggu satu menit, lalu coba lagi."))
        return moment


class StillForm(forms.Form):
    """A still that a person chooses, by the seconds of the clip."""

    at_s = forms.DecimalField(
        label=gettext_lazy("Detik di dalam klip"),
        min_value=0,
        max_value=LONGEST_CLIP_S,
        max_digits=6,
        decimal_places=1,
        localize=False,
        widget=forms.NumberInput(attrs={"step": "0.1", "inputmode": "decimal"}),
    )
    note = forms.CharField(label=gettext_lazy("Apa yang terlihat"), max_length=200)


class CaseStepForm(forms.Form):
    """A step of a case; which fields it has depends on the kind."""

    day = _day_field(gettext_lazy("Tanggal"))
    receiver = forms.CharField(label=gettext_lazy("Nama penerima"), max_length=120)
    receiver_agency = forms.CharField(label=gettext_lazy("Instansi penerima"), max_length=120)
    letter = forms.CharField(label=gettext_lazy("Nomor surat"), max_length=80, required=False)
    text = forms.CharField(
        label=gettext_lazy("Catatan"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    keep_until = _day_field(
        gettext_lazy("Berkas disimpan sampai"),
        help_text=gettext_lazy("Menurut jadwal penyimpanan arsip. Sesudahnya klip, gambar dan ZIP dihapus."),
    )

    def __init__(self, kind: CaseStepKind, *args: Any, **kwargs: Any) -> None:
        today = local_day(timezone.now())
        initial: dict[str, Any] = {"day": today}
        if kind is CaseStepKind.WITHDRAWN:
            initial["keep_until"] = today + timedelta(days=WITHDRAWN_DAYS)
        super().__init__(*args, **kwargs)
        self.label_suffix, self.auto_id, self.initial = "", f"{kind.value}-%s", initial
        self.kind = kind
        if kind is not CaseStepKind.HANDED_OVER:
            del self.fields["receiver"], self.fields["receiver_agency"], self.fields["letter"]
        if not kind.closes:
            del self.fields["keep_until"]
        else:
            self.fields["text"].required = True
            self.fields["text"].label = _("Alasan") if kind is CaseStepKind.WITHDRAWN else _("Putusan sidang")
        if kind in (CaseStepKind.CONFIRMED, CaseStepKind.WITHDRAWN):
            del self.fields["day"]

    def clean_day(self) -> Any:
        """Refuse a day that has not come."""
        day = self.cleaned_data["day"]
        if day > local_day(timezone.now()):
            raise ValidationError(_("Tanggal itu belum tiba."))
        return day

    def clean_keep_until(self) -> Any:
        """Refuse a day that has passed."""
        day = self.cleaned_data["keep_until"]
        if day < local_day(timezone.now()):
            raise ValidationError(_("Tanggal itu sudah lewat."))
        return day

    def wanted(self) -> CaseStepWanted:
        """Return the step that was entered."""
        data = {"day": local_day(timezone.now())} | self.cleaned_data
        return CaseStepWanted(self.kind, **data)
