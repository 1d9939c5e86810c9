"""What an operator does about an item from the queue: no incident, a task, a merge."""

from datetime import datetime

from django.db import transaction

from discipline.incidents import steps
from discipline.incidents.models import Incident
from discipline.incidents.queue.changes import announce
from discipline.incidents.state_rule import IncidentStepRefused
from discipline.incidents.steps import StepWanted
from discipline.incidents.tasks import changes as task_changes
from offices.access.gate import User
from streams.looks.streets.models import HintRefusal, StreetHint


def end(incident: Incident, wanted: StepWanted, by: User, now: datetime) -> None:
    """End an incident as none, or as a duplicate, and cancel its tasks. Raises IncidentStepRefused."""
    with transaction.atomic():
        step = steps.take_step(incident, wanted, by, now)
        task_changes.cancel_waiting(incident, str(step.get_state_display()), by, now)


def refuse_hint(number: int, why: HintRefusal, text: str, by: User, now: datetime) -> None:
    """Store that a hint is no incident, and why. Raises IncidentStepRefused when somebody has decided before."""
    refused = {"decision": StreetHint.Decision.NO.value, "refusal": why.value, "refusal_text": text}
    waiting = StreetHint.objects.filter(pk=number, decision="")
    if not waiting.update(**refused, decided_by=by, decided_at=now):
        raise IncidentStepRefused(IncidentStepRefused.STALE)
    announce()


def newest_step(incident: Incident) -> int:
    """Return the id of the incident's newest step."""
    return incident.steps.order_by("-pk").values_list("pk", flat=True)[0]
