"""Forms for API clients and their webhooks."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from discipline.api.access.models import MOST_A_MINUTE, ApiClient, ApiRight, HookTopic, Webhook, usual_rights
from discipline.core.codes import choices
from discipline.notices import safe_http
from offices.hours.schedule import ZONE
from offices.places.models import Kelurahan

if TYPE_CHECKING:  # generic in their stubs only
    KelurahanChoiceField = forms.ModelMultipleChoiceField[Kelurahan]
    ClientModelForm = forms.ModelForm[ApiClient]
else:
    KelurahanChoiceField = forms.ModelMultipleChoiceField
    ClientModelForm = forms.ModelForm

LONGEST = timedelta(days=731)  # of a token from today
USUAL = timedelta(days=365)
AREAS = ("kecamatan", "kelurahan", "agencies")


class OfficesField(KelurahanChoiceField):
    """Checkboxes of all kelurahan, labelled with the kecamatan: six kelurahan have the same name as theirs."""

    def __init__(self) -> None:
        known = Kelurahan.objects.select_related("kecamatan")
        super().__init__(known, label=_("Kelurahan"), required=False, widget=forms.CheckboxSelectMultiple)

    def label_from_instance(self, office: Kelurahan) -> str:
        """Return the names of the kelurahan and its kecamatan."""
        return f"{office.name}, {office.kecamatan.name}"


class ClientForm(ClientModelForm):
    """A client's rights, areas and limits. `last_day` is the last day on which the token is valid, in WIB."""

    area = forms.ChoiceField(
        label=_("Lingkup"),
        choices=(("city", _("Seluruh kota")), ("some", _("Wilayah tertentu"))),
        widget=forms.RadioSelect,
        initial="some",
    )
    kelurahan = OfficesField()
    rights = forms.MultipleChoiceField(
        label=_("Hak"), choices=choices(ApiRight), widget=forms.CheckboxSelectMultiple, initial=usual_rights
    )
    last_day = forms.DateField(
        label=_("Berlaku sampai dengan"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    class Meta:
        model = ApiClient
        fields = ["name", "purpose", "contact", "rights", "kecamatan", "kelurahan", "agencies", "per_minute"]
        widgets = {
            "name": forms.TextInput(attrs={"placeholder": _("misalnya Presensi BKPSDM")}),
            "purpose": forms.Textarea(attrs={"rows": 2}),
            "contact": forms.TextInput(attrs={"placeholder": _("nama bagian, telepon atau e-mail")}),
            "kecamatan": forms.CheckboxSelectMultiple,
            "agencies": forms.CheckboxSelectMultiple,
            "per_minute": forms.NumberInput(attrs={"min": 1, "max": MOST_A_MINUTE}),
        }

    def __init__(self, now: datetime, data: QueryDict | None = None, instance: ApiClient | None = None) -> None:
        self.today = timezone.localtime(now, ZONE).date()
        last_day = timezone.localtime(instance.expires_at, ZONE).date() - timedelta(days=1) if instance else None
        initial = {"last_day": last_day or self.today + USUAL, "area": "city" if instance and instance.city else "some"}
        super().__init__(data, instance=instance, label_suffix="", initial=initial)

    def clean_last_day(self) -> date:
        """Refuse a day in the past or more than LONGEST ahead."""
        day: date = self.cleaned_data["last_day"]
        if day < self.today:
            raise forms.ValidationError(_("Tanggal ini sudah lewat."))
        if day > self.today + LONGEST:
            raise forms.ValidationError(_("Paling lama dua tahun; sesudahnya dapat diperpanjang lagi."))
        return day

    def clean(self) -> dict[str, Any]:
        """Require an area, unless the client only passes reports on; the whole city needs no others."""
        data = super().clean() or {}
        if data.get("area") == "city":
            data |= {area: [] for area in AREAS}
        reads = data.get("rights") != [ApiRight.FILE_COMPLAINTS.value]
        if reads and data.get("area") == "some" and not any(data.get(area) for area in AREAS):
            self.add_error("area", _("Pilih sedikitnya satu kecamatan, kelurahan, atau instansi."))
        return data

    def filled(self) -> ApiClient:
        """Return the unsaved client of a valid form. Call save_areas() after saving it."""
        client: ApiClient = self.save(commit=False)
        client.city = self.cleaned_data["area"] == "city"
        day = self.cleaned_data["last_day"] + timedelta(days=1)
        client.expires_at = datetime.combine(day, time(), tzinfo=ZONE)
        return client

    def save_areas(self) -> None:
        """Save the client's kecamatan, kelurahan and agencies."""
        self.save_m2m()


class WebhookForm(forms.Form):
    """The address of a client's new webhook, and of what it is notified: of what the client may read."""

    url = forms.CharField(
        label=_("Alamat webhook"),
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
    )

    about = forms.MultipleChoiceField(label=_("Peristiwa"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, client: ApiClient, data: QueryDict | None = None) -> None:
        topics = [topic for topic in HookTopic if topic.right.value in client.rights]
        super().__init__(data, label_suffix="", initial={"about": [topic.value for topic in topics]})
        about: Any = self.fields["about"]
        about.choices = choices(topics)
        self.client = client

    def topics(self) -> list[HookTopic]:
        """Return what was chosen. Call it for a valid form."""
        return [HookTopic(code) for code in self.cleaned_data["about"]]

    def clean_url(self) -> str:
        """Refuse addresses that safe_http doesn't allow, and active ones of the same client."""
        url: str = self.cleaned_data["url"]
        try:
            safe_http.parse_allowed(url, private=settings.API_WEBHOOK_PRIVATE_HOSTS)
        except safe_http.AddressRefused as error:
            words = _("Tulis alamat https:// yang lengkap, tanpa nama pengguna dan sandi.")
            raise forms.ValidationError(words) from error
        if Webhook.objects.filter(client=self.client, url=url, stopped_at=None).exists():
            raise forms.ValidationError(_("Alamat ini sudah terdaftar."))
        return url
