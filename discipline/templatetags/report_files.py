"""{% report_files place period %}: asking for this report as a file, and one's own files of it."""

from django import template
from django.template import Context

from discipline.reports.files.listing import FileListContext, file_list
from discipline.reports.numbers.period import Period
from discipline.reports.numbers.places import OrgUnit

register = template.Library()


@register.inclusion_tag("reports/_files.html", takes_context=True)
def report_files(context: Context, place: OrgUnit, period: Period) -> FileListContext:
    """On a page that loads htmx."""
    return file_list(context["request"].user, place, period)
