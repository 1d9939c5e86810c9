"""An agency that enforces a bylaw, and a case file of a breach that a camera recorded."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User

from discipline.incidents.case_file import changes
from discipline.incidents.case_file.changes import NewCase
from discipline.incidents.case_file.models import BylawArticle, CaseFile
from discipline.incidents.models import Incident
from discipline.incidents.tasks import changes as task_changes
from offices.access.models import Membership
from offices.places.models import Agency
from streams.cameras.models import Camera
from tests.support.base import MORNING, World, member
from tests.support.incidents import an_incident

REASON = "Pembuangan sampah di tepi sungai"


def enforcer(code: str = "satpolpp") -> Agency:
    """Return the agency with this code."""
    return Agency.objects.get_or_create(code=code, defaults={"name": "Satuan Polisi Pamong Praja"})[0]


def an_article(incident: Incident, agency: Agency) -> BylawArticle:
    """Return an article that incidents of this kind breach, in force for a year before them."""
    day = MORNING.date()
    article = BylawArticle.objects.create(
        bylaw="Perda Uji Nomor 1 Tahun 2020",
        article="Pasal 7",
        text="Setiap orang dilarang membuang sampah ke sungai.",
        enforcer=agency.code,
        valid_from=day - timedelta(days=365),
        source="Naskah di JDIH kota",
        certainty="read",
    )
    article.kinds.add(incident.kind)
    return article


def a_breach(world: World, agency: Agency, **more: Any) -> Incident:
    """Open an incident that Ani saw, and ask the agency to go there."""
    incident = an_incident(world, title="Sampah dibuang ke sungai", **more)
    task_changes.ask(incident, agency, "Periksa siapa yang membuang", world.ani, MORNING)
    return incident


def officer(agency: Agency, name: str = "sari") -> User:
    """Create somebody of the agency."""
    return member(name, Membership.Role.AGENCY, agency=agency)


def a_case(incident: Incident, agency: Agency, by: User, camera: Camera | None, moment: datetime = MORNING) -> CaseFile:
    """Open a case of the incident by an article of its own."""
    article = an_article(incident, agency)
    return changes.open_case(NewCase(incident, agency, article, camera, moment, REASON), by, MORNING)
