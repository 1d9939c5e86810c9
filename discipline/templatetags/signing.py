"""{% signing place period %}: has this month been signed, and what changed since. On the page of a report."""

from typing import Any

from django import template
from django.template import Context
from django.utils import timezone

from discipline.reports.numbers.period import Period, PeriodKind
from discipline.reports.numbers.places import OrgUnit
from discipline.reports.numbers.words import period_title
from discipline.reports.signing import fragment

register = template.Library()


@register.inclusion_tag("reports/_signing.html", takes_context=True)
def signing(context: Context, place: OrgUnit, period: Period) -> dict[str, Any]:
    """Of another period only the way to the months, for who has a say in them."""
    found = fragment.signing_of(place, period, timezone.now()) if period.kind is PeriodKind.MONTH else None
    return {"signing": found, "scope": context.get("scope")}


@register.filter
def month_word(period: Period) -> str:
    return period_title(period)
