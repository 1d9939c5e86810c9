"""Forms of what other systems may read, and where they are told."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from discipline.api.access.models import MOST_A_MINUTE, ApiClient, Webhook
from discipline.notices import safe_http
from offices.hours.schedule import ZONE
from offices.places.models import Kelurahan

LONGEST = timedelta(days=731)
USUAL = timedelta(days=365)


class OfficesField(forms.ModelMultipleChoiceField):
    """Six kelurahan are called as their kecamatan: both are said."""

    def __init__(self) -> None:
        known = Kelurahan.objects.select_related("kecamatan")
        super().__init__(known, label=_("Kelurahan"), required=False, widget=forms.CheckboxSelectMultiple)

    def label_from_instance(self, office: Any) -> str:
        return f"{office.name}, {office.kecamatan.name}"


class ClientForm(forms.ModelForm):
    """A client's areas and limits. Its last day is the last on which the token opens anything, in Palembang."""

    area = forms.ChoiceField(
        label=_("Lingkup"),
        choices=(("city", _("Seluruh kota")), ("some", _("Wilayah tertentu"))),
        widget=forms.RadioSelect,
        initial="some",
    )
    kelurahan = OfficesField()
    last_day = forms.DateField(
        label=_("Berlaku sampai dengan"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    class Meta:
        model = ApiClient
        fields = ["name", "purpose", "contact", "kecamatan", "kelurahan", "per_minute"]
        widgets = {
            "name": forms.TextInput(attrs={"placeholder": _("misalnya Presensi BKPSDM")}),
            "purpose": forms.Textarea(attrs={"rows": 2}),
            "contact": forms.TextInput(attrs={"placeholder": _("nama bagian, telepon atau e-mail")}),
            "kecamatan": forms.CheckboxSelectMultiple,
            "per_minute": forms.NumberInput(attrs={"min": 1, "max": MOST_A_MINUTE}),
        }

    def __init__(self, now: datetime, data: Any = None, instance: ApiClient | None = None) -> None:
        self.today = timezone.localtime(now, ZONE).date()
        last = timezone.localtime(instance.expires_at, ZONE).date() - timedelta(days=1) if instance else None
        first = {"last_day": last or self.today + USUAL, "area": "city" if instance and instance.city else "some"}
        super().__init__(data, instance=instance, label_suffix="", initial=first)

    def clean_last_day(self) -> date:
        day: date = self.cleaned_data["last_day"]
        if day < self.today:
            raise forms.ValidationError(_("Tanggal ini sudah lewat."))
        if day > self.today + LONGEST:
            raise forms.ValidationError(_("Paling lama dua tahun; sesudahnya dapat diperpanjang lagi."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("area") == "city":
            data["kecamatan"], data["kelurahan"] = [], []
        elif data.get("area") == "some" and not (data.get("kecamatan") or data.get("kelurahan")):
            self.add_error("area", _("Pilih sedikitnya satu kecamatan atau kelurahan."))
        return data

    def filled(self) -> ApiClient:
        """The client with what was entered, not yet stored; save_areas() after it is."""
        client: ApiClient = self.save(commit=False)
        client.city = self.cleaned_data["area"] == "city"
        day = self.cleaned_data["last_day"] + timedelta(days=1)
        client.expires_at = datetime.combine(day, time(), tzinfo=ZONE)
        return client

    def save_areas(self) -> None:
        self.save_m2m()


class WebhookForm(forms.Form):
    url = forms.CharField(
        label=_("Alamat webhook"),
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
    )

    def __init__(self, client: ApiClient, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.client = client

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            safe_http.parse_allowed(url, private=settings.API_WEBHOOK_PRIVATE_HOSTS)
        except safe_http.AddressRefused as error:
            words = _("Tulis alamat https:// yang lengkap, tanpa nama pengguna dan sandi.")
            raise forms.ValidationError(words) from error
        if Webhook.objects.filter(client=self.client, url=url, stopped_at=None).exists():
            raise forms.ValidationError(_("Alamat ini sudah terdaftar."))
        return url
