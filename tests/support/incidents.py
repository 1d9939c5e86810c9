"""An incident in the city, as an operator opens it."""

from typing import Any

from discipline.incidents.models import Incident, IncidentSource, IncidentType
from discipline.incidents.opening import NewIncident, open_incident
from tests.support.base import MORNING, World


def an_incident(world: World, **more: Any) -> Incident:
    """Open a flood below the Ampera bridge, seen by Ani, and return it. `more` are fields of NewIncident."""
    known: dict[str, Any] = {
        "kind": IncidentType.objects.get(code="flood"),
        "title": "Genangan di bawah Ampera",
        "latitude": -2.99,
        "longitude": 104.76,
        "happened_at": MORNING,
        "source": IncidentSource.OPERATOR,
    }
    return open_incident(NewIncident(**(known | more)), world.ani, MORNING)
