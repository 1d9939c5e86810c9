"""A plan, a holiday or a closure as plain values for the trace, and the differences of two in words."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from discipline.core.wording import calendar, hour, local, weekday
from discipline.plans.models import PlanChange
from offices.hours.models import Closure, HolidayOverride, HoursPlan

PlanRow = HoursPlan | HolidayOverride | Closure
What = PlanChange.What
FIELDS: dict[type[PlanRow], tuple[str, ...]] = {
    HoursPlan: ("name", *HoursPlan.DAYS, "on_holidays", "valid_from", "valid_to", "priority", "source"),
    HolidayOverride: ("day", "open", "name", "source"),
    Closure: ("starts_at", "ends_at", "reason"),
}
MODELS: dict[str, type[PlanRow]] = {What.PLAN: HoursPlan, What.HOLIDAY: HolidayOverride, What.CLOSURE: Closure}


def kind_of(row: PlanRow) -> PlanChange.What:
    return What(str(row._meta.model_name))


def facts_of(row: PlanRow) -> dict[str, Any]:
    """By field; dates and moments in ISO 8601 (moments in UTC)."""
    return {name: _plain(getattr(row, name)) for name in FIELDS[type(row)]}


def differences(change: PlanChange) -> list[tuple[str, str, str]]:
    """What the row said before and says now, field by field, where it differs; "" where it was not, or says nothing."""
    model = MODELS[change.what]
    before, after = change.before or {}, change.after or {}
    lines = []
    for name in FIELDS[model]:
        old, new = _field_word(before, name), _field_word(after, name)
        if old != new:
            lines.append((str(model._meta.get_field(name).verbose_name).capitalize(), old, new))  # type: ignore[union-attr]
    return lines


def spans_in_words(text: str) -> str:
    """07.30–12.00, 13.00–16.00"""
    said = text.replace(" ", "").replace("-", "–").replace(",", ", ")
    return said.replace(":", ".") if get_language() == "id" else said


def moment(at: datetime) -> str:
    """Senin 23 November 2026, 07.30 WIB"""
    return f"{weekday(local(at))}, {hour(at)} WIB"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _field_word(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if name in HoursPlan.DAYS:
        return spans_in_words(str(value))
    if name.endswith("_at"):
        return moment(datetime.fromisoformat(value))
    return calendar(date.fromisoformat(value)) if name in ("day", "valid_from", "valid_to") else str(value)
