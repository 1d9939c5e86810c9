"""Pages of the daily reports: the list, one as PDF, and for how long the papers are kept."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from discipline.core.wording import local
from discipline.incidents.daily.forms import DailyRetentionForm
from discipline.incidents.daily.keeping import days_kept
from discipline.incidents.daily.models import DailyReport, DailyRetention
from offices.access.file_log import log_file
from offices.access.gate import city_required, scope_of
from offices.access.models import FileAccess
from offices.hours.schedule import local_day

A_PAGE = 31


@city_required
@never_cache
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """List the reports, the newest first. ?hal=."""
    page = Paginator(DailyReport.objects.defer("pdf"), A_PAGE).get_page(request.GET.get("hal"))
    context = {"page": page, "days": days_kept(local_day(timezone.now()))}
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
    now = timezone.now()
    if request.method == "POST" and not scope_of(request.user).operates:
        raise PermissionDenied
    blank = DailyRetention(by_id=request.user.pk or 0, at=now)
    form = DailyRetentionForm(request.POST or None, instance=blank, label_suffix="")  # type: ignore[arg-type]  # as in Meta
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Masa simpan dicatat."))
        return redirect("daily-retention")
    rules = DailyRetention.objects.select_related("by")
    context = {"form": form, "rules": rules, "days": days_kept(local_day(now))}
    return render(request, "incidents/daily/retention.html", context, status=422 if form.errors else 200)
