"""Which cameras are recorded, and by which class of place they are kept."""

from collections.abc import Iterable
from datetime import date

from offices.places.models import Place
from offices.points.models import Point
from streams.cameras.models import Camera
from streams.evidence.recording.models import OFFICE, RetentionRule
from streams.evidence.recording.retention_rule import DatedDays, recorded_days


def dated_rules() -> list[DatedDays]:
    """Return all rules. One query."""
    rows = RetentionRule.objects.values_list("kept_as", "days", "since", "pk")
    return [DatedDays(*row) for row in rows]


def recorded_classes(cameras: Iterable[Camera], today: date) -> dict[int, str]:
    """Return the class of each of these cameras that is recorded, by its id. Two queries, and one for their places.

    A point whose details are not entered has no class, so it is not recorded.
    """
    recorded = recorded_days(dated_rules(), today)
    if not recorded:
        return {}
    place_of = {camera.pk: camera.place_id for camera in cameras if camera.place_id is not None}
    class_of = dict(Point.objects.filter(pk__in=set(place_of.values())).values_list("pk", "retention"))
    offices = Place.objects.filter(pk__in=set(place_of.values())).exclude(kind=Place.Kind.POINT)
    class_of.update(dict.fromkeys(offices.values_list("pk", flat=True), OFFICE))
    return {
        camera: class_of[place]
        for camera, place in place_of.items()
        if place in class_of and class_of[place] in recorded
    }
