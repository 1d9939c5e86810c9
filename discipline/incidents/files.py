"""Who may read the files of incidents: whoever sees the incident or the task that they were attached to."""

from django.db.models import Q

from discipline.incidents.finding import incidents_in, tasks_in
from offices.access.gate import Scope


def readable(scope: Scope) -> Q:
    """Return a filter of Attachment for the files that the scope may read."""
    incidents = incidents_in(scope).select_related(None).values("pk")
    tasks = tasks_in(scope).select_related(None).values("pk")
    of_incident = Q(incident_step__incident__in=incidents) | Q(incident_note__incident__in=incidents)
    return of_incident | Q(task_step__task__in=tasks) | Q(task_step__task__incident__in=incidents)
