"""The decision rule: confirming, excusing, calling a false alarm, taking back, and what then applies."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discipline.alerts.decisions.rule import DECISIONS, DecisionAct, check, deadline, reminder, standing, undoable
from discipline.core.dialogue import UNDO, Entry, NotAllowed, Side
from offices.hours.national import national_holidays

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
STEPS = st.lists(st.tuples(st.sampled_from(list(DecisionAct)), st.integers(0, 1200), st.booleans()), max_size=12)


def permitted_history(steps: list[tuple[DecisionAct, int, bool]]) -> tuple[list[Entry[DecisionAct]], datetime]:
    """Return the history of those steps that the rule permits, and the time of the last step."""
    history: list[Entry[DecisionAct]] = []
    now = NOON
    for act, later_s, with_text in steps:
        now += timedelta(seconds=later_s)
        side = Side.ASKED if act is DecisionAct.EXPLAINED else Side.DECIDER
        try:
            check(history, act, side, now, history[-1].id if history else None, "karena" if with_text else "")
        except NotAllowed:
            continue
        taken = undoable(history, now) if act is DecisionAct.UNDONE else None
        history.append(Entry(len(history) + 1, now, act, taken.id if taken else None))
    return history, now


@given(STEPS)
def test_taking_back_restores_exactly_what_stood_before(steps: list[tuple[DecisionAct, int, bool]]) -> None:
    history, now = permitted_history(steps)
    before = standing(history)
    act = next(act for act in DECISIONS if before is None or act is not before.what)
    check(history, act, Side.DECIDER, now, history[-1].id if history else None, "karena")
    decided = [*history, Entry(99, now, act)]
    assert undoable(decided, now + UNDO) == decided[-1]
    assert standing([*decided, Entry(100, now + UNDO, DecisionAct.UNDONE, undoes=99)]) == before


@given(STEPS)
def test_nothing_is_undone_twice_or_after_ten_minutes(steps: list[tuple[DecisionAct, int, bool]]) -> None:
    history, _ = permitted_history(steps)
    undone = [entry for entry in history if entry.what is DecisionAct.UNDONE]
    assert len({entry.undoes for entry in undone}) == len(undone)
    by_id = {entry.id: entry for entry in history}
    for entry in undone:
        taken = by_id[entry.undoes or 0]
        assert taken.what in DECISIONS
        assert entry.at - taken.at <= UNDO


@given(STEPS)
def test_who_saw_an_older_history_decides_nothing(steps: list[tuple[DecisionAct, int, bool]]) -> None:
    history, now = permitted_history(steps)
    for stale in [None, *(entry.id for entry in history)][: len(history)]:
        with pytest.raises(NotAllowed, match="stale"):
            check(history, DecisionAct.CONFIRMED, Side.DECIDER, now, stale, "karena")


@pytest.mark.parametrize("act", DecisionAct)
@pytest.mark.parametrize("side", Side)
def test_the_lurah_explains_and_the_camat_decides(act: DecisionAct, side: Side) -> None:
    history = [Entry(1, NOON, DecisionAct.EXCUSED)]
    if side is (Side.ASKED if act is DecisionAct.EXPLAINED else Side.DECIDER) and act is not DecisionAct.EXCUSED:
        check(history, act, side, NOON, 1, "karena")
    else:
        with pytest.raises(NotAllowed):
            check(history, act, side, NOON, 1, "karena")


def test_a_decision_taken_anew_says_why() -> None:
    history = [Entry(1, NOON, DecisionAct.CONFIRMED)]
    with pytest.raises(NotAllowed, match="needs_text"):
        check(history, DecisionAct.EXCUSED, Side.DECIDER, NOON, 1, "  ")
    check(history, DecisionAct.EXCUSED, Side.DECIDER, NOON, 1, "Surat izin menyusul")


def test_three_working_days_skip_the_weekend_and_the_holidays() -> None:
    off = national_holidays([2026])

    def works(day: date) -> bool:
        return day.weekday() < 5 and day not in off

    assert deadline(date(2026, 11, 23), works) == date(2026, 11, 26)  # Monday to Thursday
    assert deadline(date(2026, 11, 26), works) == date(2026, 12, 1)  # over a weekend
    # Cuti bersama on the 24th, Christmas on the 25th, then a weekend.
    assert deadline(date(2026, 12, 23), works) == date(2026, 12, 30)


def test_one_is_reminded_on_the_working_day_before() -> None:
    def works(day: date) -> bool:
        return day.weekday() < 5

    assert reminder(date(2026, 11, 26), works) == date(2026, 11, 25)
    assert reminder(date(2026, 11, 30), works) == date(2026, 11, 27)  # Friday for Monday


def test_an_office_that_never_works_still_has_an_end() -> None:
    assert deadline(date(2026, 11, 23), lambda _day: False) > date(2026, 12, 23)
