"""Publish the demo's public street points, one of them closed by the operator."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from discipline.tools.demo.city.points import public_codes
from streams.cameras.models import Camera
from streams.live.public import closures
from streams.live.public.models import PublicPoint

CLOSED_CODE = "PLB-028"
CLOSED_REASON = "Contoh demo: tiang kamera diperbaiki, arahnya menyorot rumah warga"
CLOSED_FOR = timedelta(days=14)


def publish_points(cameras: Sequence[Camera], now: datetime) -> int:
    """Show the public points among those of the cameras, with live video; return how many are new.

    A point that the operator has opened or closed before stays as it is.
    """
    public = set(public_codes())
    held = set(PublicPoint.objects.values_list("place", flat=True))
    new = [one for one in cameras if one.place.point_code in public and one.place_id not in held]
    for camera in new:
        point = PublicPoint(place=camera.place, camera=camera, shown=True, live=True)
        closures.save_point(point, now)
        if camera.place.point_code == CLOSED_CODE:
            closures.close_point(point, closures.Cause.OPERATOR, CLOSED_REASON, now, until=now + CLOSED_FOR)
    return len(new)
