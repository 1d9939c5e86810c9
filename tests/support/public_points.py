"""A street point that the public sees."""

from typing import Any

from offices.places.models import Agency, Place
from offices.points.models import Point, PointBasis, Purpose
from streams.cameras.models import Camera
from streams.live.public.models import PublicPoint
from streams.live.public.seen import forget_views
from tests.support.base import MORNING
from tests.support.places import street_point

SECRET_HOST = "10.77.66.55"


def public_point(code: str = "T-001", url: str = f"rtsp://{SECRET_HOST}:554/kanal", **more: Any) -> PublicPoint:
    """Create and return a public point with all its details and a camera with a login; `more`: of PublicPoint."""
    place = Place.objects.filter(point_code=code).first() or street_point(code)
    agency = Agency.objects.get(code="dishub")
    details, _ = Point.objects.get_or_create(place=place, defaults={"purposes": [Purpose.TRAFFIC, Purpose.FLOOD]})
    basis = {"basis": "Perwali 1/2026", "controller": agency, "contact": "Dishub, 0711-123456"}
    PointBasis.objects.get_or_create(point=details, since=MORNING.date(), defaults=basis)
    camera = Camera.objects.create(
        place=place, name="Kamera tiang 9", url=url, username="kotarahasia", password="sandi9"
    )
    forget_views()
    values = {"shown": True, "live": True, "delay_s": 0, **more}
    return PublicPoint.objects.create(place=place, camera=camera, **values)
