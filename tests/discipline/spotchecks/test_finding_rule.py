"""The states of a finding: answered, returned, accepted, withdrawn, and taken back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discipline.core.dialogue import UNDO, Entry, NotAllowed, Side
from discipline.spotchecks.findings.rule import DECISIONS, FindingAct, FindingStatus, check, status, undoable

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
STEPS = st.lists(st.tuples(st.sampled_from(list(FindingAct)), st.integers(0, 1200), st.booleans()), max_size=14)


def history_of(*acts: FindingAct) -> list[Entry[FindingAct]]:
    """Return the history of these acts, one a minute from noon; asserts that each is permitted."""
    history: list[Entry[FindingAct]] = []
    for minute, act in enumerate(acts):
        history = extended(history, act, NOON + timedelta(minutes=minute))
    return history


def extended(
    history: list[Entry[FindingAct]], act: FindingAct, now: datetime, text: str = "karena"
) -> list[Entry[FindingAct]]:
    side = Side.ASKED if act is FindingAct.ANSWERED else Side.DECIDER
    check(history, act, side, now, history[-1].id if history else None, text)
    taken = undoable(history, now) if act is FindingAct.UNDONE else None
    return [*history, Entry(len(history) + 1, now, act, taken.id if taken else None)]


def test_an_answer_is_returned_answered_again_and_accepted() -> None:
    history = history_of(FindingAct.ANSWERED, FindingAct.RETURNED, FindingAct.ANSWERED, FindingAct.ACCEPTED)
    where = [status(history[:n]) for n in range(5)]
    assert where == [
        FindingStatus.WAITING,
        FindingStatus.ANSWERED,
        FindingStatus.RETURNED,
        FindingStatus.ANSWERED,
        FindingStatus.ACCEPTED,
    ]


@pytest.mark.parametrize("act", DECISIONS)
def test_a_decision_is_taken_back_within_ten_minutes_and_not_later(act: FindingAct) -> None:
    history = history_of(FindingAct.ANSWERED, act)
    at = history[-1].at
    assert status(extended(history, FindingAct.UNDONE, at + UNDO)) is FindingStatus.ANSWERED
    with pytest.raises(NotAllowed, match=NotAllowed.TOO_LATE):
        extended(history, FindingAct.UNDONE, at + UNDO + timedelta(seconds=1))


def test_what_was_answered_after_it_is_not_undone_over_the_answer() -> None:
    history = history_of(FindingAct.ANSWERED, FindingAct.RETURNED, FindingAct.ANSWERED)
    with pytest.raises(NotAllowed, match=NotAllowed.NOTHING_TO_UNDO):
        extended(history, FindingAct.UNDONE, NOON + timedelta(minutes=4))


@pytest.mark.parametrize(
    "act", [FindingAct.ANSWERED, FindingAct.ACCEPTED, FindingAct.RETURNED, FindingAct.WITHDRAWN, FindingAct.EXTENDED]
)
@pytest.mark.parametrize("end", [FindingAct.ACCEPTED, FindingAct.WITHDRAWN])
def test_nothing_moves_what_is_closed(act: FindingAct, end: FindingAct) -> None:
    with pytest.raises(NotAllowed, match=NotAllowed.SAME):
        extended(history_of(FindingAct.ANSWERED, end), act, NOON + timedelta(minutes=3))


@pytest.mark.parametrize("act", [FindingAct.ACCEPTED, FindingAct.RETURNED])
def test_nobody_accepts_or_returns_what_was_not_answered(act: FindingAct) -> None:
    with pytest.raises(NotAllowed, match=NotAllowed.SAME):
        extended([], act, NOON)


@pytest.mark.parametrize("act", [FindingAct.ANSWERED, FindingAct.WITHDRAWN])
def test_an_answer_and_a_withdrawal_need_words(act: FindingAct) -> None:
    with pytest.raises(NotAllowed, match=NotAllowed.NEEDS_TEXT):
        extended([], act, NOON, text="  ")


@pytest.mark.parametrize("act", list(FindingAct))
@pytest.mark.parametrize("side", list(Side))
def test_each_side_says_its_own(act: FindingAct, side: Side) -> None:
    if side is (Side.ASKED if act is FindingAct.ANSWERED else Side.DECIDER):
        return
    with pytest.raises(NotAllowed, match=NotAllowed.ROLE):
        check(history_of(FindingAct.ANSWERED), act, side, NOON, 1, "karena")


def test_who_has_not_read_the_newest_word_reads_it_first() -> None:
    with pytest.raises(NotAllowed, match=NotAllowed.STALE):
        check(history_of(FindingAct.ANSWERED), FindingAct.ACCEPTED, Side.DECIDER, NOON, None, "")


@given(STEPS)
def test_a_finding_is_closed_by_its_checker_alone_and_undoing_restores_what_stood(
    steps: list[tuple[FindingAct, int, bool]],
) -> None:
    history: list[Entry[FindingAct]] = []
    now = NOON
    for act, later_s, with_text in steps:
        now += timedelta(seconds=later_s)
        before = status(history)
        try:
            history = extended(history, act, now, "karena" if with_text else "")
        except NotAllowed:
            assert status(history) is before
            continue
        if act in DECISIONS:
            assert status(extended(history, FindingAct.UNDONE, now)) is before
        if status(history).closed and not before.closed:
            assert act in (FindingAct.ACCEPTED, FindingAct.WITHDRAWN, FindingAct.UNDONE)
