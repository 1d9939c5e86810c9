"""Ask agencies, and record what they did. The only writer of Task and TaskStep."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from discipline.core.models import Attachment
from discipline.incidents import steps
from discipline.incidents.models import Incident
from discipline.incidents.queue.changes import announce
from discipline.incidents.state_rule import IncidentStepRefused, may_ask
from discipline.incidents.tasks import notices
from discipline.incidents.tasks.models import ResponseTime, Task, TaskStep
from discipline.incidents.tasks.state_rule import TaskState, check_task_step
from offices.access.gate import User
from offices.hours.schedule import local_day
from offices.places.models import Agency, Kelurahan

MOST_BACK_DATED_S = 24 * 3600  # a step that a phone sends later than that is dated when it arrives


class AskedAlready(ValueError):
    """The agency or kelurahan has a task of the incident that waits or was done."""


@dataclass(frozen=True, slots=True)
class TaskStepWanted:
    """A step that somebody wants to take. key: None for one that was not sent by a script of the page.

    happened_at: by the phone's clock, when the step is sent later.
    """

    state: TaskState
    text: str = ""
    attachment: Attachment | None = None
    key: UUID | None = None
    happened_at: datetime | None = None


def ask(incident: Incident, who: Agency | Kelurahan, instruction: str, by: User, now: datetime) -> Task:
    """Ask an agency or a kelurahan, and notify it. Raises IncidentStepRefused unless the incident is being worked on.

    Raises AskedAlready when it has been.
    """
    assert by.pk is not None
    with transaction.atomic():
        locked = steps.lock(incident)
        if not may_ask(locked.status):
            raise IncidentStepRefused(IncidentStepRefused.STATE)
        own = {"agency": who} if isinstance(who, Agency) else {"kelurahan": who}
        dropped = [state.value for state in TaskState if state.dropped]
        if locked.tasks.filter(**own).exclude(state__in=dropped).exists():
            raise AskedAlready
        task = Task(
            incident=locked,
            **own,
            instruction=instruction.strip(),
            asked_at=now,
            asked_by_id=by.pk,
        )
        task.start_clock(ResponseTime.minutes_for(locked.kind, locked.priority, local_day(now)), now)
        task.save()
        _write(task, TaskStepWanted(TaskState.ASKED, instruction.strip()), by, now)
        steps.follow_tasks(locked, now)
        notices.notify_asked(task, now)
    return task


def take_task_step(task: Task, wanted: TaskStepWanted, by: User, now: datetime, *, by_agency: bool) -> TaskStep:
    """Record a step of a task and return it; one whose key was recorded before is returned as it is.

    Whoever accepts a task, or begins with it, is its person. A task that is sent back gets new deadlines.
    Raises TaskStepRefused.
    """
    with transaction.atomic():
        incident = steps.lock(task.incident)
        locked = Task.objects.select_for_update(of=("self",)).select_related("agency", "kelurahan").get(pk=task.pk)
        if wanted.key and (known := TaskStep.objects.filter(task=locked, key=wanted.key).first()):
            return known
        photo = bool(wanted.attachment and steps.is_photo(wanted.attachment))
        check_task_step(locked.status, wanted.state, wanted.text, by_agency=by_agency, has_photo=photo)
        sent_back = locked.status is TaskState.DONE
        locked.state = wanted.state.value
        if by_agency and locked.person_id is None:
            locked.person_id = by.pk
        if sent_back:
            locked.start_clock(ResponseTime.minutes_for(incident.kind, incident.priority, local_day(now)), now)
        locked.plan_notice()
        locked.save()
        step = _write(locked, wanted, by, now)
        if not incident.status.ended:
            steps.follow_tasks(incident, now)
        notices.notify_step(step, sent_back=sent_back)
        announce()
    return step


def cancel_waiting(incident: Incident, text: str, by: User, now: datetime) -> None:
    """Cancel the tasks that wait, in the caller's transaction: the incident ends without them."""
    for task in incident.tasks.select_related("agency", "kelurahan", "incident"):
        if task.status.waits:
            take_task_step(task, TaskStepWanted(TaskState.CANCELLED, text), by, now, by_agency=False)


def _write(task: Task, wanted: TaskStepWanted, by: User, now: datetime) -> TaskStep:
    assert by.pk is not None
    happened_at = wanted.happened_at
    if happened_at is None or not 0 <= (now - happened_at).total_seconds() <= MOST_BACK_DATED_S:
        happened_at = now
    return TaskStep.objects.create(
        task=task,
        state=wanted.state.value,
        at=now,
        happened_at=happened_at,
        by_id=by.pk,
        text=wanted.text.strip(),
        attachment=wanted.attachment,
        key=wanted.key or uuid4(),
    )
