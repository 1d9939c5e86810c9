"""Serve a camera's newest picture and what was detected in it to users who may see its office."""

from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from offices.access.gate import scope_of, within
from streams.cameras import words as cameras_words
from streams.cameras.models import Camera
from streams.source import newest_picture

CACHE = "private, no-store"


def _camera(request: HttpRequest, pk: int) -> Camera:
    """Return the camera. Raises Http404, also when it is out of the user's scope."""
    camera = Camera.objects.filter(within(scope_of(request.user), "kelurahan"), pk=pk).first()
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
    """Send the newest JPEG, with its time as ETag; 404 when there is none."""
    newest = newest_picture.newest_picture(_camera(request, pk).pk)
    if newest is None:
        raise Http404
    jpeg, view = newest
    return _with_etag(request, HttpResponse(jpeg, content_type="image/jpeg"), view["at"])


@require_safe
def view(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send what was detected in the newest picture, its age in seconds, and the camera's trouble in words.

    {"at", "age_s", "width", "height", "boxes", "zones", "reason", "trouble"}; `at` is None without a picture.
    """
    camera = _camera(request, pk)
    newest = newest_picture.newest_picture(camera.pk)
    report = newest_picture.read_health().get(camera.pk, {})
    seen: dict[str, Any] = dict(newest[1]) if newest else {"at": None, "boxes": [], "zones": []}
    reason = seen.get("reason") or report.get("reason") or ("" if newest else "offline")
    answer = seen | {"reason": reason, "trouble": str(cameras_words.BLIND.get(reason, "")), "age_s": None}
    if newest:
        answer["age_s"] = max(0.0, (datetime.now(UTC) - datetime.fromisoformat(seen["at"])).total_seconds())
    response = JsonResponse(answer)
    response.headers["Cache-Control"] = CACHE
    return response
