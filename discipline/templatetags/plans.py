"""Filters of the pages about hours."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils import timezone

from discipline.alerts.case import sentences
from discipline.alerts.models import Alert
from discipline.plans import applying, plan_facts
from discipline.plans import words as plans_words
from discipline.plans.changes import Effect
from discipline.plans.models import PlanChange
from discipline.reports.numbers.places import Level, OrgUnit
from offices.hours.models import Closure, HoursPlan
from offices.places.models import Counter

register = template.Library()
MINUTE = "%Y-%m-%dT%H:%M"


@register.filter
def fate_word(fate: str) -> str:
    return str(plans_words.FATES[applying.Fate(fate)])


@register.filter
def kind_word(kind: str) -> str:
    """Of an applying.DayOutlook or Stretch."""
    return str(plans_words.KINDS[applying.DayKind(kind)])


@register.filter
def clock_minute(minute: int) -> str:
    """07.30, from minutes since midnight"""
    return plans_words.minute(minute)


@register.filter
def long(minutes: int) -> str:
    """7 jam 30 menit"""
    return plans_words.length(minutes)


@register.filter
def hours_short(minutes: int) -> float:
    return minutes / 60


@register.filter
def until_day(first: date, last: date) -> str:
    return plans_words.days(first, last)


@register.filter
def weekday_word(number: int) -> str:
    """0 is Monday."""
    return plans_words.weekdays()[number]


@register.filter
def valid_words(plan: HoursPlan) -> str:
    return sentences.validity(plan.valid_from, plan.valid_to)


@register.filter
def place_of(row: HoursPlan | Closure) -> Any:
    return applying.place_of(row)


@register.filter
def place_key(counter: Counter) -> str:
    """Of its page about hours."""
    return OrgUnit(Level.COUNTER, counter).key


@register.filter
def effect_rows(effect: Effect) -> list[tuple[str, str, str, bool]]:
    return plans_words.effect_rows(effect)


@register.filter
def effect_line(change: PlanChange) -> str:
    return plans_words.effect_line(change.effect)


@register.filter
def changed_word(change: PlanChange) -> str:
    """jam layanan, hari khusus, penutupan"""
    return str(plans_words.CHANGED[change.what])


@register.filter
def differences(change: PlanChange) -> list[tuple[str, str, str]]:
    return plan_facts.differences(change)


@register.filter
def moment(at: Any) -> str:
    """Senin 23 November 2026, 07.30 WIB"""
    return plan_facts.moment(at)


@register.filter
def from_to(row: Any) -> str:
    """A closure's or a request's time: the day once when it ends on the same."""
    return plans_words.from_to(row.starts_at, row.ends_at)


@register.filter
def ask_query(alert: Alert) -> str:
    """For the form of a closure that holds this whole indication: from the minute it began to the one it was over."""
    said = {"tempat": place_key(alert.counter), "mulai": f"{timezone.localtime(alert.since):{MINUTE}}"}
    if alert.ended_at:
        said["selesai"] = f"{timezone.localtime(alert.ended_at + timedelta(seconds=59)):{MINUTE}}"
    return urlencode(said)
