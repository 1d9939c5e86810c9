"""The demo's agencies with their duty telephones, and a flood that is being handled.

All is made up but the agencies.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from discipline.incidents.models import Incident, IncidentSource, IncidentType
from discipline.incidents.opening import NewIncident, open_incident
from discipline.incidents.procedures.changes import tick
from discipline.incidents.tasks.changes import ask
from discipline.incidents.tasks.models import AgencyDuty
from discipline.incidents.tasks.state_rule import TaskState
from discipline.tools.demo.city.cast import MADE_UP, ON_THE_WAY, Cast, work
from discipline.tools.demo.city.points import AGENCIES, demo_points
from offices.access.gate import User
from offices.places.models import Agency, Place

MORE_AGENCIES = {
    "bpbd": "Badan Penanggulangan Bencana Daerah",
    "damkar": "Dinas Pemadam Kebakaran dan Penyelamatan",
}
HANDLED_BY = {  # by the code of the type
    "flood": ("bpbd", "dpupr", "dishub"),
    "traffic": ("dishub", "polrestabes"),
    "rubbish": ("dlh", "satpolpp"),
    "crime": ("polrestabes",),
    "racing": ("polrestabes", "dishub"),
    "fire": ("damkar",),
    "order": ("satpolpp",),
    "service": ("kominfo",),
}
DUTY_PHONE = "0711-555-01{number:02d}"  # of nobody
MINUTE = timedelta(minutes=1)
FLOODED = "PLB-004"  # a point without hints: the operator saw it


@dataclass(frozen=True, slots=True)
class StoryStart:
    """How a story begins. kind: the code of a type; point: that of a street point; key: of source_key, or ""."""

    kind: str
    title: str
    point: str
    source: IncidentSource = IncidentSource.OPERATOR
    key: str = ""


def seed_agencies() -> None:
    """Create the agencies that are missing, their duty telephones, and who handles which type of incident."""
    for number, (code, name) in enumerate((AGENCIES | MORE_AGENCIES).items(), start=1):
        agency, created = Agency.objects.get_or_create(code=code, defaults={"name": name})
        if created or not AgencyDuty.objects.filter(agency=agency).exists():
            AgencyDuty.objects.create(agency=agency, phone=DUTY_PHONE.format(number=number))
    for code, agencies in HANDLED_BY.items():
        kind = IncidentType.objects.filter(code=code, agencies=None).first()
        if kind:
            kind.agencies.set(Agency.objects.filter(code__in=agencies))


def seed_flood(cast: Cast, now: datetime) -> None:
    """Open a flood to which Dishub and BPBD are on the way, and which PUPR has accepted."""
    incident = opened(StoryStart("flood", "Genangan setinggi betis", FLOODED), cast.operator, now - 25 * MINUTE)
    for line in range(4):
        tick(incident, line, cast.operator, now - (24 - line) * MINUTE)
    for code, words, states in (
        ("dishub", "Alihkan lalu lintas", ON_THE_WAY),
        ("bpbd", "Siapkan pompa", ON_THE_WAY),
        ("dpupr", "Periksa saluran yang tersumbat", (TaskState.ACCEPTED,)),
    ):
        task = ask(incident, Agency.objects.get(code=code), words, cast.operator, now - 20 * MINUTE)
        if officer := cast.officers.get(code):
            work(task, officer, states, now - 18 * MINUTE, 4 * MINUTE, None)


def opened(
    start: StoryStart, by: User, at: datetime, *, words: str = "", happened_at: datetime | None = None
) -> Incident:
    """Open an incident at a street point and return it; where that point has no camera, at a pin. words: what is known.

    Its description says that it is made up. happened_at: None for `at`.
    """
    place = Place.objects.filter(point_code=start.point).first()
    pin = next(one for one in demo_points() if one.code == start.point)
    new = NewIncident(
        kind=IncidentType.objects.get(code=start.kind),
        title=start.title,
        description=f"{words}\n{MADE_UP}".strip(),
        latitude=pin.latitude,
        longitude=pin.longitude,
        address="" if place else pin.name,
        happened_at=happened_at or at,
        source=start.source,
        place=place,
        source_key=start.key,
    )
    return open_incident(new, by, at)
