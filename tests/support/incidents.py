"""An incident in the city, as an operator opens it, and a shift of the room."""

from datetime import datetime, timedelta
from typing import Any

from discipline.incidents.models import Incident, IncidentSource, IncidentType
from discipline.incidents.opening import NewIncident, open_incident
from discipline.incidents.shifts import changes
from discipline.incidents.shifts.models import Handover
from offices.access.gate import User
from tests.support.base import MORNING, World


def incident_type(code: str) -> IncidentType:
    """Return a type that a migration added."""
    return IncidentType.objects.get(code=code)


def an_incident(world: World, **more: Any) -> Incident:
    """Open a flood below the Ampera bridge, seen by Ani, and return it. `more` are fields of NewIncident."""
    known: dict[str, Any] = {
        "kind": incident_type("flood"),
        "title": "Genangan di bawah Ampera",
        "latitude": -2.99,
        "longitude": 104.76,
        "happened_at": MORNING,
        "source": IncidentSource.OPERATOR,
    }
    return open_incident(NewIncident(**(known | more)), world.ani, MORNING)


def handed_over(chief: User, at: datetime = MORNING) -> Handover:
    """Begin the squad "Regu A" with this chief and hand it over eight hours later, at `at`."""
    changes.begin("Regu A", None, chief, at - timedelta(hours=8))
    return changes.hand_over("Pompa Sekip dijaga PUPR", chief, at)
