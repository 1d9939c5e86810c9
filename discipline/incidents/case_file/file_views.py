"""Send the files of a case to who has opened it. Each is logged."""

import mimetypes
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from discipline.incidents.case_file import contents, files
from discipline.incidents.case_file.finding import case_in
from discipline.incidents.case_file.models import CaseFile, CasePart
from discipline.incidents.case_file.opened import is_opened
from discipline.incidents.case_file.papers import handover_receipt
from discipline.incidents.case_file.sending import send_file
from discipline.incidents.case_file.state_rule import CaseStepKind
from offices.access.file_log import log_file
from offices.access.gate import scope_of
from offices.access.models import FileAccess
from streams.evidence import store

SHOWN = ("image/", "video/", "application/pdf")  # the others are downloads


@require_safe
def original(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send the original clip. 404 without one."""
    found = case_in(scope_of(request.user), pk)
    if not is_opened(request, found):
        return redirect("case-file", pk)
    evidence = contents.original_of(found)
    if evidence is None:
        raise Http404
    return _send(request, found, contents.ORIGINAL, store.path_of(evidence), evidence.sha256)


@require_safe
def part(request: HttpRequest, pk: int, part_pk: int) -> HttpResponseBase:
    """Send a file that was made for the case. 409 when it was changed since."""
    found = case_in(scope_of(request.user), pk)
    row = get_object_or_404(CasePart, pk=part_pk, case=found)
    return _send(request, found, row.name, files.path_of(row), row.sha256)


@never_cache
@require_safe
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the receipt of the handover as a PDF, inline. 404 before there was one."""
    found = case_in(scope_of(request.user), pk)
    if not is_opened(request, found):
        return redirect("case-file", pk)
    step = get_object_or_404(found.steps.select_related("by"), kind=CaseStepKind.HANDED_OVER.value)
    name = f"tanda-terima-{found.number}.pdf"
    _log(request, found, name)
    response = HttpResponse(handover_receipt.sheet(found, step, settings.LETTERHEAD[0]), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _send(request: HttpRequest, case: CaseFile, name: str, path: Path, sha256: str) -> HttpResponseBase:
    if not is_opened(request, case):
        return redirect("case-file", case.pk)
    if not path.exists():
        raise Http404
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    begins = request.headers.get("Range", "").replace(" ", "") in ("", "bytes=0-")  # the others follow such a one
    if begins and not files.check_file(path, sha256):
        return render(request, "incidents/case_file/changed.html", {"case": case, "name": name}, status=409)
    _log(request, case, name)
    download = not kind.startswith(SHOWN) or "unduh" in request.GET
    return send_file(request, path, f"{case.number}-{name}", kind, download=download)


def _log(request: HttpRequest, case: CaseFile, name: str) -> None:
    log_file(request.user, FileAccess.Kind.CASE, f"{case.pk}:{name}", f"{case}: {name}")
