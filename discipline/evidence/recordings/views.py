"""The page of exports: request, list, download, receipt. For operators and the inspectorate; downloads are logged."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from discipline.evidence.recordings import exporting, receipt
from discipline.evidence.recordings.forms import ExportForm
from discipline.evidence.recordings.models import RecordingExport
from offices.access.file_log import log_file
from offices.access.gate import Scope, scope_of
from offices.access.models import FileAccess
from offices.hours.schedule import ZONE
from streams.evidence import store
from streams.evidence.recording import rights
from streams.evidence.recording.pages.hold_views import asked_span

ON_A_PAGE = 30
UNDER_WAY = (RecordingExport.State.WAITING, RecordingExport.State.WORKING)


@never_cache
@require_safe
def exports(request: HttpRequest) -> HttpResponse:
    """List the exports; ?kamera= (id), ?dari= and ?sampai= (seconds since 1970) fill the form in."""
    return _page(request, _scope(request))


@require_POST
def request_export(request: HttpRequest) -> HttpResponse:
    """Request an export."""
    scope = _scope(request)
    row = RecordingExport(by_id=request.user.pk or 0)
    form = ExportForm(rights.recorded_cameras(scope), request.POST, instance=row, label_suffix="")
    if not form.is_valid():
        return _page(request, scope, 422, form)
    exporting.request_export(form.save(commit=False), timezone.now())
    messages.success(request, _("Ekspor diminta. Rekamannya dikunci sampai berkasnya selesai."))
    return redirect("recording-exports")


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send the file as an attachment. 404 when it is not the user's to see, not made, or gone."""
    row = _done(request, pk)
    assert row.evidence is not None
    try:
        file = store.path_of(row.evidence).open("rb")
    except FileNotFoundError as gone:
        raise Http404 from gone
    _log(request, row)
    response = FileResponse(file, as_attachment=True, filename=_name(row, "mp4"), content_type="video/mp4")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@never_cache
@require_safe
def receipt_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the receipt as a PDF, inline. 404 as `download`."""
    row = _done(request, pk)
    _log(request, row)
    response = HttpResponse(receipt.sheet(row, settings.LETTERHEAD[0]), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{_name(row, "pdf")}"'
    return response


def _scope(request: HttpRequest) -> Scope:
    scope = scope_of(request.user)
    if not rights.may_keep(scope):
        raise PermissionDenied
    return scope


def _done(request: HttpRequest, pk: int) -> RecordingExport:
    rows = exporting.visible_exports(_scope(request))
    return get_object_or_404(rows, pk=pk, state=RecordingExport.State.DONE)


def _log(request: HttpRequest, row: RecordingExport) -> None:
    log_file(request.user, FileAccess.Kind.RECORDING, row.pk, row, [row.place.kelurahan_id])


def _name(row: RecordingExport, suffix: str) -> str:
    return f"sidak-rekaman-{row.pk}-{row.since.astimezone(ZONE):%Y%m%d-%H%M%S}.{suffix}"


def _page(request: HttpRequest, scope: Scope, status: int = 200, form: ExportForm | None = None) -> HttpResponse:
    rows = exporting.visible_exports(scope)
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("hal"))
    initial = asked_span(request)
    context: dict[str, Any] = {
        "form": form or ExportForm(rights.recorded_cameras(scope), initial=initial, label_suffix=""),
        "asked": form is not None or bool(initial.get("camera")),
        "page": page,
        "under_way": any(row.state in UNDER_WAY for row in page.object_list),
    }
    return render(request, "recordings/exports.html", context, status=status)
