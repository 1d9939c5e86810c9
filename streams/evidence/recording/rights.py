"""Which cameras' recordings a user may see, hold and export."""

from django.db.models import QuerySet
from django.http import Http404

from offices.access.gate import Scope, within_places
from offices.places.models import Place
from streams.cameras.models import Camera


def recorded_cameras(scope: Scope) -> QuerySet[Camera]:
    """Return the cameras whose recordings the user may see, whether they have any or not, with their places.

    Those of street points are for all who see the point; those of offices show staff and visitors with their faces, as
    originals do, and are for the inspectorate.
    """
    cameras = Camera.objects.filter(within_places(scope, "place")).select_related(
        "place__kelurahan__kecamatan", "place__kecamatan", "place__agency"
    )
    return cameras if scope.inspects else cameras.filter(place__kind=Place.Kind.POINT)


def recorded_camera(scope: Scope, pk: int) -> Camera:
    """Return the camera. Raises Http404 when there is none, or its recordings are not the user's to see."""
    camera = recorded_cameras(scope).filter(pk=pk).first()
    if camera is None:
        raise Http404
    return camera


def may_keep(scope: Scope) -> bool:
    """Return whether the user may hold and export recordings that recorded_cameras has: operators and inspectors."""
    return scope.inspects or scope.operates
