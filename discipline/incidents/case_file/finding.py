"""Which cases a user may see, who may open one, and which articles and cameras are to choose from."""

from datetime import date

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from discipline.incidents.case_file.models import BylawArticle, CaseFile
from discipline.incidents.models import Incident
from discipline.incidents.state_rule import IncidentState
from discipline.incidents.tasks.models import Task
from discipline.incidents.tasks.state_rule import TaskState
from offices.access.gate import Scope
from offices.hours.schedule import local_day
from offices.places.models import Agency, Place
from streams.cameras.models import Camera

NO_BREACH = (IncidentState.UNFOUNDED.value, IncidentState.DUPLICATE.value)
DROPPED = tuple(state.value for state in TaskState if state.dropped)


def cases_in(scope: Scope) -> QuerySet[CaseFile]:
    """Return the cases in scope: those of the user's agency; for the inspectorate all."""
    cases = CaseFile.objects.select_related(
        "incident__kind",
        "incident__near__kecamatan",
        "incident__place__kelurahan",
        "incident__place__kecamatan",
        "agency",
        "article",
        "opened_by",
        "seen_by",
        "export__evidence__place",
    )
    return cases if scope.inspects else cases.filter(agency__in=scope.agencies)


def case_in(scope: Scope, pk: int) -> CaseFile:
    """Return the case. Raises Http404 if it is out of scope."""
    return get_object_or_404(cases_in(scope), pk=pk)


def keeps_cases(scope: Scope) -> bool:
    """Return whether the user may see cases at all: those of an agency that enforces an article, the inspectorate."""
    return scope.inspects or enforcers().filter(pk__in=scope.agencies).exists()


def enforcers() -> QuerySet[Agency]:
    """Return the agencies that enforce an article."""
    return Agency.objects.filter(code__in=BylawArticle.objects.order_by().values("enforcer"))


def articles_for(incident: Incident, day: date, agency: Agency | None = None) -> QuerySet[BylawArticle]:
    """Return the articles that incidents of its kind breach, in force on a local day, of one enforcing agency or any.

    A row whose first or last day is not known counts.
    """
    in_force = (Q(valid_from=None) | Q(valid_from__lte=day)) & (Q(valid_until=None) | Q(valid_until__gte=day))
    articles = BylawArticle.objects.filter(in_force, kinds=incident.kind_id)
    return articles.filter(enforcer=agency.code) if agency else articles


def agency_that_may_open(scope: Scope, incident: Incident) -> Agency | None:
    """Return the user's agency that may open a case of the incident: it has a task there and enforces an article.

    None if there is no such one, or the incident breaks nothing.
    """
    if incident.state in NO_BREACH:
        return None
    tasks = Task.objects.filter(incident=incident, agency__in=scope.agencies).exclude(state__in=DROPPED)
    codes = articles_for(incident, local_day(incident.happened_at)).order_by().values("enforcer")
    return Agency.objects.filter(pk__in=tasks.values("agency"), code__in=codes).order_by("pk").first()


def may_open_case(scope: Scope, incident: Incident) -> bool:
    """Return whether the user may open a case of the incident now: none of the agency's is open."""
    agency = agency_that_may_open(scope, incident) if scope.agencies else None
    return bool(agency) and not CaseFile.objects.filter(incident=incident, agency=agency, closed_at=None).exists()


def incident_for_case(scope: Scope, pk: int) -> tuple[Incident, Agency]:
    """Return the incident and the agency that may open a case of it. Raises Http404."""
    incident = get_object_or_404(Incident.objects.select_related("kind", "near__kecamatan"), pk=pk)
    agency = agency_that_may_open(scope, incident)
    if agency is None:
        raise Http404
    return incident, agency


def cameras_of(incident: Incident) -> QuerySet[Camera]:
    """Return the cameras of street points that are linked to the incident, the nearest first.

    Those of offices show staff and visitors, and are no ground of a case.
    """
    linked = incident.cameras.order_by().values("camera")
    return (
        Camera.objects.filter(pk__in=linked, place__kind=Place.Kind.POINT)
        .select_related("place__agency", "place__kelurahan", "place__kecamatan")
        .order_by("pk")
    )
