"""Which incidents and tasks a user may see, which incidents may be the same one, and which cameras are near."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from discipline.incidents.models import Incident, IncidentType
from discipline.incidents.state_rule import ENDS
from discipline.incidents.tasks.models import Task
from discipline.incidents.tasks.state_rule import TaskState
from offices.access.gate import Scope
from offices.places.distance_rule import km_between
from offices.places.models import Kelurahan, Place
from offices.places.pins import within_square
from streams.cameras.models import Camera

NEAR_M = 600  # cameras at most so far from the pin are linked
MOST_CAMERAS = 6
LOADED = (
    "kind",
    "part_of",
    "near__kecamatan",
    "owner",
    "opened_by",
    "place__agency",
    "place__kelurahan",
    "place__kecamatan",
)


@dataclass(frozen=True, slots=True)
class Alike:
    """An open incident that may be the same one. metres, minutes: how far from it, and how long before or after."""

    incident: Incident
    metres: int
    minutes: int


def tasks_in(scope: Scope) -> QuerySet[Task]:
    """Return the tasks in scope: of the agency, of the kelurahan, of those of the kecamatan, or all of the city."""
    tasks = Task.objects.select_related("incident__kind", "agency", "kelurahan__kecamatan", "person", "asked_by")
    if scope.city:
        return tasks
    return tasks.filter(
        Q(agency__in=scope.agencies) | Q(kelurahan__in=scope.kelurahan) | Q(kelurahan__kecamatan__in=scope.kecamatan)
    )


def tasks_to_do(scope: Scope) -> QuerySet[Task]:
    """Return the tasks on which the user may act, and which wait."""
    own = Q(agency__in=scope.agencies) | Q(kelurahan__in=scope.kelurahan)
    return Task.objects.filter(own, state__in=[state.value for state in TaskState if state.waits])


def task_in(scope: Scope, pk: int) -> Task:
    """Return the task. Raises Http404 if it is out of scope."""
    return get_object_or_404(tasks_in(scope), pk=pk)


def may_act(scope: Scope, task: Task) -> bool:
    """Return whether the user may report steps of the task: somebody of its agency, the lurah of its kelurahan."""
    return task.agency_id in scope.agencies if task.agency_id else task.kelurahan_id in scope.kelurahan


def incidents_in(scope: Scope) -> QuerySet[Incident]:
    """Return the incidents in scope: all of the city, or those about which a task in scope asks."""
    incidents = Incident.objects.select_related(*LOADED)
    if scope.city:
        return incidents
    return incidents.filter(Exists(tasks_in(scope).select_related(None).filter(incident=OuterRef("pk"))))


def incident_in(scope: Scope, pk: int) -> Incident:
    """Return the incident. Raises Http404 if it is out of scope."""
    return get_object_or_404(incidents_in(scope), pk=pk)


def open_incidents(incidents: QuerySet[Incident]) -> QuerySet[Incident]:
    """Leave out those that have ended."""
    return incidents.exclude(state__in=[state.value for state in ENDS])


def alike(
    kind: IncidentType, latitude: float, longitude: float, happened_at: datetime, but: int | None = None
) -> list[Alike]:
    """Return the open incidents that may be the same one, the nearest first; `but`: the id of the incident itself.

    Of the same type, within the type's distance and time.
    """
    window = timedelta(minutes=kind.window_min)
    found = open_incidents(
        Incident.objects.filter(
            within_square(latitude, longitude, kind.radius_m),
            kind=kind,
            happened_at__range=(happened_at - window, happened_at + window),
        )
    )
    judged = [
        Alike(
            one,
            _metres(one.latitude, one.longitude, latitude, longitude),
            round(abs((one.happened_at - happened_at).total_seconds()) / 60),
        )
        for one in found.select_related(*LOADED)
        if one.pk != but
    ]
    return sorted((one for one in judged if one.metres <= kind.radius_m), key=lambda one: (one.metres, one.minutes))


def cameras_near(latitude: float, longitude: float) -> list[tuple[Camera, int]]:
    """Return the cameras of street points near the pin with their distance in metres, the nearest first."""
    around = within_square(latitude, longitude, NEAR_M, "place__")
    cameras = Camera.objects.filter(around, enabled=True, place__kind=Place.Kind.POINT).select_related("place__agency")
    measured = [(camera, _to(camera.place, latitude, longitude)) for camera in cameras]
    return sorted(((one, metres) for one, metres in measured if metres <= NEAR_M), key=_by_metres)[:MOST_CAMERAS]


def nearest_kelurahan(latitude: float, longitude: float, among: Iterable[Kelurahan]) -> Kelurahan | None:
    """Return the kelurahan whose office is nearest to the pin; None in a city without any."""
    return min(among, key=lambda one: km_between(latitude, longitude, one.latitude, one.longitude), default=None)


def _by_metres(one: tuple[Camera, int]) -> tuple[int, int]:
    return one[1], one[0].pk


def _to(place: Place, latitude: float, longitude: float) -> int:
    return _metres(place.latitude or 0.0, place.longitude or 0.0, latitude, longitude)


def _metres(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> int:
    return round(1000 * km_between(latitude, longitude, other_latitude, other_longitude))
