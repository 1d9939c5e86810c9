"""A place of each kind with a camera: 35 Ilir's office, the kecamatan office above it and a street point."""

from dataclasses import dataclass

from discipline.board.street_points.models import WallScene
from offices.places.models import Agency, Counter, Place
from streams.cameras.models import Camera, Zone
from tests.support.base import SQUARE, World


def street_point(code: str = "T-001") -> Place:
    """Create and return a point below the Ampera bridge, run by Dishub."""
    agency, _ = Agency.objects.get_or_create(code="dishub", defaults={"name": "Dinas Perhubungan"})
    pin = {"latitude": -2.99, "longitude": 104.76}
    return Place.objects.create(kind=Place.Kind.POINT, point_code=code, point_name="Bawah Ampera", agency=agency, **pin)


def flood_scene() -> WallScene:
    """Return the wall's scene of floods, which a migration added."""
    return WallScene.objects.get(code="banjir")


def camera_at(place: Place, name: str = "Pintu") -> Camera:
    """Create and return a camera at the place."""
    return Camera.objects.create(place=place, name=name, url="rtsp://127.0.0.1:1/x")


@dataclass(frozen=True, slots=True)
class Kinds:
    """Cameras by the kind of their place, and the kecamatan office's counter, which its camera watches."""

    cameras: dict[str, Camera]
    loket: Counter

    @classmethod
    def around(cls, world: World) -> "Kinds":
        """Create the kecamatan office's counter and zone, the point and the cameras."""
        district = world.kecamatan["16.71.01"].place
        loket = Counter.objects.create(place=district, name="Loket Kecamatan")
        cameras = {
            Place.Kind.KELURAHAN.value: world.cameras[world.ilir35.pk],
            Place.Kind.KECAMATAN.value: camera_at(district),
            Place.Kind.POINT.value: camera_at(street_point()),
        }
        Zone.objects.create(camera=cameras["kecamatan"], subject=loket.subject, polygon=SQUARE)
        return cls(cameras, loket)
