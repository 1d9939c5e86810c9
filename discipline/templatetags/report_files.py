"""Template tag for the files of a report."""

from django import template
from django.template import Context

from discipline.reports.files.listing import FileListContext, file_list
from discipline.reports.files.other_rooms.registry import Subject
from discipline.reports.numbers.period import Period

register = template.Library()


@register.inclusion_tag("reports/_files.html", takes_context=True)
def report_files(context: Context, place: Subject, period: Period) -> FileListContext:
    """Show the form that requests this report as a file, and the user's files of it: {% report_files place period %}.

    The page must load htmx.
    """
    return file_list(context["request"].user, place, period)
