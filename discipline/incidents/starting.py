"""What a new incident begins with, when it is opened at a point or office, or from a hint or an indication."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.shortcuts import get_object_or_404

from discipline.alerts.models import Alert
from discipline.incidents.models import Incident, IncidentSource
from offices.access.gate import Scope, within_offices, within_places
from offices.places.models import Kelurahan, Place
from streams.looks.streets.models import HintKind, StreetHint

KIND_OF_HINT = {HintKind.CONGESTION.value: "traffic", HintKind.WATER.value: "flood"}


@dataclass(frozen=True, slots=True)
class Start:
    """What is known. pin: latitude and longitude in degrees; known: the incident that its source opened before."""

    place: Place | None = None
    pin: tuple[float, float] | None = None
    source: IncidentSource | None = None
    source_key: str = ""
    initial: dict[str, Any] = field(default_factory=dict)
    known: Incident | None = None


def start_from(scope: Scope, query: Mapping[str, str]) -> Start:
    """Return what the address asks to begin with. Raises Http404 for what is out of scope."""
    if number := query.get("petunjuk"):
        return _from_hint(scope, number)
    if number := query.get("indikasi"):
        return _from_indication(scope, number)
    if code := query.get("titik"):
        return _at(get_object_or_404(_places(scope), point_code=code))
    if code := query.get("kantor"):
        offices = _places(scope).exclude(kind=Place.Kind.POINT)
        return _at(get_object_or_404(offices.filter(Q(kelurahan__code=code) | Q(kecamatan__code=code))))
    return Start()


def _from_hint(scope: Scope, number: str) -> Start:
    hints = StreetHint.objects.filter(within_places(scope, "camera__place")).select_related("camera__place")
    hint = get_object_or_404(hints, pk=_whole(number))
    title = f"{hint.get_kind_display()}: {hint.get_level_display()}"
    initial = {"kind": KIND_OF_HINT.get(hint.kind, "rubbish"), "title": title, "happened_at": hint.started_at}
    return _at(hint.camera.place, IncidentSource.HINT, f"hint:{hint.pk}", initial)


def _from_indication(scope: Scope, number: str) -> Start:
    return start_at_indication(indication_in(scope, _whole(number)))


def indication_in(scope: Scope, pk: int) -> Alert:
    """Return the indication with what its incident begins with. Raises Http404 if it is out of scope."""
    related = ("counter__kelurahan__kecamatan", "counter__place__kecamatan")
    return get_object_or_404(Alert.objects.filter(within_offices(scope, "counter")).select_related(*related), pk=pk)


def start_at_indication(alert: Alert) -> Start:
    """Return what an incident about an indication begins with."""
    title = f"{alert.get_kind_display()}, {alert.counter.name}"
    initial = {"kind": "service", "title": title[:120], "happened_at": alert.since}
    office = alert.counter.office
    own = {"kelurahan": office} if isinstance(office, Kelurahan) else {"pk": office.pk}
    return _at(Place.objects.loaded().get(**own), IncidentSource.INDICATION, f"indication:{alert.pk}", initial)


def _at(
    place: Place, source: IncidentSource | None = None, key: str = "", initial: dict[str, Any] | None = None
) -> Start:
    known = Incident.objects.filter(source_key=key).first() if key else None
    return Start(place, pin_of(place), source, key, initial or {}, known)


def pin_of(place: Place) -> tuple[float, float] | None:
    """Return the latitude and longitude of a place with its office or kecamatan loaded, None if nobody knows them."""
    if place.kelurahan:
        return place.kelurahan.latitude, place.kelurahan.longitude
    if place.latitude is not None and place.longitude is not None:
        return place.latitude, place.longitude
    return (place.kecamatan.latitude, place.kecamatan.longitude) if place.kecamatan else None


def _places(scope: Scope) -> Any:
    return Place.objects.loaded().filter(within_places(scope))


def _whole(number: str) -> int:
    """Return the number; 0, which no row has, for what is none."""
    return int(number) if number.isascii() and number.isdigit() and len(number) < 16 else 0
