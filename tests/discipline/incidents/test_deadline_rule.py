"""The deadlines of tasks."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from discipline.incidents.tasks.deadline_rule import (
    NEXT,
    Deadline,
    NoticeLevel,
    ResponseMinutes,
    is_late,
    next_notice,
)
from discipline.incidents.tasks.state_rule import TaskState
from tests.support.base import MORNING

MINUTES = ResponseMinutes(acknowledge=20, arrive=60, finish=240)
DUE = MINUTES.at(MORNING)


def minutes_until(state: TaskState, sent: tuple[Deadline, NoticeLevel] | None) -> float:
    coming = next_notice(state, MORNING, DUE, sent)
    assert coming
    return (coming.at - MORNING).total_seconds() / 60


def test_an_agency_hears_before_a_deadline_the_room_when_it_passes_and_the_mayor_long_after() -> None:
    due = Deadline.ACKNOWLEDGE
    assert minutes_until(TaskState.ASKED, None) == 15
    assert minutes_until(TaskState.ASKED, (due, NoticeLevel.SOON)) == 20
    assert minutes_until(TaskState.ASKED, (due, NoticeLevel.LATE)) == 40
    assert next_notice(TaskState.ASKED, MORNING, DUE, (due, NoticeLevel.LONG_LATE)) is None


def test_a_task_that_goes_on_has_its_next_deadline() -> None:
    assert minutes_until(TaskState.ACCEPTED, (Deadline.ACKNOWLEDGE, NoticeLevel.LONG_LATE)) == 45
    assert minutes_until(TaskState.ARRIVED, (Deadline.ARRIVE, NoticeLevel.SOON)) == 180


@given(st.sampled_from(TaskState))
def test_only_a_task_that_waits_is_ever_late(state: TaskState) -> None:
    assert is_late(state, DUE, MORNING + timedelta(days=9)) == state.waits == (state in NEXT)
    assert not is_late(state, DUE, MORNING)
