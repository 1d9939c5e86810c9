"""The page on which a camera is steered."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from offices.access.gate import scope_of, within_places
from streams.cameras.models import Camera
from streams.control.steering import rights
from streams.control.steering.models import SteeringLog

LINES = 10  # of the log


@never_cache
@require_safe
def steering(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the camera live with what steers it. Raises PermissionDenied for those who may see but not steer it."""
    scope = scope_of(request.user)
    visible = Camera.objects.with_place().filter(within_places(scope, "place"), enabled=True)
    camera = get_object_or_404(visible, pk=pk)
    if not rights.priority_of(scope, camera, timezone.now()):
        raise PermissionDenied
    log = SteeringLog.objects.filter(camera=camera.pk).select_related("by", "from_whom")[:LINES]
    return render(request, "control/steering.html", {"camera": camera, "place": camera.place, "log": log})
