"""Forms to request, enter and answer a closure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from discipline.plans import applying
from discipline.plans.clock_fields import ClockField, ClockInput
from discipline.plans.closures import lifecycle
from discipline.plans.forms import day_input
from discipline.reports.numbers.places import Level, OrgUnit
from offices.hours.models import Closure, ClosureRequest
from offices.hours.schedule import ZONE


class ClosureForm(forms.Form):
    """A closure to be entered: where, when, why. Adds `starts_at` and `ends_at` (aware, WIB) to cleaned_data.

    `places` are those that the user may close. After validation `clash` is what overlaps in time, if anything.
    """

    place = forms.ChoiceField(label=_("Tempat"))
    kind = forms.ChoiceField(label=_("Jenis"), choices=[("", _("Pilih jenis")), *ClosureRequest.Kind.choices])
    start_day = forms.DateField(label=_("Tanggal"), widget=day_input())
    start_clock = ClockField(label=_("Dari jam"), widget=ClockInput())
    end_clock = ClockField(label=_("Sampai jam"), widget=ClockInput())
    end_day = forms.DateField(label=_("Sampai tanggal, bila lebih dari sehari"), required=False, widget=day_input())
    reason = forms.CharField(
        label=_("Keterangan"),
        max_length=500,
        min_length=5,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Acara apa dan di mana, tanpa nama petugas."),
    )

    def __init__(self, *args: Any, places: Iterable[OrgUnit], now: datetime, **more: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | more)
        self._places, self._now = {place.key: place for place in places}, now
        self.clash: Closure | ClosureRequest | None = None
        options = [(place.key, place.title) for place in self._places.values()]
        self.fields["place"].choices = options if len(options) == 1 else [("", _("Pilih tempat")), *options]  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        """Validate the order of the times, the distance from today, and overlaps."""
        data = super().clean() or {}
        start = _moment(data.get("start_day"), data.get("start_clock"))
        end = _moment(data.get("end_day") or data.get("start_day"), data.get("end_clock"))
        for name, at in (("start_day", start), ("end_day" if data.get("end_day") else "start_day", end)):
            if at and name not in self.errors and not lifecycle.is_in_reach(at, self._now):
                early = at < self._now
                self.add_error(
                    name, _("Lebih dari 90 hari yang lalu.") if early else _("Lebih dari 366 hari ke depan.")
                )
        if start and end and end <= start:
            self.add_error("end_clock", _("Waktu selesai harus sesudah waktu mulai."))
        if not self.errors:
            data |= {"starts_at": start, "ends_at": end}
            self._clean_clash(Q(starts_at__lt=end, ends_at__gt=start))
        return data

    def _clean_clash(self, overlapping: Q) -> None:
        self.clash = Closure.objects.filter(overlapping, applying.rows_over(self.place_chosen)).first()
        if self.clash:
            self.add_error(None, _("Sudah ada penutupan di tempat ini pada waktu itu."))

    @property
    def place_chosen(self) -> OrgUnit:
        """The selected place of a valid form."""
        return self._places[self.cleaned_data["place"]]

    def closure(self, by: int) -> Closure:
        """Return the unsaved closure of a valid form, entered by the user with the id `by`."""
        data = self.cleaned_data
        return Closure(
            **applying.columns_of(self.place_chosen),
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            reason=lifecycle.closure_label(data["kind"], data["reason"]),
            entered_by_id=by,
        )


class ClosureRequestForm(ClosureForm):
    """A closure to be requested by a lurah or camat. It closes nothing until camat or mayor grants it."""

    def _clean_clash(self, overlapping: Q) -> None:
        super()._clean_clash(overlapping)
        if self.clash:
            return
        place = self.place_chosen
        waiting = ClosureRequest.objects.filter(overlapping, state=ClosureRequest.State.ASKED)
        same_counter = Q(counter=None) | Q(counter=place.row) if place.level is Level.COUNTER else Q(counter=None)
        if place.of_kecamatan_office:
            self.clash = waiting.filter(counter=place.row).first()
        else:
            self.clash = waiting.filter(same_counter, kelurahan=place.office).first()
        if self.clash:
            self.add_error(None, _("Sudah ada permohonan untuk waktu itu yang menunggu jawaban."))

    def request(self, by: int) -> ClosureRequest:
        """Return the unsaved request of a valid form, by the user with the id `by`."""
        data, place = self.cleaned_data, self.place_chosen
        counter = place.row if place.level is Level.COUNTER else None
        fields = {name: data[name] for name in ("kind", "starts_at", "ends_at", "reason")}
        office = counter.kelurahan if counter else place.row
        return ClosureRequest(kelurahan=office, counter=counter, asked_by_id=by, **fields)


def _moment(day: date | None, minute: int | None) -> datetime | None:
    """Return the time `minute` minutes after the day's midnight in WIB; 1440 is the next midnight."""
    if day is None or minute is None:
        return None
    return datetime.combine(day, time(), tzinfo=ZONE) + timedelta(minutes=minute)


def initial_times(start: datetime | None, end: datetime | None) -> dict[str, date | int]:
    """Return the times as ClosureForm's initial values: days, and clock times in minutes."""
    initial: dict[str, date | int] = {}
    for name, at in (("start", start), ("end", end)):
        if at:
            wib = at.astimezone(ZONE)
            initial |= {f"{name}_day": wib.date(), f"{name}_clock": wib.hour * 60 + wib.minute}
    if initial.get("end_day") == initial.get("start_day"):
        initial.pop("end_day", None)
    return initial


class ClosureAnswerForm(forms.Form):
    """The camat's answer to a request, or its withdrawal by the office. A refusal needs a reason in `word`."""

    act = forms.ChoiceField(choices=[(act, act) for act in ("grant", "refuse", "withdraw")])
    word = forms.CharField(required=False, max_length=500)

    def clean(self) -> dict[str, Any]:
        """Require the reason of a refusal."""
        data = super().clean() or {}
        if data.get("act") == "refuse" and not data.get("word", "").strip():
            self.add_error("word", _("Tuliskan alasan penolakannya."))
        return data
