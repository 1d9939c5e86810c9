"""Move incidents on, and write what else is known of them. The only writer of their state, steps and notes."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from discipline.core.models import Attachment
from discipline.incidents.models import Incident, IncidentNote, IncidentStep
from discipline.incidents.privacy import update_closures
from discipline.incidents.queue.changes import announce
from discipline.incidents.state_rule import Handled, IncidentState, IncidentStepRefused, check_step, state_by_tasks
from discipline.incidents.tasks.models import Task, TaskStep
from discipline.incidents.tasks.state_rule import TaskState
from offices.access.gate import User


@dataclass(frozen=True, slots=True)
class StepWanted:
    """A step that a person wants to take. last_seen: the id of the newest step on the page that they saw.

    duplicate_of: of DUPLICATE, the incident that stays.
    """

    state: IncidentState
    last_seen: int
    text: str = ""
    attachment: Attachment | None = None
    duplicate_of: Incident | None = None


def take_step(incident: Incident, wanted: StepWanted, by: User, now: datetime) -> IncidentStep:
    """Set the state of an incident and return the step. Raises IncidentStepRefused.

    Who acknowledges an incident owns it. An end cancels the tasks that wait (tasks.changes does, before).
    """
    assert by.pk is not None
    with transaction.atomic():
        locked = lock(incident)
        newest = locked.steps.order_by("-pk").first()
        if newest is None or newest.pk != wanted.last_seen:
            raise IncidentStepRefused(IncidentStepRefused.STALE)
        handled = handled_by(locked)
        if wanted.state is IncidentState.VERIFIED and wanted.attachment and is_photo(wanted.attachment):
            handled = Handled(handled.by, True)
        check_step(locked.status, wanted.state, wanted.text, by.pk, handled)
        if wanted.state is IncidentState.DUPLICATE:
            locked.duplicate_of = _checked_target(locked, wanted.duplicate_of)
        elif locked.duplicate_of_id:
            locked.duplicate_of = None
        if wanted.state is IncidentState.ACKNOWLEDGED:
            locked.owner_id = by.pk
        step = _write(locked, wanted.state, now, by, wanted.text.strip(), wanted.attachment)
        if locked.sensitive:
            update_closures(locked, now, by)
    return step


def follow_tasks(incident: Incident, now: datetime) -> None:
    """Set the state that follows from the incident's tasks, in the caller's transaction, which has locked it."""
    states = [TaskState(state) for state in incident.tasks.values_list("state", flat=True)]
    state = state_by_tasks(incident.status, states)
    if state is not incident.status:
        _write(incident, state, now, None, "", None)


def add_note(
    incident: Incident, text: str, by: User, now: datetime, attachment: Attachment | None = None
) -> IncidentNote:
    """Add a remark, with or without a file."""
    assert by.pk is not None
    with transaction.atomic():
        note = IncidentNote.objects.create(
            incident=incident, at=now, by_id=by.pk, text=text.strip(), attachment=attachment
        )
        Incident.objects.filter(pk=incident.pk).update(changed_at=now)
    return note


@dataclass(frozen=True, slots=True)
class Details:
    """What of an incident may change without a step. part_of: the larger incident that it belongs to, if any."""

    priority: int
    sensitive: bool = False
    part_of: Incident | None = None


def change(incident: Incident, details: Details, by: User, now: datetime) -> bool:
    """Change details, with a line of a note for each that differs; return whether any did.

    Deadlines of tasks stay as they were promised. Raises IncidentStepRefused for an incident as a part of itself, or of
    one that is a part.
    """
    priority, sensitive, part_of = details.priority, details.sensitive, details.part_of
    if part_of and (part_of.pk == incident.pk or part_of.part_of_id or incident.parts.exists()):
        raise IncidentStepRefused(IncidentStepRefused.TARGET)
    with transaction.atomic():
        locked, lines = lock(incident), []
        if locked.priority != priority:
            before, locked.priority = locked.get_priority_display(), priority
            lines.append(_("Prioritas: %(old)s → %(new)s") % {"old": before, "new": locked.get_priority_display()})
        if locked.sensitive != sensitive:
            locked.sensitive = sensitive
            lines.append(_("Siaran publik ditutup selama ditangani") if sensitive else _("Siaran publik dibuka lagi"))
        if locked.part_of_id != (part_of.pk if part_of else None):
            locked.part_of = part_of
            word = _("Bagian dari %(number)s") % {"number": part_of.number} if part_of else ""
            lines.append(word or _("Bukan lagi bagian dari kejadian lain"))
        if not lines:
            return False
        locked.save(update_fields=["priority", "sensitive", "part_of"])
        add_note(locked, "\n".join(lines), by, now)
        announce()
        update_closures(locked, now, by)
    return True


def lock(incident: Incident) -> Incident:
    """Return the incident, locked until the end of the transaction."""
    return Incident.objects.select_for_update(of=("self",)).select_related("kind").get(pk=incident.pk)


def handled_by(incident: Incident) -> Handled:
    """Return who handled the incident since it was last acknowledged, and whether a photo shows it."""
    begun = incident.steps.filter(state=IncidentState.ACKNOWLEDGED.value).order_by("-pk").values_list("at", flat=True)
    since = begun.first() or incident.opened_at
    own = incident.steps.filter(state=IncidentState.HANDLED.value, at__gte=since).select_related("attachment")
    done = TaskStep.objects.filter(
        task__in=Task.objects.filter(incident=incident, state=TaskState.DONE.value), state=TaskState.DONE.value
    ).select_related("attachment")
    steps: list[IncidentStep | TaskStep] = [*own, *done]
    return Handled(
        frozenset(step.by_id for step in steps if step.by_id),
        any(step.attachment and is_photo(step.attachment) for step in steps),
    )


def is_photo(attachment: Attachment) -> bool:
    """Return whether the file is a picture."""
    return attachment.media_type.startswith("image/")


def _checked_target(incident: Incident, other: Incident | None) -> Incident:
    """Return the incident that stays. Raises IncidentStepRefused without one, or when it is itself a duplicate."""
    if other is None or other.pk == incident.pk or other.duplicate_of_id:
        raise IncidentStepRefused(IncidentStepRefused.TARGET)
    return other


def _write(
    incident: Incident,
    state: IncidentState,
    now: datetime,
    by: User | None,
    text: str,
    attachment: Attachment | None,
) -> IncidentStep:
    incident.state, incident.changed_at = state.value, now
    incident.save(update_fields=["state", "changed_at", "owner", "duplicate_of"])
    announce()
    return IncidentStep.objects.create(
        incident=incident, state=state.value, at=now, by_id=by.pk if by else None, text=text, attachment=attachment
    )
