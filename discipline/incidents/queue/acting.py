"""What an operator does about an item from the queue: no incident, a task, a merge."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from discipline.incidents import steps
from discipline.incidents.models import Incident
from discipline.incidents.queue.changes import announce
from discipline.incidents.state_rule import IncidentState, IncidentStepRefused
from discipline.incidents.steps import StepWanted
from discipline.incidents.tasks import changes as task_changes
from offices.access.gate import User
from streams.looks.streets.models import StreetHint


@dataclass(frozen=True, slots=True)
class Seen:
    """An incident as the operator saw it. last_seen: the id of its newest step then."""

    incident: Incident
    last_seen: int


def end_as(state: IncidentState, seen: Seen, by: User, now: datetime, text: str, into: Incident | None = None) -> None:
    """End an incident as none, or as a duplicate of `into`, and cancel its tasks. Raises IncidentStepRefused."""
    with transaction.atomic():
        step = steps.take_step(seen.incident, StepWanted(state, seen.last_seen, text, duplicate_of=into), by, now)
        task_changes.cancel_waiting(seen.incident, str(step.get_state_display()), by, now)


def refuse_hint(number: int, by: User, now: datetime) -> None:
    """Store that a hint was wrong. Raises IncidentStepRefused when somebody has decided about it before."""
    waiting = StreetHint.objects.filter(pk=number, decision="")
    if not waiting.update(decision=StreetHint.Decision.NO.value, decided_by=by, decided_at=now):
        raise IncidentStepRefused(IncidentStepRefused.STALE)
    announce()


def newest_step(incident: Incident) -> int:
    """Return the id of the incident's newest step."""
    return incident.steps.order_by("-pk").values_list("pk", flat=True)[0]
