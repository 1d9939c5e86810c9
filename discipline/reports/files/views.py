"""Files of a report: asking for one, how far it is, fetching it."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from discipline.core import provenance
from discipline.reports.files import jobs as report_jobs
from discipline.reports.files import table_files
from discipline.reports.files.jobs import Format, State, TooManyAsked
from discipline.reports.files.listing import file_list
from discipline.reports.files.models import ReportFile
from discipline.reports.numbers.period import BadPeriod, Period, parse_period
from discipline.reports.numbers.places import OrgUnit, place_for
from offices.hours.schedule import local_day

MEDIA = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "text/csv; charset=utf-8",
    Format.PDF: "application/pdf",
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def files_of(request: HttpRequest, place: str, period: str) -> HttpResponse:
    """POST format= (and table= of a CSV) asks for a file. To htmx the list of files, to others the report's page."""
    found = place_for(request.user, place)
    try:
        chosen = parse_period(period, local_day(timezone.now()))
    except BadPeriod as error:
        raise Http404 from error
    refused = _ask(request, found, chosen) if request.method == "POST" else ""
    if request.headers.get("HX-Request"):
        context = file_list(request.user, found, chosen) | {"refused": refused, "fragment": True}
        context["news"] = context["states"] != request.GET.get("semula", "")
        return render(request, "reports/_file_list.html", context)
    if refused:
        messages.error(request, refused)
    return redirect(f"{reverse('report', args=[found.key, chosen.key])}#berkas")


def _ask(request: HttpRequest, place: OrgUnit, period: Period) -> str:
    """Why not, in words; empty when it is under way."""
    format_, table = request.POST.get("format", ""), request.POST.get("table", "")
    if format_ not in Format.values:
        return _("Pilih XLSX, PDF, atau CSV.")
    if format_ != Format.CSV:
        table = ""
    elif table not in table_files.tables_of(place):
        return _("Pilih tabel untuk CSV.")
    try:
        report_jobs.request_file(request.user, place, period, format_, table, get_language() or "id", timezone.now())
    except TooManyAsked:
        return _("Masih ada %(n)s berkas Anda yang sedang dibuat. Tunggu salah satunya selesai.") % {
            "n": report_jobs.MOST_ASKED
        }
    return ""


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """For who asked for it, while its place is in the own scope; as a download only."""
    row = get_object_or_404(ReportFile, pk=pk, by=request.user.pk, state=State.DONE)
    place_for(request.user, row.place)
    try:
        file = report_jobs.path_of(row).open("rb")
    except FileNotFoundError as gone:
        raise Http404 from gone
    response = FileResponse(file, as_attachment=True, filename=_name(row), content_type=MEDIA[Format(row.format)])
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _name(row: ReportFile) -> str:
    """sidak-16.71.01-2026-11.xlsx, sidak-kota-2026-11-hari.csv; of made-up days sidak-contoh-…"""
    parts = [
        "sidak",
        "contoh" if provenance.current_history() else "",
        row.place,
        row.period.replace("..", "_"),
        row.table,
    ]
    return f"{'-'.join(filter(None, parts))}.{row.format}"
