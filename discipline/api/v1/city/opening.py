"""Open the incident that another system sent, once for each of its keys."""

import hashlib
from datetime import datetime, timedelta

from django.db import IntegrityError
from django.utils.translation import gettext as _

from discipline.api.access.tokens import Caller
from discipline.api.v1.city.reach import source_of
from discipline.api.v1.city.schemas import IncidentIn
from discipline.api.v1.problems import ApiProblem, unreadable_parameter
from discipline.incidents.finding import nearest_kelurahan
from discipline.incidents.models import Incident, IncidentSource, IncidentType
from discipline.incidents.opening import NewIncident, open_incident
from offices.places.models import Kelurahan
from offices.places.pins import CityPins

OLDEST = timedelta(days=30)
CLOCKS_DIFFER = timedelta(minutes=2)


def open_sent(caller: Caller, sent: IncidentIn, key: str, now: datetime) -> tuple[Incident, bool]:
    """Return the incident, and whether it is new. key: the Idempotency-Key.

    Raises ApiProblem 422 for what can't be, and 409 for a key under which something else was sent.
    """
    source_key = source_of(caller.client) + hashlib.sha256(key.encode(errors="surrogateescape")).hexdigest()[:32]
    if known := Incident.objects.filter(source_key=source_key).first():
        return _same(known, sent), False
    new = _checked(caller, sent, source_key, now)
    try:
        incident = open_incident(new, None, now)
    except IntegrityError:  # another request with the same key was quicker
        return _same(Incident.objects.get(source_key=source_key), sent), False
    return incident, True


def _checked(caller: Caller, sent: IncidentIn, source_key: str, now: datetime) -> NewIncident:
    kind = IncidentType.objects.filter(code=sent.kind, active=True).first()
    if kind is None:
        raise unreadable_parameter("kind", _("Jenis ini tidak ada."))
    if problem := CityPins.load().problem(sent.latitude, sent.longitude):
        raise unreadable_parameter("latitude", problem)
    near = nearest_kelurahan(sent.latitude, sent.longitude, Kelurahan.objects.all())
    if not caller.scope.city and not (near and caller.scope.sees(near)):
        raise unreadable_parameter("latitude", _("Di luar lingkup token ini."))
    if sent.happened_at > now + CLOCKS_DIFFER:
        raise unreadable_parameter("happened_at", _("Saat itu belum tiba."))
    if sent.happened_at < now - OLDEST:
        raise unreadable_parameter("happened_at", _("Paling lama 30 hari yang lalu."))
    return NewIncident(
        kind=kind,
        title=_clean("title", sent.title),
        latitude=sent.latitude,
        longitude=sent.longitude,
        happened_at=min(sent.happened_at, now),
        source=IncidentSource.SYSTEM,
        description=_clean("description", sent.description),
        address=_clean("address", sent.address),
        priority=sent.priority,
        source_key=source_key,
    )


def _clean(name: str, text: str) -> str:
    """Return the text without spaces around it. Raises ApiProblem 422 for one that PostgreSQL can't store."""
    if "\0" in text or (name == "title" and not text.strip()):
        raise unreadable_parameter(name, _("Tidak dapat dibaca."))
    return text.strip()


def _same(known: Incident, sent: IncidentIn) -> Incident:
    """Return the incident of a key. Raises ApiProblem 409 when what was sent is another one."""
    if (known.title, known.latitude, known.longitude) != (sent.title.strip(), sent.latitude, sent.longitude):
        raise ApiProblem(409, _("Idempotency-Key ini sudah dipakai untuk kejadian lain."))
    return known
