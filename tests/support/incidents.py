"""An incident in the city, as an operator opens it, and a shift of the room."""

from datetime import datetime, timedelta
from typing import Any

from discipline.incidents.daily.models import DailyReport
from discipline.incidents.models import Incident, IncidentSource, IncidentType
from discipline.incidents.opening import NewIncident, open_incident
from discipline.incidents.room.changes import let_in
from discipline.incidents.room.models import RoomPass, RoomVisit
from discipline.incidents.shifts import changes
from discipline.incidents.shifts.models import Handover
from offices.access.gate import User
from offices.hours.schedule import local_day
from tests.support.base import MORNING, World


def incident_type(code: str) -> IncidentType:
    """Return a type that a migration added."""
    return IncidentType.objects.get(code=code)


def an_incident(world: World, **more: Any) -> Incident:
    """Open a flood below the Ampera bridge, seen by Ani, and return it. `more` are fields of NewIncident.

    Nobody has acknowledged one that another system opened (source=IncidentSource.SYSTEM).
    """
    known: dict[str, Any] = {
        "kind": incident_type("flood"),
        "title": "Genangan di bawah Ampera",
        "latitude": -2.99,
        "longitude": 104.76,
        "happened_at": MORNING,
        "source": IncidentSource.OPERATOR,
    }
    new = NewIncident(**(known | more))
    return open_incident(new, None if new.source is IncidentSource.SYSTEM else world.ani, MORNING)


def handed_over(chief: User, at: datetime = MORNING) -> Handover:
    """Begin the squad "Regu A" with this chief and hand it over eight hours later, at `at`."""
    changes.begin("Regu A", None, chief, at - timedelta(hours=8))
    return changes.hand_over("Pompa Sekip dijaga PUPR", chief, at)


def room_pass(world: World, at: datetime = MORNING, **more: Any) -> RoomPass:
    """Put a technician on the list of the room for the week from `at` on. `more` are fields of RoomPass."""
    known = {"name": "Rudi Hartono", "body": "PT Serat Optik", "reason": "Merawat dinding layar", "by": world.ani}
    days = {"first": local_day(at), "last": local_day(at + timedelta(days=6)), "at": at}
    return RoomPass.objects.create(**(known | days | more))


def a_room_visit(world: World, at: datetime = MORNING) -> RoomVisit:
    """Let the technician in at that time."""
    return let_in(room_pass(world, at), "Mengganti panel", world.ani, at)


def a_daily_report() -> DailyReport:
    """Store a daily report of the day that ended on Monday at 07.00 WIB."""
    until = MORNING.replace(hour=0)
    since = until - timedelta(days=1)
    return DailyReport.objects.create(since=since, until=until, made_at=until, pdf=b"%PDF-1.7", sha256="0" * 64)
