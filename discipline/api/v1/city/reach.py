"""Which incidents, tasks and residents' reports a client reads: those of its areas and agencies."""

from django.db.models import Q, QuerySet

from discipline.api.access.models import ApiClient
from discipline.complaints.finding import complaints_in
from discipline.complaints.models import Complaint
from discipline.incidents.finding import LOADED, incidents_in, tasks_in
from discipline.incidents.models import Incident
from discipline.incidents.tasks.models import Task
from offices.access.gate import Scope


def source_of(client: ApiClient) -> str:
    """Return how the source_key of an incident begins that this client has opened."""
    return f"api:{client.pk}:"


def incidents_for(client: ApiClient, scope: Scope) -> QuerySet[Incident]:
    """Return the incidents in scope, as for people, and those that the client has opened."""
    seen = Q(pk__in=incidents_in(scope).values("pk")) | Q(source_key__startswith=source_of(client))
    return Incident.objects.filter(seen).select_related(*LOADED)


def tasks_for(scope: Scope) -> QuerySet[Task]:
    """Return the tasks in scope."""
    return tasks_in(scope)


def complaints_for(scope: Scope) -> QuerySet[Complaint]:
    """Return the reports in scope; never private ones."""
    return complaints_in(scope).filter(private=False)
