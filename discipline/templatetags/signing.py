"""Template tag and filter for the signing of monthly reports."""

from django import template
from django.template import Context
from django.utils import timezone

from discipline.reports.numbers.period import Period, PeriodKind
from discipline.reports.numbers.places import OrgUnit
from discipline.reports.numbers.words import period_title
from discipline.reports.signing import fragment

register = template.Library()


@register.inclusion_tag("reports/_signing.html", takes_context=True)
def signing(context: Context, place: OrgUnit, period: Period) -> dict[str, object]:
    """Show whether a month is signed and what changed since, on the page of a report: {% signing place period %}.

    For other periods, and for kecamatan offices, which are in no signed month, only the link to the months, for users
    who take part in signing.
    """
    signed = period.kind is PeriodKind.MONTH and not place.of_kecamatan_office
    state = fragment.signing_of(place, period, timezone.now()) if signed else None
    return {"signing": state, "scope": context.get("scope")}


@register.filter
def month_word(period: Period) -> str:
    """Return the title of a period."""
    return period_title(period)
