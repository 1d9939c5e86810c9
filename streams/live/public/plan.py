"""Which cameras are shown to the public now: `watch` asks with each heartbeat."""

from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from offices.places.models import Place
from streams.cameras.addresses import stream_of, tidy_address
from streams.cameras.models import Camera
from streams.live.public.models import PublicClosure, PublicPoint
from streams.source.hls.public_folder import PublicFolder
from streams.source.hls.writer import PublicStream


def folder() -> PublicFolder:
    """Return the folder of what the public sees."""
    return PublicFolder(settings.HLS_FOLDER)


def open_closures(now: datetime) -> QuerySet[PublicClosure]:
    """Return the closures that hold at `now`."""
    return PublicClosure.objects.filter(Q(until=None) | Q(until__gt=now), ended_at=None, started_at__lte=now)


def shown_streams(now: datetime) -> dict[int, PublicStream]:
    """Return what is shown of each camera, by its id. Two queries.

    Each part of "never an interior" is asked again, although the database keeps it: the kind of the place, the
    camera's place, and that no office uses the same stream, however its address is written.
    """
    closed = open_closures(now).filter(point=OuterRef("pk"))
    points = PublicPoint.objects.filter(~Exists(closed), shown=True, place__kind=Place.Kind.POINT, camera__enabled=True)
    shown = [
        point
        for point in points.select_related("place", "camera")
        if point.camera and point.camera.place_id == point.place_id
    ]
    interiors = _office_streams() if shown else frozenset()
    return {
        point.camera.pk: PublicStream(point.place.point_code, point.live, point.delay_s, point.width)
        for point in shown
        if point.camera and not interiors & _streams(point.camera.url, point.camera.sub_url)
    }


def _office_streams() -> frozenset[str]:
    offices = Camera.objects.exclude(place__kind=Place.Kind.POINT).values_list("url", "sub_url")
    return frozenset().union(*(_streams(*addresses) for addresses in offices))


def _streams(*addresses: str) -> frozenset[str]:
    return frozenset(stream_of(tidy_address(address)) for address in addresses if address)
