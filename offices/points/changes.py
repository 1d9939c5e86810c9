"""Write street points: the place, its details and the dated rows of its legal basis, each in one transaction."""

from dataclasses import dataclass

from django.db import models, transaction
from django.utils.translation import gettext as _

from offices.places.models import Agency, Place
from offices.points.models import Point


class PointInUse(Exception):
    """Raised with the words for the operator when something still hangs on a point. Nothing was deleted."""


@dataclass(frozen=True, slots=True)
class PointDetails:
    """All that the operator enters of a point, checked. At most one of the two proposers is set."""

    code: str
    name: str
    latitude: float
    longitude: float
    direction: int | None
    agency: Agency
    proposed_by_agency: Agency | None
    proposed_by_office: Place | None
    purposes: list[str]
    retention: str
    has_sign: bool


def details_of(place: Place) -> PointDetails | None:
    """Return the details of a stored point; None while it has none."""
    point: Point | None = getattr(place, "point", None)
    if point is None or place.agency is None or place.latitude is None or place.longitude is None:
        return None
    return PointDetails(
        place.point_code,
        place.point_name,
        place.latitude,
        place.longitude,
        point.direction,
        place.agency,
        point.proposed_by_agency,
        point.proposed_by_office,
        list(point.purposes),
        point.retention,
        point.has_sign,
    )


@transaction.atomic
def save_point(place: Place | None, details: PointDetails) -> Place:
    """Create the point, or change the one at `place`, and return its place. Raises IntegrityError for a taken code."""
    place = place or Place(kind=Place.Kind.POINT)
    place.point_code, place.point_name, place.agency = details.code, details.name, details.agency
    place.latitude, place.longitude = details.latitude, details.longitude
    place.save()
    values = {
        "direction": details.direction,
        "purposes": details.purposes,
        "proposed_by_agency": details.proposed_by_agency,
        "proposed_by_office": details.proposed_by_office,
        "retention": details.retention,
        "has_sign": details.has_sign,
    }
    Point.objects.update_or_create(place=place, defaults=values)
    return place


@transaction.atomic
def delete_point(place: Place) -> None:
    """Delete the point with its details. Raises PointInUse while a camera or a record refers to it."""
    locked = Place.objects.select_for_update().get(pk=place.pk, kind=Place.Kind.POINT)  # nothing can be added meanwhile
    if names := hanging_on(locked):
        raise PointInUse(_("Titik ini masih dipakai: %(names)s.") % {"names": ", ".join(names)})
    locked.delete()


def hanging_on(place: Place) -> list[str]:
    """Return the kinds of rows that refer to the place, in words.

    Rows that are details of it (one to one, deleted with it) don't count.
    """
    names = []
    for relation in Place._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel):
            continue
        if relation.one_to_one and relation.on_delete is models.CASCADE:
            continue
        model = relation.related_model
        if model._base_manager.filter(**{relation.field.name: place.pk}).exists():
            names.append(str(model._meta.verbose_name_plural))
    return sorted(set(names))
