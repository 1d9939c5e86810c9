"""The states of an agency's task: which may follow which, and what each needs. Pure."""

from django.utils.translation import gettext_lazy as _

from discipline.core.codes import LabelledCode


class TaskState(LabelledCode):
    """From what was asked to what was done; the last two end a task without that."""

    ASKED = "asked", _("Menunggu diterima")
    ACCEPTED = "accepted", _("Diterima")
    UNDER_WAY = "under_way", _("Menuju lokasi")
    ARRIVED = "arrived", _("Di lokasi")
    DONE = "done", _("Selesai")
    DECLINED = "declined", _("Ditolak")
    CANCELLED = "cancelled", _("Dibatalkan")

    @property
    def dropped(self) -> bool:
        """Whether it ended without having been done."""
        return self in (TaskState.DECLINED, TaskState.CANCELLED)

    @property
    def waits(self) -> bool:
        """Whether the agency has something to do."""
        return not self.dropped and self is not TaskState.DONE


# By state: those that the agency may set next, and whether that needs a text. A step may be left out: an officer who
# reports from the spot was under way.
BY_AGENCY: dict[TaskState, dict[TaskState, bool]] = {
    TaskState.ASKED: {
        TaskState.ACCEPTED: False,
        TaskState.UNDER_WAY: False,
        TaskState.ARRIVED: False,
        TaskState.DECLINED: True,
    },
    TaskState.ACCEPTED: {TaskState.UNDER_WAY: False, TaskState.ARRIVED: False, TaskState.DECLINED: True},
    TaskState.UNDER_WAY: {TaskState.ARRIVED: False, TaskState.DECLINED: True},
    TaskState.ARRIVED: {TaskState.DONE: True},
    TaskState.DONE: {},
    TaskState.DECLINED: {},
    TaskState.CANCELLED: {},
}
# The same for the room: it cancels what was asked, and sends back what was not done well.
BY_ROOM: dict[TaskState, dict[TaskState, bool]] = {
    state: {TaskState.CANCELLED: True} if state.waits else {} for state in TaskState
} | {TaskState.DONE: {TaskState.ACCEPTED: True}}


class TaskStepRefused(ValueError):
    """A step is not possible. The argument says why."""

    STATE, TEXT, PHOTO = "state", "text", "photo"


def check_task_step(now: TaskState, to: TaskState, text: str, *, by_agency: bool, has_photo: bool) -> None:
    """Raise TaskStepRefused unless the agency, or the room, may set the state `to`. DONE needs a photo."""
    allowed = (BY_AGENCY if by_agency else BY_ROOM)[now]
    if to not in allowed:
        raise TaskStepRefused(TaskStepRefused.STATE)
    if allowed[to] and not text.strip():
        raise TaskStepRefused(TaskStepRefused.TEXT)
    if to is TaskState.DONE and not has_photo:
        raise TaskStepRefused(TaskStepRefused.PHOTO)
