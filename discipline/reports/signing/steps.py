"""A kecamatan's month on its way from draft to the mayor: which step may be taken when. Pure.

Draft → reviewed → signed → sent. What was reviewed may go back to draft, with a reason; after signing nothing goes
back: what changes then is an amendment, which is acknowledged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

WORKING_DAYS = 5  # of the next month, to sign in
FARTHEST_DAYS = 60  # no run of holidays is longer


class State(StrEnum):
    DRAFT = "draft"
    REVIEWED = "reviewed"
    SIGNED = "signed"
    SENT = "sent"


class Step(StrEnum):
    """In the order in which a page offers them."""

    REVIEWED = "reviewed"
    SIGNED = "signed"
    ACKNOWLEDGED = "acknowledged"  # the newest amendment
    SENT = "sent"
    RETURNED = "returned"  # to draft


FINAL = (State.SIGNED, State.SENT)
FROM: Mapping[Step, tuple[State, ...]] = {
    Step.REVIEWED: (State.DRAFT,),
    Step.RETURNED: (State.REVIEWED,),
    Step.SIGNED: (State.REVIEWED,),
    Step.SENT: (State.SIGNED,),
    Step.ACKNOWLEDGED: FINAL,
}
TO: Mapping[Step, State] = {
    Step.REVIEWED: State.REVIEWED,
    Step.RETURNED: State.DRAFT,
    Step.SIGNED: State.SIGNED,
    Step.SENT: State.SENT,
}
ABOUT_NUMBERS = (Step.REVIEWED, Step.SIGNED)  # these say: I have seen these very numbers
BY_PASSWORD = (Step.SIGNED, Step.ACKNOWLEDGED)


class Refused(Exception):
    """Why a step can't be taken now: one of these."""

    ROLE, STALE, ORDER, NOT_OVER, RECOUNTING, EMPTY = "role", "stale", "order", "not_over", "recounting", "empty"
    NEEDS_TEXT, CHANGED, PASSWORD, TRIES, AWAY = "needs_text", "changed", "password", "tries", "away"

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Month:
    """What the steps depend on. `last` is its last local day; `recounting`: some of it is not worked out yet;
    `amended`: its newest amendment waits to be acknowledged; `empty`: nothing was watched in it."""

    state: State
    last: date
    recounting: bool = False
    empty: bool = False
    amended: bool = False

    def over(self, today: date) -> bool:
        return today > self.last


def check(step: Step, month: Month, today: date, text: str = "") -> State:
    """The state after the step, or Refused. Who takes it is asked elsewhere."""
    if month.state not in FROM[step] or (step is Step.ACKNOWLEDGED and not month.amended):
        raise Refused(Refused.ORDER)
    if step is Step.RETURNED and not text.strip():
        raise Refused(Refused.NEEDS_TEXT)
    if step in ABOUT_NUMBERS:
        if not month.over(today):
            raise Refused(Refused.NOT_OVER)
        if month.recounting:
            raise Refused(Refused.RECOUNTING)
        if month.empty:
            raise Refused(Refused.EMPTY)
    return TO.get(step, month.state)


def possible(month: Month, today: date) -> list[Step]:
    """The steps that could be taken now, given the words they ask for."""
    found = []
    for step in Step:
        try:
            check(step, month, today, "reason")
        except Refused:
            continue
        found.append(step)
    return found


def due(last: date, works: Callable[[date], bool]) -> date:
    """Until when a month that ends on `last` should be signed: the fifth working day after it."""
    day, left = last, WORKING_DAYS
    for _ in range(FARTHEST_DAYS):
        day += timedelta(days=1)
        left -= works(day)
        if left == 0:
            break
    return day
