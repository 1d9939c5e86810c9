"""Street points with the state of their cameras."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from offices.places.models import Place
from offices.points.models import Point, Purpose
from streams.cameras.models import Camera
from streams.cameras.troubles.models import CameraTrouble
from streams.setup import camera_health
from streams.setup.camera_health import ORDER, CameraCondition
from streams.source import newest_picture


@dataclass(slots=True)
class ListedPoint:
    """A point with its cameras, the one that needs most attention first. `since`: the begin of that one's trouble."""

    place: Place
    cameras: list[CameraCondition] = field(default_factory=list)
    since: datetime | None = None

    @property
    def purposes(self) -> list[str]:
        """What the point is watched for, in words; empty while it has no details."""
        details: Point | None = getattr(self.place, "point", None)
        return [str(Purpose(one).label) for one in details.purposes] if details else []

    @property
    def worst(self) -> CameraCondition | None:
        """The camera that needs most attention; None without a camera."""
        return self.cameras[0] if self.cameras else None


def with_cameras(places: Iterable[Place], now: datetime) -> list[ListedPoint]:
    """Return the points in their order, with the conditions of their cameras. Two queries."""
    listed = {place.pk: ListedPoint(place) for place in places}
    reports = newest_picture.read_health()
    for camera in Camera.objects.with_place().filter(place__in=listed).order_by("name"):
        listed[camera.place_id].cameras.append(camera_health.condition(camera, reports.get(camera.pk, {}), now))
    for point in listed.values():
        point.cameras.sort(key=lambda one: ORDER.index(one.group))
    ill = {
        one.worst.camera.pk: one for one in listed.values() if one.worst and one.worst.group == camera_health.TROUBLE
    }
    for trouble in CameraTrouble.objects.filter(camera__in=ill, ended_at=None):
        ill[trouble.camera_id].since = trouble.since
    return list(listed.values())
