"""The newest picture of a camera, and what was seen in it, for those who may see its office."""

from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from offices.access.gate import scope_of, within_places
from streams.cameras import words as cameras_words
from streams.cameras.models import Camera
from streams.source import newest_picture

CACHE = "private, no-store"


def _camera(request: HttpRequest, pk: int) -> Camera:
    """404 also when the camera is out of the user's scope."""
    camera = Camera.objects.filter(within_places(scope_of(request.user), "place"), pk=pk).first()
    if camera is None:
        raise Http404
    return camera


def _with_etag(request: HttpRequest, response: HttpResponse, at: str) -> HttpResponseBase:
    etag = f'"{at}"'
    response.headers["ETag"] = etag
    answer = get_conditional_response(request, etag=etag, response=response) or response
    answer.headers["Cache-Control"] = CACHE
    return answer


@require_safe
def picture(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The newest JPEG; its ETag is the moment it shows. 404 when there is none."""
    newest = newest_picture.newest_picture(_camera(request, pk).pk)
    if newest is None:
        raise Http404
    jpeg, view = newest
    return _with_etag(request, HttpResponse(jpeg, content_type="image/jpeg"), view["at"])


@require_safe
def view(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What ingest saw in that picture, its age in seconds, and the camera's trouble in words.

    {"at", "age_s", "width", "height", "boxes", "zones", "reason", "trouble"}; `at` is None without a picture.
    """
    camera = _camera(request, pk)
    newest = newest_picture.newest_picture(camera.pk)
    report = newest_picture.read_health().get(camera.pk, {})
    seen: dict[str, Any] = newest[1] if newest else {"at": None, "boxes": [], "zones": []}
    reason = seen.get("reason") or report.get("reason") or ("" if newest else "offline")
    told = seen | {"reason": reason, "trouble": str(cameras_words.BLIND.get(reason, "")), "age_s": None}
    if newest:
        told["age_s"] = max(0.0, (datetime.now(UTC) - datetime.fromisoformat(seen["at"])).total_seconds())
    response = JsonResponse(told)
    response.headers["Cache-Control"] = CACHE
    return response
