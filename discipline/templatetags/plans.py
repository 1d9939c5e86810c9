"""Filters for pages about hours."""

from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django import template
from django.utils import timezone

from discipline.alerts.case import sentences
from discipline.alerts.models import Alert
from discipline.plans import applying, plan_facts
from discipline.plans import words as plans_words
from discipline.plans.changes import Effect
from discipline.plans.models import PlanChange
from discipline.plans.precedence import Fate
from discipline.reports.numbers.places import Level, OrgUnit
from offices.hours.models import Closure, ClosureRequest, HoursPlan
from offices.places.models import Counter

register = template.Library()
MINUTE = "%Y-%m-%dT%H:%M"


@register.filter
def fate_word(fate: str) -> str:
    """Return the label of a precedence.Fate."""
    return str(plans_words.FATES[Fate(fate)])


@register.filter
def kind_word(kind: str) -> str:
    """Return the label of an applying.DayKind."""
    return str(plans_words.KINDS[applying.DayKind(kind)])


@register.filter
def clock_minute(minute: int) -> str:
    """Format minutes since midnight: 07.30."""
    return plans_words.minute(minute)


@register.filter
def long(minutes: int) -> str:
    """Format a duration in minutes: 7 jam 30 menit."""
    return plans_words.length(minutes)


@register.filter
def hours_short(minutes: int) -> float:
    """Convert minutes to hours."""
    return minutes / 60


@register.filter
def until_day(first: date, last: date) -> str:
    """Format a range of dates; a single date if they are equal."""
    return plans_words.days(first, last)


@register.filter
def weekday_word(number: int) -> str:
    """Return the name of a weekday, 0 for Monday."""
    return plans_words.weekdays()[number]


@register.filter
def valid_words(plan: HoursPlan) -> str:
    """Return the dates on which a plan is valid, as text."""
    return sentences.validity(plan.valid_from, plan.valid_to)


@register.filter
def place_of(row: HoursPlan | Closure) -> OrgUnit:
    """Return the unit to which a plan or closure applies."""
    return applying.place_of(row)


@register.filter
def place_key(counter: Counter) -> str:
    """Return the key of a counter in the URL of its page about hours."""
    return OrgUnit(Level.COUNTER, counter).key


@register.filter
def effect_rows(effect: Effect) -> list[tuple[str, str, str, bool]]:
    """Return (label, before, after, whether they differ) for each figure of an effect."""
    return plans_words.effect_rows(effect)


@register.filter
def effect_line(change: PlanChange) -> str:
    """Return the effect of a change in one line."""
    return plans_words.effect_line(change.effect)


@register.filter
def changed_word(change: PlanChange) -> str:
    """Return what was changed: jam layanan, hari khusus, penutupan."""
    return str(plans_words.CHANGED[change.what])


@register.filter
def differences(change: PlanChange) -> list[tuple[str, str, str]]:
    """Return (label, before, after) for each field that a change altered."""
    return plan_facts.differences(change)


@register.filter
def moment(at: datetime) -> str:
    """Format a time with its date: Senin 23 November 2026, 07.30 WIB."""
    return plan_facts.moment(at)


@register.filter
def from_to(row: Closure | ClosureRequest) -> str:
    """Format when a closure or its request lasts; with one date if it ends on the same day."""
    return plans_words.from_to(row.starts_at, row.ends_at)


@register.filter
def ask_query(alert: Alert) -> str:
    """Return the query string that fills in the form of a closure for the whole time of an indication.

    From the minute in which it began to the minute by which it was over.
    """
    query = {"tempat": place_key(alert.counter), "mulai": f"{timezone.localtime(alert.since):{MINUTE}}"}
    if alert.ended_at:
        query["selesai"] = f"{timezone.localtime(alert.ended_at + timedelta(seconds=59)):{MINUTE}}"
    return urlencode(query)
