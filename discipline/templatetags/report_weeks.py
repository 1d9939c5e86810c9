"""The tag that draws an office's last twelve weeks of availability."""

from datetime import datetime

from django import template

from discipline.reports.numbers import tables
from discipline.reports.numbers.models import ReportRule
from discipline.reports.numbers.places import OrgUnit
from discipline.reports.pages.weeks import sparklines, weeks_until
from offices.hours.schedule import local_day
from offices.places.models import Office

register = template.Library()


@register.inclusion_tag("reports/_office_weeks.html")
def report_weeks(office: Office, now: datetime) -> dict[str, object]:
    """Show the weeks of an office up to today, nothing before it was watched: {% report_weeks office now %}."""
    place, today = OrgUnit.of_office(office), local_day(now)
    period = weeks_until(today)
    line = sparklines(place, today, place.level, ReportRule.floor()).get(place.key)
    sums = tables.total_sums(place, period) if line else None
    return {"line": line, "key": place.key, "period": period, "sums": sums}
