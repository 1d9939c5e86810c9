"""What the log of steering says of a camera."""

from streams.cameras.models import Camera
from streams.control.steering.models import SteeringLog


def lines(camera: Camera) -> list[tuple[str, str | None, str | None]]:
    """Return each line: what happened, by whom, and from whom the camera was taken."""
    rows = SteeringLog.objects.filter(camera=camera.pk).order_by("pk")
    return list(rows.values_list("what", "by__username", "from_whom__username"))
