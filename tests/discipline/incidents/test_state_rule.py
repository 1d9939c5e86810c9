"""The states of incidents and of tasks."""

from hypothesis import given
from hypothesis import strategies as st

from discipline.incidents.state_rule import (
    ALLOWED,
    Handled,
    IncidentState,
    IncidentStepRefused,
    check_step,
    state_by_tasks,
)
from discipline.incidents.tasks.state_rule import BY_AGENCY, BY_ROOM, TaskState, TaskStepRefused, check_task_step
from tests.support.refusals import refusal

ANI, BUDI = 1, 2
NOBODY = Handled(frozenset(), False)
BY_BUDI = Handled(frozenset({BUDI}), True)


def refused(now: IncidentState, to: IncidentState, text: str = "sebab", by: int = ANI, how: Handled = BY_BUDI) -> str:
    return refusal(IncidentStepRefused, lambda: check_step(now, to, text, by, how))


def test_whoever_handled_an_incident_does_not_verify_it() -> None:
    assert refused(IncidentState.HANDLED, IncidentState.VERIFIED, by=BUDI) == IncidentStepRefused.SAME_PERSON
    assert refused(IncidentState.HANDLED, IncidentState.VERIFIED, by=ANI) == ""


def test_nothing_is_verified_without_a_photo() -> None:
    without = Handled(frozenset({BUDI}), False)
    assert refused(IncidentState.HANDLED, IncidentState.VERIFIED, how=without) == IncidentStepRefused.PHOTO


def test_nothing_is_closed_unless_it_was_verified() -> None:
    closing = [state for state in IncidentState if not refused(state, IncidentState.CLOSED)]
    assert closing == [IncidentState.VERIFIED]


def test_an_end_needs_a_reason_and_can_be_taken_back_with_one() -> None:
    for state in (IncidentState.UNFOUNDED, IncidentState.REFERRED):
        assert refused(IncidentState.NEW, state, text=" ") == IncidentStepRefused.TEXT
        assert refused(state, IncidentState.ACKNOWLEDGED) == ""
        assert refused(state, IncidentState.ACKNOWLEDGED, text="") == IncidentStepRefused.TEXT


def test_every_state_leads_to_an_end_and_back() -> None:
    for state in IncidentState:
        assert ALLOWED[state], state
    assert {state for state in IncidentState if state.ended} == {
        IncidentState.CLOSED,
        IncidentState.UNFOUNDED,
        IncidentState.DUPLICATE,
        IncidentState.REFERRED,
    }


def test_an_incident_follows_its_most_advanced_task_and_is_handled_when_all_are_done() -> None:
    asked, under_way, done = TaskState.ASKED, TaskState.UNDER_WAY, TaskState.DONE
    now = IncidentState.ACKNOWLEDGED
    assert state_by_tasks(now, [asked]) is IncidentState.TASKED
    assert state_by_tasks(now, [asked, under_way]) is IncidentState.UNDER_WAY
    assert state_by_tasks(now, [done, under_way]) is IncidentState.ON_SPOT
    assert state_by_tasks(now, [done, TaskState.CANCELLED]) is IncidentState.HANDLED
    assert state_by_tasks(IncidentState.TASKED, [TaskState.DECLINED]) is IncidentState.ACKNOWLEDGED


@given(st.sampled_from(IncidentState), st.lists(st.sampled_from(TaskState), max_size=4))
def test_tasks_never_end_verify_or_reopen_an_incident(now: IncidentState, tasks: list[TaskState]) -> None:
    state = state_by_tasks(now, tasks)
    assert not state.ended or state is now
    assert state is not IncidentState.VERIFIED or now is IncidentState.VERIFIED
    if now.ended:
        assert state is now


def test_a_task_is_done_on_the_spot_with_a_photo_and_words() -> None:
    def done(now: TaskState, text: str, photo: bool) -> str:
        return refusal(
            TaskStepRefused, lambda: check_task_step(now, TaskState.DONE, text, by_agency=True, has_photo=photo)
        )

    assert done(TaskState.ARRIVED, "Sudah surut", photo=True) == ""
    assert done(TaskState.ARRIVED, "Sudah surut", photo=False) == TaskStepRefused.PHOTO
    assert done(TaskState.ARRIVED, "", photo=True) == TaskStepRefused.TEXT
    assert done(TaskState.UNDER_WAY, "Sudah surut", photo=True) == TaskStepRefused.STATE


def test_the_room_cancels_what_waits_and_sends_back_what_was_done_and_nothing_else() -> None:
    assert {state for state in TaskState if TaskState.CANCELLED in BY_ROOM[state]} == {
        state for state in TaskState if state.waits
    }
    assert BY_ROOM[TaskState.DONE] == {TaskState.ACCEPTED: True}
    assert not any(TaskState.CANCELLED in allowed for allowed in BY_AGENCY.values())
