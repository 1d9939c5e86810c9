"""The demo's incidents: the agencies that handle them, whom to call there, and what they are doing now.

All of it is made up, but the agencies.
"""

from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User

from discipline.incidents.models import Incident, IncidentSource, IncidentType
from discipline.incidents.opening import NewIncident, open_incident
from discipline.incidents.tasks.changes import TaskStepWanted, ask, take_task_step
from discipline.incidents.tasks.models import AgencyDuty
from discipline.incidents.tasks.state_rule import TaskState
from discipline.tools.demo.city.points import AGENCIES
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


def seed_incidents(now: datetime) -> int:
    """Open a flood that is being handled and rubbish that nobody has taken yet; return how many, 0 if there are any."""
    operator = get_user_model().objects.filter(username="operator").first()
    if Incident.objects.exists() or operator is None:
        return 0
    flood = _open(operator, "flood", "Genangan setinggi betis", "flood", now - timedelta(minutes=25))
    rubbish = _open(operator, "rubbish", "Tumpukan sampah baru di tepi jalan", "rubbish", now - timedelta(minutes=9))
    officer = get_user_model().objects.filter(username="dishub").first()
    if flood and officer:
        asked_at = now - timedelta(minutes=22)
        task = ask(flood, Agency.objects.get(code="dishub"), "Alihkan lalu lintas", operator, asked_at)
        for minutes, state in ((18, TaskState.ACCEPTED), (12, TaskState.UNDER_WAY)):
            at = now - timedelta(minutes=minutes)
            take_task_step(task, TaskStepWanted(state), officer, at, by_agency=True)
        ask(flood, Agency.objects.get(code="bpbd"), "Siapkan pompa", operator, now - timedelta(minutes=5))
    if rubbish:
        ask(rubbish, Agency.objects.get(code="satpolpp"), "Periksa siapa yang membuang", operator, now)
    return sum(one is not None for one in (flood, rubbish))


def _open(operator: User, kind: str, title: str, purpose: str, at: datetime) -> Incident | None:
    """Open an incident at the first point with this purpose; None where the demo has no such point."""
    place = Place.objects.filter(point__purposes__contains=[purpose]).order_by("point_code").first()
    if place is None or place.latitude is None or place.longitude is None:
        return None
    new = NewIncident(
        kind=IncidentType.objects.get(code=kind),
        title=title,
        latitude=place.latitude,
        longitude=place.longitude,
        happened_at=at,
        source=IncidentSource.OPERATOR,
        place=place,
    )
    return open_incident(new, operator, at)
