"""The page on which a camera is steered, and the pictures of its presets."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from offices.access.gate import scope_of, within_places
from streams.cameras.models import Camera
from streams.control.steering import rights
from streams.control.steering.models import PresetPicture, SteeringLog
from streams.live import access_log, picture_gate

LINES = 10  # of the log


@never_cache
@require_safe
def steering(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the camera live with what steers it. Raises PermissionDenied for those who may see but not steer it."""
    camera = _camera(request, pk, timezone.now())
    log = SteeringLog.objects.filter(camera=camera.pk).select_related("by", "from_whom")[:LINES]
    return render(request, "control/steering.html", {"camera": camera, "place": camera.place, "log": log})


@never_cache
@require_safe
def preset_picture(request: HttpRequest, pk: int, picture: int) -> HttpResponse:
    """Send what the camera showed at a preset, and log that.

    Raises PermissionDenied for those who may not steer it, and at a closed office without a reason.
    """
    now = timezone.now()
    camera = _camera(request, pk, now)
    found = get_object_or_404(PresetPicture, pk=picture, camera=camera)
    try:
        access_log.log_picture(request.user, camera, now)
    except picture_gate.ReasonNeeded as needed:
        raise PermissionDenied from needed
    return HttpResponse(bytes(found.jpeg), content_type="image/jpeg")


def _camera(request: HttpRequest, pk: int, now: datetime) -> Camera:
    scope = scope_of(request.user)
    visible = Camera.objects.with_place().filter(within_places(scope, "place"), enabled=True)
    camera = get_object_or_404(visible, pk=pk)
    if not rights.priority_of(scope, camera, now):
        raise PermissionDenied
    return camera
