"""The demo's calls: one of 112 whose agency is late, another about the same, a prank and a silent one. All made up."""

from datetime import datetime

from discipline.incidents.calls import taking
from discipline.incidents.calls.models import CallOutcome, CallVia
from discipline.incidents.models import Incident, IncidentSource, IncidentType
from discipline.incidents.opening import NewIncident
from discipline.incidents.procedures.changes import tick
from discipline.incidents.tasks.changes import ask
from discipline.tools.demo.city.cast import MADE_UP, Cast
from discipline.tools.demo.city.incidents import MINUTE
from discipline.tools.demo.city.points import demo_points
from offices.places.models import Agency

KEY = "demo:112"  # of the incident that is opened first, which marks a database whose stories were seeded
POINT = "PLB-011"
LATE_MIN = 75  # Satpol PP had to accept it within half an hour


def were_seeded() -> bool:
    """Return whether the demo's stories were seeded in this database."""
    return Incident.objects.filter(source_key=KEY).exists()


def seed_calls(cast: Cast, now: datetime) -> None:
    """Take in calls; Satpol PP is asked about the first and has not answered."""
    pin = next(one for one in demo_points() if one.code == POINT)
    operator = cast.operator
    taking.record_nothing(CallOutcome.PRANK, operator, now - 3 * 60 * MINUTE)
    taking.record_nothing(CallOutcome.SILENT, operator, now - 2 * 60 * MINUTE)
    new = NewIncident(
        kind=IncidentType.objects.get(code="order"),
        title="Keributan pengamen di pelataran",
        description=f"Penelepon: sekelompok pengamen ribut dan memaksa pengunjung. {MADE_UP}",
        latitude=pin.latitude,
        longitude=pin.longitude,
        address=pin.name,
        happened_at=now - LATE_MIN * MINUTE,
        source=IncidentSource.CALL,
        source_key=KEY,
    )
    incident = taking.open_from_call(CallVia.EMERGENCY, new, operator, now - LATE_MIN * MINUTE)
    ask(incident, Agency.objects.get(code="satpolpp"), "Datangi dan tertibkan", operator, now - (LATE_MIN - 2) * MINUTE)
    tick(incident, 0, operator, now - (LATE_MIN - 1) * MINUTE)
    words = f"Masih ribut, belum ada petugas. {MADE_UP}"
    taking.add_to_incident(CallVia.TELEPHONE, words, incident, operator, now - 50 * MINUTE)
    taking.record_nothing(CallOutcome.PRANK, operator, now - 20 * MINUTE)
