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


class MonthState(StrEnum):
    DRAFT = "draft"
    REVIEWED = "reviewed"
    SIGNED = "signed"
    SENT = "sent"


class SignStep(StrEnum):
    """In the order in which a page offers them."""

    REVIEWED = "reviewed"
    SIGNED = "signed"
    ACKNOWLEDGED = "acknowledged"  # the newest amendment
    SENT = "sent"
    RETURNED = "returned"  # to draft


FINAL = (MonthState.SIGNED, MonthState.SENT)
ALLOWED_FROM: Mapping[SignStep, tuple[MonthState, ...]] = {
    SignStep.REVIEWED: (MonthState.DRAFT,),
    SignStep.RETURNED: (MonthState.REVIEWED,),
    SignStep.SIGNED: (MonthState.REVIEWED,),
    SignStep.SENT: (MonthState.SIGNED,),
    SignStep.ACKNOWLEDGED: FINAL,
}
RESULTING_STATE: Mapping[SignStep, MonthState] = {
    SignStep.REVIEWED: MonthState.REVIEWED,
    SignStep.RETURNED: MonthState.DRAFT,
    SignStep.SIGNED: MonthState.SIGNED,
    SignStep.SENT: MonthState.SENT,
}
ABOUT_NUMBERS = (SignStep.REVIEWED, SignStep.SIGNED)  # these say: I have seen these very numbers
BY_PASSWORD = (SignStep.SIGNED, SignStep.ACKNOWLEDGED)


class StepRefused(Exception):
    """Why a step can't be taken now: one of these."""

    ROLE, STALE, ORDER, NOT_OVER, RECOUNTING, EMPTY = "role", "stale", "order", "not_over", "recounting", "empty"
    NEEDS_TEXT, CHANGED, PASSWORD, TRIES, AWAY = "needs_text", "changed", "password", "tries", "away"

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class MonthStatus:
    """What the steps depend on. `last` is its last local day; `recounting`: some of it is not worked out yet;
    `amended`: its newest amendment waits to be acknowledged; `empty`: nothing was watched in it."""

    state: MonthState
    last: date
    recounting: bool = False
    empty: bool = False
    amended: bool = False

    def over(self, today: date) -> bool:
        return today > self.last


def next_state(step: SignStep, month: MonthStatus, today: date, text: str = "") -> MonthState:
    """The state after the step, or Refused. Who takes it is asked elsewhere."""
    if month.state not in ALLOWED_FROM[step] or (step is SignStep.ACKNOWLEDGED and not month.amended):
        raise StepRefused(StepRefused.ORDER)
    if step is SignStep.RETURNED and not text.strip():
        raise StepRefused(StepRefused.NEEDS_TEXT)
    if step in ABOUT_NUMBERS:
        if not month.over(today):
            raise StepRefused(StepRefused.NOT_OVER)
        if month.recounting:
            raise StepRefused(StepRefused.RECOUNTING)
        if month.empty:
            raise StepRefused(StepRefused.EMPTY)
    return RESULTING_STATE.get(step, month.state)


def possible_steps(month: MonthStatus, today: date) -> list[SignStep]:
    """The steps that could be taken now, given the words they ask for."""
    found = []
    for step in SignStep:
        try:
            next_state(step, month, today, "reason")
        except StepRefused:
            continue
        found.append(step)
    return found


def due_day(last: date, works: Callable[[date], bool]) -> date:
    """Until when a month that ends on `last` should be signed: the fifth working day after it."""
    day, left = last, WORKING_DAYS
    for _ in range(FARTHEST_DAYS):
        day += timedelta(days=1)
        left -= works(day)
        if left == 0:
            break
    return day
