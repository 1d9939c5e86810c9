"""The deadlines of a task, and when somebody is notified of one. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from discipline.incidents.tasks.state_rule import TaskState


class Deadline(StrEnum):
    """What is due: the task accepted, somebody on the spot, the work done."""

    ACKNOWLEDGE = "acknowledge"
    ARRIVE = "arrive"
    FINISH = "finish"


class NoticeLevel(IntEnum):
    """Who is notified: the agency before the deadline, it and the room when it passes, the mayor long after it.

    With the room the camat is notified of a task of a kelurahan.
    """

    SOON = 1
    LATE = 2
    LONG_LATE = 3


# Of the time from the asking to the deadline: when each level is notified.
SHARE = {NoticeLevel.SOON: 0.75, NoticeLevel.LATE: 1.0, NoticeLevel.LONG_LATE: 2.0}


@dataclass(frozen=True, slots=True)
class ResponseMinutes:
    """Minutes from the asking within which a task is to be accepted, reached and done."""

    acknowledge: int
    arrive: int
    finish: int

    def at(self, asked_at: datetime) -> dict[Deadline, datetime]:
        """Return the deadlines of a task that was asked for then."""
        minutes = {Deadline.ACKNOWLEDGE: self.acknowledge, Deadline.ARRIVE: self.arrive, Deadline.FINISH: self.finish}
        return {deadline: asked_at + timedelta(minutes=number) for deadline, number in minutes.items()}


NEXT = {
    TaskState.ASKED: Deadline.ACKNOWLEDGE,
    TaskState.ACCEPTED: Deadline.ARRIVE,
    TaskState.UNDER_WAY: Deadline.ARRIVE,
    TaskState.ARRIVED: Deadline.FINISH,
}


@dataclass(frozen=True, slots=True)
class TaskNotice:
    """A notice that is due at `at` (aware)."""

    deadline: Deadline
    level: NoticeLevel
    at: datetime


def next_notice(
    state: TaskState, asked_at: datetime, deadlines: dict[Deadline, datetime], sent: tuple[Deadline, NoticeLevel] | None
) -> TaskNotice | None:
    """Return the notice that comes next while the task stays in this state; None when nothing is due any more.

    `sent` is the one that was queued last.
    """
    deadline = NEXT.get(state)
    if deadline is None or sent == (deadline, NoticeLevel.LONG_LATE):
        return None
    level = NoticeLevel(sent[1] + 1) if sent and sent[0] is deadline else NoticeLevel.SOON
    return TaskNotice(deadline, level, asked_at + SHARE[level] * (deadlines[deadline] - asked_at))


def is_late(state: TaskState, deadlines: dict[Deadline, datetime], now: datetime) -> bool:
    """Return whether the next deadline has passed."""
    deadline = NEXT.get(state)
    return deadline is not None and deadlines[deadline] <= now
