"""Pages of the daily reports: the list, one as PDF, and for how long the papers are kept."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from discipline.core.wording import local
from discipline.incidents.daily.models import DailyReport, DailyRetention
from discipline.incidents.dated_retention.views import retention_page
from offices.access.file_log import log_file
from offices.access.gate import city_required
from offices.access.models import FileAccess
from offices.hours.schedule import local_day

A_PAGE = 31


@city_required
@never_cache
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """List the reports, the newest first. ?hal=."""
    page = Paginator(DailyReport.objects.defer("pdf"), A_PAGE).get_page(request.GET.get("hal"))
    context = {"page": page, "days": DailyRetention.days_on(local_day(timezone.now()))}
    return render(request, "incidents/daily/reports.html", context)


@city_required
@never_cache
@require_safe
def report_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a report as PDF, and log that it was opened. Raises Http404 once its paper is erased."""
    report = get_object_or_404(DailyReport, pk=pk, erased_at=None)
    name = f"laporan-harian-{local(report.since):%Y-%m-%d}.pdf"
    log_file(request.user, FileAccess.Kind.REPORT, f"daily:{report.pk}", name)
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(bytes(report.pdf), content_type="application/pdf", headers=headers)


@city_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def retention(request: HttpRequest) -> HttpResponse:
    """Show for how long the papers are kept; operators add a rule."""
    return retention_page(request, DailyRetention, "incidents/daily/retention.html")
