"""Serialise plans, holidays and closures for the change log, and describe the differences between two versions."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from discipline.core.wording import calendar, hour, local, weekday
from discipline.plans.models import PlanChange
from offices.hours.models import Closure, HolidayOverride, HoursPlan

PlanRow = HoursPlan | HolidayOverride | Closure
Fact = str | int | bool | None
What = PlanChange.What
FIELDS: dict[type[PlanRow], tuple[str, ...]] = {
    HoursPlan: ("name", *HoursPlan.DAYS, "on_holidays", "valid_from", "valid_to", "priority", "source"),
    HolidayOverride: ("day", "open", "name", "source"),
    Closure: ("starts_at", "ends_at", "reason"),
}
MODELS: dict[str, type[PlanRow]] = {What.PLAN: HoursPlan, What.HOLIDAY: HolidayOverride, What.CLOSURE: Closure}


def kind_of(row: PlanRow) -> PlanChange.What:
    """Return the kind of row, named after its model."""
    return What(str(row._meta.model_name))


def facts_of(row: PlanRow) -> dict[str, Fact]:
    """Return the values of FIELDS by name, as JSON; dates and datetimes in ISO 8601 (datetimes in UTC)."""
    return {name: _plain(getattr(row, name)) for name in FIELDS[type(row)]}


def differences(change: PlanChange) -> list[tuple[str, str, str]]:
    """Return (label, old, new) in words for each field that differs; "" for an empty value or a missing row."""
    model = MODELS[change.what]
    before, after = change.before or {}, change.after or {}
    lines = []
    for name in FIELDS[model]:
        old, new = _field_word(before, name), _field_word(after, name)
        if old != new:
            label = str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # no relation
            lines.append((label.capitalize(), old, new))
    return lines


def spans_in_words(text: str) -> str:
    """Return stored spans as text for people: 07.30–12.00, 13.00–16.00 in Indonesian."""
    words = text.replace(" ", "").replace("-", "–").replace(",", ", ")
    return words.replace(":", ".") if get_language() == "id" else words


def moment(at: datetime) -> str:
    """Return the time as text: Senin 23 November 2026, 07.30 WIB."""
    return f"{weekday(local(at))}, {hour(at)} WIB"


def _plain(value: Any) -> Fact:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _field_word(facts: Mapping[str, Any], name: str) -> str:
    value = facts.get(name)
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if name in HoursPlan.DAYS:
        return spans_in_words(str(value))
    if name.endswith("_at"):
        return moment(datetime.fromisoformat(value))
    return calendar(date.fromisoformat(value)) if name in ("day", "valid_from", "valid_to") else str(value)
