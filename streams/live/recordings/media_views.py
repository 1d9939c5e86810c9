"""Send what the player plays: a day's strip, playlists, parts of minute files, previews. Each picture is logged."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from offices.access.gate import scope_of
from streams.cameras.models import Camera
from streams.evidence.http_range import RangeNotSatisfiable, parse_range
from streams.evidence.recording import rights
from streams.evidence.recording.finished import ticks_of
from streams.evidence.recording.models import RecordedMinute
from streams.live import access_log, picture_gate
from streams.live.recordings import finding, preview, vod_rule

CACHE = "private, no-store"
LONGEST = timedelta(hours=1)  # of one playlist
MOST_BYTES = 16 << 20  # of one answer, which is held in memory
RETRY_S = "2"


@require_safe
def playlist(request: HttpRequest, pk: int, since: int, until: int) -> HttpResponseBase:
    """Send the playlist of a camera for a span of at most LONGEST, in seconds since 1970.

    400 for another span, 403 {"reason_needed", "give"} as camera-view.
    """
    camera = rights.recorded_camera(scope_of(request.user), pk)
    begins, ends = _moment(since), _moment(until)
    if not timedelta() < ends - begins <= LONGEST:
        return HttpResponse("The span must be positive and at most an hour.", status=400, content_type="text/plain")
    try:
        picture_gate.admit_recording(request.user, camera, begins, timezone.now())
    except picture_gate.ReasonNeeded:
        return _reason_needed(camera)
    minutes = [finding.playable(row) for row in finding.minutes_between(camera, begins, ends)]
    text = vod_rule.playlist(minutes, ticks_of(begins), ticks_of(ends))
    return HttpResponse(text, content_type="application/vnd.apple.mpegurl", headers={"Cache-Control": CACHE})


@require_safe
def minute(request: HttpRequest, pk: int, key: int) -> HttpResponseBase:
    """Send a part of a minute file, by the Range header. ?why= is a View.Why.

    404 when it is gone, 416 for a range outside of it or a part of more than MOST_BYTES.
    """
    camera = rights.recorded_camera(scope_of(request.user), pk)
    row = RecordedMinute.objects.filter(camera=camera.pk, pk=key).first()
    if row is None:
        raise Http404
    try:
        _log(request, camera, row.plays_from)
    except picture_gate.ReasonNeeded:
        return _reason_needed(camera)
    header = request.headers.get("Range", "")
    try:
        part = parse_range(header, row.size)
    except RangeNotSatisfiable:
        return _outside(row)
    first, last = part or (0, row.size - 1)
    if last - first >= MOST_BYTES:
        return _outside(row)
    data = _read(Path(settings.RECORDING_DIR) / row.path, first, last)
    headers = {"Cache-Control": CACHE, "Accept-Ranges": "bytes", "ETag": f'"{row.sha256}"'}
    if part:
        headers["Content-Range"] = f"bytes {first}-{last}/{row.size}"
    return HttpResponse(data, status=206 if part else 200, content_type="video/mp4", headers=headers)


@require_safe
def still(request: HttpRequest, pk: int, at: int) -> HttpResponseBase:
    """Send a small still of a moment, in seconds since 1970; 404 where nothing was recorded, 503 while too many ask."""
    camera, moment = rights.recorded_camera(scope_of(request.user), pk), _moment(at)
    found = preview.preview_at(camera, moment)
    if found is None:
        raise Http404
    try:
        _log(request, camera, found.minute.plays_from)
    except picture_gate.ReasonNeeded:
        return _reason_needed(camera)
    try:
        jpeg = preview.jpeg_of(found)
    except preview.Busy:
        return HttpResponse(status=503, headers={"Retry-After": RETRY_S, "Cache-Control": CACHE})
    if jpeg is None:
        raise Http404
    response = HttpResponse(jpeg, content_type="image/jpeg", headers={"ETag": f'"{found.tag}"'})
    answer = get_conditional_response(request, etag=f'"{found.tag}"', response=response) or response
    answer.headers["Cache-Control"] = CACHE
    return answer


@require_safe
def strip(request: HttpRequest, pk: int, day: str) -> HttpResponseBase:
    """Send when the camera was recorded on a day (WIB, ISO) and why it was not in between.

    {"begins", "stretches": [[from, until, what], …]}, in seconds since 1970; `what` as in RecordedStretch.
    """
    camera = rights.recorded_camera(scope_of(request.user), pk)
    asked = finding.day_of(day)
    if asked is None:
        raise Http404
    found = finding.strip_of(camera, asked, timezone.now())
    stretches = [[round(one.starts_at.timestamp(), 3), round(one.ends_at.timestamp(), 3), one.what] for one in found]
    answer = {"begins": round(asked.begins.timestamp()), "stretches": stretches}
    return JsonResponse(answer, headers={"Cache-Control": CACHE})


def _log(request: HttpRequest, camera: Camera, recorded_at: datetime) -> None:
    why = access_log.asked_why(request.GET.get("why", ""))
    access_log.log_recording(request.user, camera, recorded_at, timezone.now(), why)


def _moment(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        raise Http404 from None


def _reason_needed(camera: Camera) -> HttpResponseBase:
    answer = {"reason_needed": True, "give": reverse("recording-reason", args=[camera.pk])}
    return JsonResponse(answer, status=403, headers={"Cache-Control": CACHE})


def _outside(row: RecordedMinute) -> HttpResponse:
    return HttpResponse(status=416, headers={"Content-Range": f"bytes */{row.size}", "Cache-Control": CACHE})


def _read(path: Path, first: int, last: int) -> bytes:
    """Return these bytes, both included. Raises Http404 when the file is gone or shorter."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        raise Http404 from None
    try:
        data = os.pread(descriptor, last - first + 1, first)
    finally:
        os.close(descriptor)
    if len(data) != last - first + 1:
        raise Http404
    return data
