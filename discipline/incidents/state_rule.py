"""The states of an incident: which may follow which, and what each needs. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from discipline.core.codes import LabelledCode
from discipline.incidents.tasks.state_rule import TaskState


class IncidentState(LabelledCode):
    """From what was noticed to what was closed; the last three are other ends."""

    NEW = "new", _("Baru")
    ACKNOWLEDGED = "acknowledged", _("Diterima")
    TASKED = "tasked", _("Ditugaskan")
    UNDER_WAY = "under_way", _("Menuju lokasi")
    ON_SPOT = "on_spot", _("Di lokasi")
    HANDLED = "handled", _("Ditangani")
    VERIFIED = "verified", _("Diverifikasi")
    CLOSED = "closed", _("Ditutup")
    UNFOUNDED = "unfounded", _("Bukan kejadian")
    DUPLICATE = "duplicate", _("Duplikat")
    REFERRED = "referred", _("Bukan wewenang")

    @property
    def ended(self) -> bool:
        """Whether nothing more is to be done."""
        return self in ENDS


State = IncidentState
ENDS = frozenset({State.CLOSED, State.UNFOUNDED, State.DUPLICATE, State.REFERRED})
BY_TASKS = frozenset({State.TASKED, State.UNDER_WAY, State.ON_SPOT})  # set by the tasks alone
# By state: those that a person may set, and whether that needs a text. Only Refusal.check knows the other conditions.
_OTHER_ENDS = {State.UNFOUNDED: True, State.DUPLICATE: False, State.REFERRED: True}
_OPEN = {State.HANDLED: True, **_OTHER_ENDS}
_AGAIN = {State.ACKNOWLEDGED: True}
ALLOWED: dict[IncidentState, dict[IncidentState, bool]] = {
    State.NEW: {State.ACKNOWLEDGED: False, **_OTHER_ENDS},
    State.ACKNOWLEDGED: _OPEN,
    State.TASKED: _OTHER_ENDS,
    State.UNDER_WAY: _OTHER_ENDS,
    State.ON_SPOT: _OTHER_ENDS,
    State.HANDLED: {State.VERIFIED: False, **_AGAIN},
    State.VERIFIED: {State.CLOSED: False, **_AGAIN},
    State.CLOSED: _AGAIN,
    State.UNFOUNDED: _AGAIN,
    State.DUPLICATE: _AGAIN,
    State.REFERRED: _AGAIN,
}


class IncidentStepRefused(ValueError):
    """A step is not possible. The argument says why."""

    STATE, STALE, TEXT, SAME_PERSON, PHOTO, TARGET = "state", "stale", "text", "same_person", "photo", "target"


@dataclass(frozen=True, slots=True)
class Handled:
    """How an incident was handled: by whom (ids of users), and whether a photo shows it."""

    by: frozenset[int]
    has_photo: bool


def check_step(now: IncidentState, to: IncidentState, text: str, by: int, handled: Handled) -> None:
    """Raise IncidentStepRefused unless the user `by` (id) may set the state `to`.

    Who handled an incident does not verify it, and it is verified only with a photo.
    """
    allowed = ALLOWED[now]
    if to not in allowed:
        raise IncidentStepRefused(IncidentStepRefused.STATE)
    if allowed[to] and not text.strip():
        raise IncidentStepRefused(IncidentStepRefused.TEXT)
    if to is State.VERIFIED and by in handled.by:
        raise IncidentStepRefused(IncidentStepRefused.SAME_PERSON)
    if to is State.VERIFIED and not handled.has_photo:
        raise IncidentStepRefused(IncidentStepRefused.PHOTO)


def may_ask(now: IncidentState) -> bool:
    """Return whether an agency may be asked about an incident in this state."""
    return not now.ended and now not in (State.NEW, State.VERIFIED)


def state_by_tasks(now: IncidentState, tasks: Iterable[TaskState]) -> IncidentState:
    """Return the state of an incident, now in `now`, whose tasks have these states.

    Tasks that were declined or cancelled count for nothing: without others, somebody must ask again. An incident that
    has ended or was verified stays as it is.
    """
    if now.ended or now in (State.NEW, State.VERIFIED):
        return now
    counted = [task for task in tasks if not task.dropped]
    if not counted:
        return State.ACKNOWLEDGED if now in BY_TASKS else now
    if all(task is TaskState.DONE for task in counted):
        return State.HANDLED
    if any(task in (TaskState.ARRIVED, TaskState.DONE) for task in counted):
        return State.ON_SPOT
    if any(task is TaskState.UNDER_WAY for task in counted):
        return State.UNDER_WAY
    return State.TASKED
