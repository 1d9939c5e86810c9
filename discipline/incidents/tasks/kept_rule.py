"""Which deadlines of a task were kept: when each was reached, and whether in time. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from discipline.incidents.tasks.deadline_rule import Deadline
from discipline.incidents.tasks.state_rule import TaskState

REACHED_BY = {  # a step may be left out: who is on the way has accepted the task
    Deadline.ACKNOWLEDGE: frozenset({TaskState.ACCEPTED, TaskState.UNDER_WAY, TaskState.ARRIVED, TaskState.DONE}),
    Deadline.ARRIVE: frozenset({TaskState.ARRIVED, TaskState.DONE}),
    Deadline.FINISH: frozenset({TaskState.DONE}),
}


def reached(
    steps: Iterable[tuple[TaskState, datetime]], clock_at: datetime, until: datetime
) -> dict[Deadline, datetime]:
    """Return when each deadline's work was first done after `clock_at` and before `until`; one not reached is missing.

    `steps`: states and when the officer did it.
    """
    counted = [(state, at) for state, at in steps if clock_at <= at < until]
    found: dict[Deadline, datetime] = {}
    for deadline, states in REACHED_BY.items():
        times = [at for state, at in counted if state in states]
        if times:
            found[deadline] = min(times)
    return found


def kept_or_missed(
    deadlines: Mapping[Deadline, datetime], done: Mapping[Deadline, datetime], since: datetime, until: datetime
) -> tuple[int, int]:
    """Return how many of the deadlines that fall into [since, until) were kept, and how many were missed."""
    due = [deadline for deadline, at in deadlines.items() if since <= at < until]
    kept = sum(deadline in done and done[deadline] <= deadlines[deadline] for deadline in due)
    return kept, len(due) - kept
