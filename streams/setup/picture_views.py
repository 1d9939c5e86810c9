"""Serve a camera's newest picture and what was detected in it to users who may see its office, and ask for a reason."""

from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from offices.access.gate import scope_of, within_places
from streams.cameras import words as cameras_words
from streams.cameras.models import Camera
from streams.live import access_log, picture_gate
from streams.source import newest_picture

CACHE = "private, no-store"


def _camera(request: HttpRequest, pk: int) -> Camera:
    """Return the camera. Raises Http404, also when it is out of the user's scope."""
    visible = Camera.objects.filter(within_places(scope_of(request.user), "place"), pk=pk)
    camera = visible.select_related("place__kelurahan", "place__kecamatan").first()
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
    """Send the newest JPEG, with its time as ETag; 404 when there is none, 403 with a form when a reason is needed.

    ?why= is a View.Why.
    """
    camera = _camera(request, pk)
    newest = newest_picture.newest_picture(camera.pk)
    if newest is None:
        raise Http404
    try:
        why = access_log.asked_why(request.GET.get("why", ""))
        access_log.log_picture(request.user, camera, timezone.now(), why)
    except picture_gate.ReasonNeeded:
        return _reason_page(request, camera, 403)
    jpeg, view = newest
    return _with_etag(request, HttpResponse(jpeg, content_type="image/jpeg"), view["at"])


@require_safe
def view(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send what was detected in the newest picture, its age in seconds, and the camera's trouble in words.

    {"at", "age_s", "width", "height", "boxes", "zones", "reason", "trouble"}; `at` is None without a picture. It tells
    where people stand, so it is guarded and logged like the picture: 403 {"reason_needed", "give"} when the office is
    closed, with the address at which a reason is given.
    """
    camera, now = _camera(request, pk), timezone.now()
    newest = newest_picture.newest_picture(camera.pk)
    try:
        if newest:
            access_log.log_picture(request.user, camera, now)
        else:
            picture_gate.admit(request.user, camera, now)
    except picture_gate.ReasonNeeded:
        refusal = {"reason_needed": True, "give": reverse("camera-reason", args=[camera.pk])}
        return JsonResponse(refusal, status=403, headers={"Cache-Control": CACHE})
    report = newest_picture.read_health().get(camera.pk, {})
    seen: dict[str, Any] = dict(newest[1]) if newest else {"at": None, "boxes": [], "zones": []}
    reason = seen.get("reason") or report.get("reason") or ("" if newest else "offline")
    answer = seen | {"reason": reason, "trouble": str(cameras_words.BLIND.get(reason, "")), "age_s": None}
    if newest:
        answer["age_s"] = max(0.0, (datetime.now(UTC) - datetime.fromisoformat(seen["at"])).total_seconds())
    response = JsonResponse(answer)
    response.headers["Cache-Control"] = CACHE
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reason(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask why the user views the closed office; on POST remember it and go back to `next`, or show what is wrong."""
    camera = _camera(request, pk)
    if request.method != "POST":
        return _reason_page(request, camera)
    try:
        picture_gate.give_reason(request.user, [camera.place_id], request.POST.get("reason", ""), timezone.now())
    except picture_gate.ReasonNeeded as needed:
        return _reason_page(request, camera, 422, needed.messages[0])
    return redirect(_back(request, camera))


def _back(request: HttpRequest, camera: Camera) -> str:
    """Return the address to go back to: ?next= or that of the form if it is on this site, else the office's page."""
    back = request.POST.get("next") or request.GET.get("next", "")
    if back and url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        return back
    return reverse("office", args=[camera.kelurahan.code]) if camera.kelurahan else reverse("board")


def _reason_page(request: HttpRequest, camera: Camera, status: int = 200, problem: str = "") -> HttpResponse:
    context = {
        "camera": camera,
        "back": _back(request, camera),
        "problem": problem,
        "typed": request.POST.get("reason", ""),
    }
    response = render(request, "live/reason.html", context, status=status)
    response.headers["Cache-Control"] = CACHE
    return response
