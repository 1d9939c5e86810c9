"""Views that request a report's files, list them with their progress, and serve them."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from discipline.core import provenance
from discipline.reports.files import jobs as report_jobs
from discipline.reports.files import table_files
from discipline.reports.files.formats import FORMATS
from discipline.reports.files.jobs import State, TooManyAsked
from discipline.reports.files.listing import file_list, formats_of, page_of
from discipline.reports.files.models import ReportFile
from discipline.reports.files.other_rooms.registry import OtherReport, Subject, subject_for
from discipline.reports.numbers.period import BadPeriod, Period, PeriodKind, parse_period
from offices.access.file_log import log_file
from offices.access.models import FileAccess
from offices.hours.schedule import local_day


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def files_of(request: HttpRequest, place: str, period: str) -> HttpResponse:
    """List a report's files; POST requests one: format=, and table= for a format that holds one table.

    htmx gets the list, other clients are redirected to the report's page. Raises Http404 outside the user's scope and
    for a period that doesn't exist.
    """
    found = subject_for(request.user, place)
    try:
        chosen = parse_period(period, local_day(timezone.now()))
    except BadPeriod as error:
        raise Http404 from error
    if isinstance(found, OtherReport) and chosen.kind is not PeriodKind.MONTH:
        raise Http404
    refused = _ask(request, found, chosen) if request.method == "POST" else ""
    if request.headers.get("HX-Request"):
        listed = file_list(request.user, found, chosen)
        news = listed["states"] != request.GET.get("semula", "")
        context = {**listed, "refused": refused, "fragment": True, "news": news}
        return render(request, "reports/_file_list.html", context)
    if refused:
        messages.error(request, refused)
    return redirect(f"{page_of(found, chosen)}#berkas")


def _ask(request: HttpRequest, place: Subject, period: Period) -> str:
    """Request the file of the form; return the reason when it is refused, in the active language, else ""."""
    format_, table = request.POST.get("format", ""), request.POST.get("table", "")
    known = formats_of(place)
    chosen = next((row for row in known if row.code == format_), None)
    if chosen is None:
        *labels, last = (row.label for row in known)
        return _("Pilih %(formats)s, atau %(last)s.") % {"formats": ", ".join(labels), "last": last}
    if not chosen.by_table:
        table = ""
    elif isinstance(place, OtherReport) or table not in table_files.tables_of(place):
        return _("Pilih tabel untuk %(format)s.") % {"format": chosen.label}
    try:
        report_jobs.request_file(request.user, place, period, format_, table, get_language() or "id", timezone.now())
    except TooManyAsked:
        return _("Masih ada %(n)s berkas Anda yang sedang dibuat. Tunggu salah satunya selesai.") % {
            "n": report_jobs.MOST_ASKED
        }
    return ""


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Serve a file to the user who requested it, as an attachment.

    Raises Http404 for other users, once the place has left the user's scope, and when the file is gone.
    """
    row = get_object_or_404(ReportFile, pk=pk, by=request.user.pk, state=State.DONE)
    place = subject_for(request.user, row.place)
    try:
        file = report_jobs.path_of(row).open("rb")
    except FileNotFoundError as gone:
        raise Http404 from gone
    log_file(request.user, FileAccess.Kind.REPORT, row.pk, _name(row), [place.office])
    media_type = FORMATS[row.format].media_type
    response = FileResponse(file, as_attachment=True, filename=_name(row), content_type=media_type)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _name(row: ReportFile) -> str:
    """Return a name like sidak-16.71.01-2026-11.xlsx or sidak-kota-2026-11-hari.csv; made-up days: sidak-contoh-…"""
    parts = [
        "sidak",
        "contoh" if provenance.current_history() else "",
        row.place,
        row.period.replace("..", "_"),
        row.table,
    ]
    return f"{'-'.join(filter(None, parts))}.{row.format}"
