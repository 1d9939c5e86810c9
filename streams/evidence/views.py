"""Serve blurred evidence files to users who may see the office. Originals: see original_views."""

import logging
import mimetypes

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from offices.access.file_log import log_file
from offices.access.gate import scope_of, within_places
from offices.access.models import FileAccess
from streams.evidence import http_range, store
from streams.evidence.models import Evidence
from streams.pixels import thumbs

SHOWN = (Evidence.Form.PLAIN, Evidence.Form.DRAWN)
NOT_KEPT = "no-store"  # nothing stays in the cache of a shared phone after logout

log = logging.getLogger(__name__)


@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send one blurred still or clip; ?lebar= (one of thumbs.WIDTHS, in pixels) sends a smaller still.

    404 also for originals and out of the user's scope.
    """
    rows = Evidence.objects.filter(within_places(scope_of(request.user), "place"), pk=pk, form__in=SHOWN)
    row = rows.select_related("kelurahan", "place").first()
    if row is None:
        raise Http404
    log_file(request.user, FileAccess.Kind.EVIDENCE, row.pk, row, [row.kelurahan_id])
    width = request.GET.get("lebar", "")
    small = int(width) if width in map(str, thumbs.WIDTHS) and row.kind not in store.CLIPS else None
    return file_response(request, row, small)


def file_response(request: HttpRequest, row: Evidence, width: int | None = None) -> HttpResponseBase:
    """Return the file or the requested range of it (phones play clips by ranges only). `width`: a smaller still.

    The file is read and hashed each time; a page explains why it is refused (see refusal).
    """
    try:
        data = store.read_verified(row)
    except (store.EvidenceAltered, store.EvidenceGone) as error:
        return refusal(request, row, error)
    etag = f'"{row.sha256}"'
    if width:
        data, etag = thumbs.shrink_jpeg(data, width), f'"{row.sha256}-{width}"'
    kind = mimetypes.guess_type(row.path)[0] or "application/octet-stream"
    answer = http_range.whole_or_part(request, data, etag, kind)
    answer.headers["ETag"] = etag
    response = get_conditional_response(request, etag=etag, response=answer) or answer
    response.headers["Cache-Control"] = NOT_KEPT
    return response


def refusal(request: HttpRequest, row: Evidence, error: store.EvidenceAltered | store.EvidenceGone) -> HttpResponse:
    """Explain why a file can't be shown: 409 changed, 410 destroyed on purpose, 404 missing without a note."""
    if isinstance(error, store.EvidenceAltered):
        log.error("%s", error)
        return _refusal_page(request, row, 409)
    if error.destroyed is None:
        log.error("%s, and no row records its destruction", error)
    return _refusal_page(request, row, 410 if error.destroyed else 404, error.destroyed)


def _refusal_page(request: HttpRequest, row: Evidence, status: int, destroyed: Evidence | None = None) -> HttpResponse:
    context = {"row": row, "destroyed": destroyed, "changed": status == 409}
    response = render(request, "evidence/refused.html", context, status=status)
    response.headers["Cache-Control"] = NOT_KEPT
    return response
