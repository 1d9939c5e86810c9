"""Pages of the daily reports: the list, and one as PDF."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from discipline.core.wording import local
from discipline.incidents.daily.models import DailyReport
from offices.access.file_log import log_file
from offices.access.gate import scope_of
from offices.access.models import FileAccess

A_PAGE = 31


@never_cache
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """List the reports, the newest first. ?hal=."""
    _check_reader(request)
    page = Paginator(DailyReport.objects.defer("pdf"), A_PAGE).get_page(request.GET.get("hal"))
    return render(request, "incidents/daily/reports.html", {"page": page})


@never_cache
@require_safe
def report_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a report as PDF, and log that it was opened."""
    _check_reader(request)
    report = get_object_or_404(DailyReport, pk=pk)
    name = f"laporan-harian-{local(report.since):%Y-%m-%d}.pdf"
    log_file(request.user, FileAccess.Kind.REPORT, f"daily:{report.pk}", name)
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(bytes(report.pdf), content_type="application/pdf", headers=headers)


def _check_reader(request: HttpRequest) -> None:
    if not scope_of(request.user).city:
        raise PermissionDenied
