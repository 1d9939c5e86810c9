"""What the record of an office says about a report that nobody served."""

from datetime import timedelta

import pytest

from discipline.complaints.seen_rule import CounterSeen, SeenOutcome, around, outcome_of
from discipline.staffing.day_strip import BREAK, EXCUSED, StripPiece
from discipline.staffing.rule import State
from tests.support.base import MORNING

C, S = CounterSeen, SeenOutcome


def pieces(*kinds: tuple[str, int, int]) -> list[StripPiece]:
    """Pieces from and to so many minutes after MORNING."""
    return [
        StripPiece("", "", str(kind), MORNING + timedelta(minutes=start), MORNING + timedelta(minutes=end))
        for kind, start, end in kinds
    ]


@pytest.mark.parametrize(
    ("day", "seen"),
    [
        ([(State.STAFFED, -60, 60)], C.STAFFED),
        ([(State.STAFFED, -60, -2), (State.ABSENT, -2, 1), (State.STAFFED, 1, 60)], C.EMPTY),
        ([(State.STAFFED, -60, -9), (State.GRACE, -9, 60)], C.EMPTY),
        ([(EXCUSED, -60, 60)], C.EXCUSED),
        ([(State.UNKNOWN, -60, 6), (State.STAFFED, 6, 60)], C.UNSEEN),
        ([(BREAK, -60, 9), (State.STAFFED, 9, 60)], C.STAFFED),
        ([(State.STAFFED, 60, 120)], C.CLOSED),  # hours before it opened
    ],
)
def test_one_counter_around_the_time(day: list[tuple[str, int, int]], seen: CounterSeen) -> None:
    assert around(pieces(*day), True, MORNING).mostly is seen


def test_a_turned_back_is_not_an_empty_counter() -> None:
    before, minute, after = pieces((State.STAFFED, -60, 0), (State.GRACE, 0, 1), (State.STAFFED, 1, 60))
    assert around([before, minute, after], True, MORNING).mostly is C.EMPTY
    glance = StripPiece("", "", str(State.GRACE), MORNING, MORNING + timedelta(seconds=30))
    assert around([before, glance, after], True, MORNING).mostly is C.STAFFED


def test_a_counter_that_nobody_watched_says_nothing() -> None:
    assert around(None, True, MORNING).mostly is C.UNSEEN
    assert around(None, False, MORNING).mostly is C.CLOSED


@pytest.mark.parametrize(
    ("counters", "indicated", "outcome"),
    [
        ([C.EMPTY, C.STAFFED], True, S.CONFIRMED),
        ([C.EMPTY, C.UNSEEN], False, S.EMPTY),
        ([C.EXCUSED, C.STAFFED], False, S.EXCUSED),
        ([C.STAFFED, C.UNSEEN], False, S.UNSEEN),
        ([C.STAFFED, C.CLOSED], False, S.CONTRADICTED),
        ([C.CLOSED, C.CLOSED], False, S.CLOSED),
        ([], False, S.UNSEEN),
    ],
)
def test_all_counters_together(counters: list[CounterSeen], indicated: bool, outcome: SeenOutcome) -> None:
    assert outcome_of(counters, indicated) is outcome
