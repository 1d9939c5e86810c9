"""Open incidents. The only writer of new rows of Incident."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from discipline.incidents.finding import cameras_near, nearest_kelurahan
from discipline.incidents.models import Incident, IncidentCamera, IncidentSource, IncidentStep, IncidentType
from discipline.incidents.privacy import update_closures
from discipline.incidents.queue.changes import announce
from discipline.incidents.state_rule import IncidentState
from offices.access.gate import User
from offices.places.models import Kelurahan, Place
from streams.cameras.models import Camera
from streams.looks.streets.models import StreetHint


@dataclass(frozen=True, slots=True)
class NewIncident:
    """What is known of an incident when it is opened. priority None: the usual one of the type.

    source_key identifies what it came from; "" for an eye or a call.
    """

    kind: IncidentType
    title: str
    latitude: float
    longitude: float
    happened_at: datetime
    source: IncidentSource
    description: str = ""
    address: str = ""
    place: Place | None = None
    priority: int | None = None
    source_key: str = ""
    sensitive: bool = False


def open_incident(new: NewIncident, by: User | None, now: datetime, *, acknowledged: bool = True) -> Incident:
    """Store an incident with its first step and the cameras near it, and return it.

    A source that has opened one before gets that one. by: who opens it, None for a system. An operator has acknowledged
    it by that; with `acknowledged` False, for everybody else, it waits for the room.
    """
    with transaction.atomic():
        if new.source_key and (known := Incident.objects.filter(source_key=new.source_key).first()):
            return known
        incident = Incident.objects.create(
            kind=new.kind,
            priority=new.priority or new.kind.priority,
            title=new.title,
            description=new.description,
            place=new.place,
            latitude=new.latitude,
            longitude=new.longitude,
            address=new.address,
            near=nearest_kelurahan(new.latitude, new.longitude, Kelurahan.objects.all()),
            source=new.source.value,
            source_key=new.source_key,
            happened_at=new.happened_at,
            opened_at=now,
            opened_by_id=by.pk if by else None,
            changed_at=now,
            sensitive=new.sensitive,
        )
        states = [IncidentState.NEW]
        if by and acknowledged:
            incident.state, incident.owner_id = IncidentState.ACKNOWLEDGED.value, by.pk
            incident.save(update_fields=["state", "owner"])
            states.append(IncidentState.ACKNOWLEDGED)
        IncidentStep.objects.bulk_create(
            IncidentStep(incident=incident, state=state.value, at=now, by_id=by.pk if by else None) for state in states
        )
        _link_cameras(incident)
        if by and new.source is IncidentSource.HINT:
            _confirm_hint(new.source_key, by, now)
        if incident.sensitive:
            update_closures(incident, now, by)
        announce()
    return incident


def _confirm_hint(key: str, by: User, now: datetime) -> None:
    """Store that the hint was right, about which nobody has decided: it no longer waits beside its incident."""
    number = key.partition(":")[2]
    if number.isascii() and number.isdigit():
        waiting = StreetHint.objects.filter(pk=int(number), decision="")
        waiting.update(decision=StreetHint.Decision.YES.value, decided_by=by, decided_at=now)


def _link_cameras(incident: Incident) -> None:
    """Link the cameras of the incident's own office or point, and those of street points near it."""
    own = Camera.objects.filter(place=incident.place, enabled=True) if incident.place_id else Camera.objects.none()
    metres = {camera.pk: distance for camera, distance in cameras_near(incident.latitude, incident.longitude)}
    metres |= dict.fromkeys(own.values_list("pk", flat=True), 0)
    IncidentCamera.objects.bulk_create(
        IncidentCamera(incident=incident, camera_id=camera, metres=distance) for camera, distance in metres.items()
    )
