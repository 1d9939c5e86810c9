"""Where an item of the queue is seen: the address of a wall with the street points and offices nearest to it."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.urls import reverse

from discipline.alerts.models import Alert
from discipline.board.wall import POINTS
from discipline.incidents.finding import cameras_near
from discipline.incidents.models import IncidentCamera
from discipline.incidents.queue.items_rule import ItemKind
from discipline.incidents.queue.sources import source_of
from discipline.incidents.tasks.models import Task
from offices.access.gate import Scope
from offices.places.models import Place
from streams.looks.streets.models import StreetHint


def wall_of(scope: Scope, kind: ItemKind, number: int) -> str | None:
    """Return the address of the wall for an item, for somebody who sees the city; None when no camera is near it."""
    places = list(places_of(scope, kind, number))
    points = [one.code for one in places if one.kind == Place.Kind.POINT]
    offices = [one.code for one in places if one.kind == Place.Kind.KELURAHAN]
    if not points and not offices:
        above = next((one for one in places if one.kind == Place.Kind.KECAMATAN), None)
        return reverse("office-live", args=[above.code]) if above else None
    chosen = {"titik": ",".join(points), "kantor": ",".join(offices), "lihat": "" if offices else POINTS}
    return f"{reverse('wall')}?{urlencode({name: value for name, value in chosen.items() if value}, safe=',')}"


def places_of(scope: Scope, kind: ItemKind, number: int) -> Iterable[Place]:
    """Return the places from which an item is seen, the nearest first."""
    loaded = Place.objects.loaded()
    if kind is ItemKind.INCIDENT:
        return _of_incident(number)
    if kind is ItemKind.TASK:
        return _of_incident(Task.objects.filter(pk=number).values_list("incident", flat=True).first() or 0)
    if kind is ItemKind.HINT:
        return loaded.filter(pk__in=StreetHint.objects.filter(pk=number).values("camera__place"))
    if kind is ItemKind.INDICATION:
        found = Alert.objects.filter(pk=number).values_list("counter__place", "counter__kelurahan").first()
        place, kelurahan = found or (None, None)
        return loaded.filter(kelurahan=kelurahan) if kelurahan else loaded.filter(pk=place or 0)
    source = source_of(kind)
    pin = source.pin(scope, number) if source else None
    return dict.fromkeys(camera.place for camera, _metres in cameras_near(*pin)) if pin else ()


def _of_incident(number: int) -> list[Place]:
    """Return the places of its linked cameras, the nearest first, each once."""
    linked = IncidentCamera.objects.filter(incident=number, camera__enabled=True).order_by("metres", "pk")
    ids = list(dict.fromkeys(linked.values_list("camera__place", flat=True)))
    places = Place.objects.loaded().in_bulk(ids)
    return [places[one] for one in ids]
