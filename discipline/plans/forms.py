"""Forms for a weekly plan, for a special day of the city, and for the reason of a removal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from discipline.plans import words as plans_words
from discipline.plans.clock_fields import ClockField, ClockInput
from discipline.plans.weeks import BadDay, hours_of, spans_of
from offices.hours.duty import RAMADAN_WEEK, Spans, format_spans, parse_spans
from offices.hours.models import HolidayOverride, HoursPlan

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise  # not installed where the server runs

    HolidayModelForm = forms.ModelForm[HolidayOverride]  # generic in its stubs only
else:
    HolidayModelForm = forms.ModelForm

ANEW, WHOLE = "anew", "whole"  # PlanForm.mode: a new plan from a day on, or correct the plan itself
MOST_BREAKS = 4  # fit into the 60 characters of a stored day
RAMADAN_PRIORITY = 10
Spot = dict[str, int | None]  # the scope columns of a row, see applying.columns_of


def day_input() -> forms.DateInput:
    """Return the browser's date picker. It takes ISO dates only, whatever the language."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


CHANGED_WHY = _("Alasan perubahan")


def reason_field(label: StrOrPromise = CHANGED_WHY, *, required: bool = True) -> forms.CharField:
    """Return a text field for the reason of a change, 5 to 500 characters."""
    box = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=label, required=required, max_length=500, min_length=5, widget=box)


class RemovalReasonForm(forms.Form):
    """The reason of a removal."""

    reason = reason_field(_("Alasan"))


@dataclass(frozen=True, slots=True)
class DayFields:
    """The bound fields of one weekday (`number`, 0 = Monday)."""

    name: str
    number: int
    opens: forms.BoundField
    closes: forms.BoundField
    breaks: list[tuple[forms.BoundField, forms.BoundField]]

    @property
    def errors(self) -> list[str]:
        """The errors of all these fields."""
        fields = [self.opens, self.closes, *(field for pair in self.breaks for field in pair)]
        return [str(error) for field in fields for error in field.errors]


class PlanForm(forms.Form):
    """A weekly plan for the scope `spot`.

    `plan` is the plan to be changed, None for a new one. `breaks` is the number of breaks a day that can be entered.
    After validation `clash` is the existing plan that overlaps, if any.
    """

    name = forms.CharField(label=_("Nama aturan"), max_length=80)
    on_holidays = forms.BooleanField(label=_("Tetap buka pada hari libur nasional"), required=False)
    valid_from = forms.DateField(label=_("Berlaku dari"), required=False, widget=day_input())
    valid_to = forms.DateField(label=_("Sampai dengan"), required=False, widget=day_input())
    priority = forms.IntegerField(
        label=_("Prioritas"),
        initial=0,
        min_value=0,
        max_value=999,
        help_text=_("Di lingkup yang sama, angka yang lebih tinggi menang. Biasa 0, Ramadan 10."),
    )
    source = forms.CharField(
        label=_("Dasar"), max_length=200, required=False, help_text=_("Nomor surat edaran atau peraturan.")
    )
    reason = reason_field(required=False)
    mode = forms.ChoiceField(
        label=_("Perubahan ini"),
        choices=[
            (ANEW, _("Berlaku mulai tanggal")),
            (WHOLE, _("Memperbaiki aturan ini seluruhnya, juga masa lalunya")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    from_day = forms.DateField(label=_("Berlaku mulai"), required=False, widget=day_input())

    def __init__(
        self, *args: Any, spot: Spot, plan: HoursPlan | None = None, breaks: int = 1, ramadan: bool = False, **more: Any
    ) -> None:
        super().__init__(*args, **{"label_suffix": ""} | more)
        self.spot, self.plan, self.ramadan = spot, plan, ramadan
        self.clash: HoursPlan | None = None
        self._breaks = min(breaks, MOST_BREAKS)
        for number, name in enumerate(plans_words.weekdays()):
            self._add_day(number, name)
        if plan is None:
            del self.fields["mode"], self.fields["from_day"]
        else:
            self.fields["mode"].required = self.fields["reason"].required = True
        if ramadan:
            for field in ("valid_from", "valid_to", "source"):
                self.fields[field].required = True
            self.fields["valid_from"].label = _("Hari pertama Ramadan")
            self.fields["valid_to"].label = _("Hari terakhir Ramadan")

    def _add_day(self, number: int, weekday: str) -> None:
        labels = {"opens": _("jam buka"), "closes": _("jam tutup")}
        for n in range(self._breaks):
            labels |= {f"from{n}": _("istirahat dari"), f"to{n}": _("istirahat sampai")}
        for key, label in labels.items():
            box = ClockInput(f"{weekday}, {label}")
            self.fields[f"d{number}_{key}"] = ClockField(label=label, required=False, widget=box)

    def days(self) -> Iterator[DayFields]:
        """Yield the fields by weekday, for the template."""
        for number, name in enumerate(plans_words.weekdays()):
            at = f"d{number}_"
            pairs = [(self[f"{at}from{n}"], self[f"{at}to{n}"]) for n in range(self._breaks)]
            yield DayFields(name, number, self[f"{at}opens"], self[f"{at}closes"], pairs)

    def clean(self) -> dict[str, Any]:
        """Validate days, dates and overlaps; adds the stored text of each day under its name in HoursPlan.DAYS."""
        data = super().clean() or {}
        for number in range(7):
            self._clean_day(number, data)
        first, last = data.get("valid_from"), data.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("Tanggal akhir mendahului tanggal awal."))
        if not self.errors and not any(data[day] for day in HoursPlan.DAYS):
            self.add_error(None, _("Isi jam layanan sedikitnya satu hari."))
        if data.get("mode") == ANEW:
            self._clean_start(data)
        if not self.errors:
            self._clean_clash()
        return data

    def _clean_day(self, number: int, data: dict[str, Any]) -> None:
        at = f"d{number}_"
        values = {key: data.get(key) for key in self.fields if key.startswith(at)}
        if any(key in self.errors for key in values):
            return
        pairs = [(values[f"{at}from{n}"], values[f"{at}to{n}"]) for n in range(self._breaks)]
        try:
            spans = spans_of(values[f"{at}opens"], values[f"{at}closes"], pairs)
        except BadDay as bad:
            self.add_error(f"{at}from0" if bad.why.startswith("break") else f"{at}closes", plans_words.WRONG[bad.why])
        else:
            data[HoursPlan.DAYS[number]] = format_spans(spans)

    def _clean_start(self, data: dict[str, Any]) -> None:
        assert self.plan
        start = data.get("from_day")
        if not start:
            self.add_error("from_day", _("Pilih tanggal mulainya."))
        elif self.plan.valid_from and start <= self.plan.valid_from:
            self.add_error("from_day", _("Aturan ini sendiri baru mulai pada tanggal itu. Perbaiki seluruhnya."))
        elif data.get("valid_to") and start > data["valid_to"]:
            self.add_error("from_day", _("Aturan ini sudah berakhir sebelum tanggal itu."))

    def _clean_clash(self) -> None:
        new = self.row()
        others = HoursPlan.objects.filter(**self.spot, priority=new.priority)
        if self.plan:
            others = others.exclude(pk=self.plan.pk)
        if new.valid_to:
            others = others.filter(Q(valid_from=None) | Q(valid_from__lte=new.valid_to))
        if new.valid_from:
            others = others.filter(Q(valid_to=None) | Q(valid_to__gte=new.valid_from))
        if clash := others.first():
            self.clash = clash
            self.add_error(None, _("Sudah ada jam layanan untuk lingkup, prioritas, dan tanggal ini."))

    def row(self) -> HoursPlan:
        """Return the unsaved row of a valid form: the changed plan, or a new one."""
        data = self.cleaned_data
        fields = ("name", *HoursPlan.DAYS, "on_holidays", "valid_from", "valid_to", "priority", "source")
        values = {name: data[name] for name in fields}
        if self.starts_anew:
            values["valid_from"] = data["from_day"]
        return HoursPlan(pk=self.plan.pk if self.plan and not self.starts_anew else None, **self.spot, **values)

    @property
    def starts_anew(self) -> bool:
        """Whether the change is a new plan from a day on, which leaves the past alone."""
        return self.cleaned_data.get("mode") == ANEW


def plan_initial(plan: HoursPlan, tomorrow: date) -> dict[str, Any]:
    """Return PlanForm's initial values for a stored plan. An expired or future plan defaults to being corrected."""
    fields = ("name", "on_holidays", "valid_from", "valid_to", "priority", "source")
    week = {number: parse_spans(getattr(plan, day)) for number, day in enumerate(HoursPlan.DAYS)}
    runs = (plan.valid_from or date.min) < tomorrow <= (plan.valid_to or date.max)
    mode = {"mode": ANEW if runs else WHOLE, "from_day": tomorrow}
    return {name: getattr(plan, name) for name in fields} | week_initial(week) | mode


def week_initial(week: Mapping[int, Spans]) -> dict[str, int]:
    """Return the initial values, in minutes, of the day fields; `week` has the spans by weekday, 0 = Monday."""
    values: dict[str, int] = {}
    for number in range(7):
        if hours := hours_of(week.get(number, ())):
            values |= {f"d{number}_opens": hours.opens, f"d{number}_closes": hours.closes}
            for n, (start, end) in enumerate(hours.breaks):
                values |= {f"d{number}_from{n}": start, f"d{number}_to{n}": end}
    return values


def ramadan_initial() -> dict[str, Any]:
    """Return last year's clock times as initial values. No dates: these are announced each year, never computed."""
    return {"name": "Jam kerja Ramadan", "priority": RAMADAN_PRIORITY} | week_initial(RAMADAN_WEEK)


def most_breaks(plan: HoursPlan) -> int:
    """Return the largest number of breaks on one day of the plan, at least 1."""
    days = [hours_of(parse_spans(getattr(plan, day))) for day in HoursPlan.DAYS]
    return max([1, *(len(day.breaks) for day in days if day)])


class HolidayForm(HolidayModelForm):
    """A day on which the city closes or opens its offices, other than the national calendar says."""

    reason = reason_field(required=False)

    class Meta:
        model = HolidayOverride
        fields = ["day", "open", "name", "source"]
        labels = {"open": _("Kantor buka, walau hari itu hari libur")}
        widgets = {"day": day_input()}
        help_texts = {"source": _("Nomor surat edaran, keputusan, atau SKB.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        self.fields["source"].required = True
        self.fields["reason"].required = bool(self.instance.pk)
