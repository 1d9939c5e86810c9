"""Files of evidence for those who may see the office; what shows visitors' faces is for the inspectorate only."""

import logging

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from offices.access.gate import scope_of, within_places
from streams.evidence import http_range, store
from streams.evidence.models import Evidence
from streams.pixels import thumbs

SHOWN = (Evidence.Form.PLAIN, Evidence.Form.DRAWN)
KEPT = "private, max-age=3600, immutable"
NOT_KEPT = "no-store"

log = logging.getLogger(__name__)


@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One still or clip with faces blurred; a still also as ?lebar= of thumbs.WIDTHS. 404 also out of scope and for
    originals."""
    row = Evidence.objects.filter(within_places(scope_of(request.user), "place"), pk=pk, form__in=SHOWN).first()
    if row is None:
        raise Http404
    width = request.GET.get("lebar", "")
    small = int(width) if width in map(str, thumbs.WIDTHS) and row.kind not in store.CLIPS else None
    return file_response(request, row, KEPT, small)


def file_response(request: HttpRequest, row: Evidence, cache: str, width: int | None = None) -> HttpResponseBase:
    """The file, whole or the part asked for: telephones play a clip by parts only. With a width: a still, smaller.

    It is read and hashed each time, and refused in words when it is not what was stored: 409 changed, 410 destroyed,
    404 gone without a note.
    """
    try:
        data = store.read_verified(row)
    except store.EvidenceAltered as changed:
        log.error("%s", changed)
        return _refusal_page(request, row, 409)
    except store.EvidenceGone as gone:
        if gone.destroyed is None:
            log.error("%s, and no note says that it was destroyed", gone)
        return _refusal_page(request, row, 410 if gone.destroyed else 404, gone.destroyed)
    etag = f'"{row.sha256}"'
    if width:
        data, etag = thumbs.shrink_jpeg(data, width), f'"{row.sha256}-{width}"'
    kind = "video/mp4" if row.kind in store.CLIPS else "image/jpeg"
    whole = _whole_or_part(request, data, etag, kind)
    whole.headers["ETag"] = etag
    response = get_conditional_response(request, etag=etag, response=whole) or whole
    response.headers["Cache-Control"] = cache
    return response


def _whole_or_part(request: HttpRequest, data: bytes, etag: str, kind: str) -> HttpResponse:
    asked = request.headers.get("Range", "") if request.headers.get("If-Range", etag) == etag else ""
    try:
        part = http_range.parse_range(asked, len(data))
    except http_range.RangeNotSatisfiable:
        response = HttpResponse(status=416)
        response.headers["Content-Range"] = f"bytes */{len(data)}"
        return response
    if part is None:
        response = HttpResponse(data, content_type=kind)
    else:
        start, end = part
        response = HttpResponse(data[start : end + 1], status=206, content_type=kind)
        response.headers["Content-Range"] = f"bytes {start}-{end}/{len(data)}"
    response.headers["Accept-Ranges"] = "bytes"
    return response


def _refusal_page(request: HttpRequest, row: Evidence, status: int, destroyed: Evidence | None = None) -> HttpResponse:
    context = {"row": row, "destroyed": destroyed, "changed": status == 409}
    response = render(request, "evidence/refused.html", context, status=status)
    response.headers["Cache-Control"] = NOT_KEPT
    return response
