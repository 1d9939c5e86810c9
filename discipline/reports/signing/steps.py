"""The steps that take a kecamatan's month from draft to the mayor, and when each may be taken. Pure.

Draft → reviewed → signed → sent. A reviewed month may be returned to draft, with a reason. After signing there is no
way back: later changes become amendments, which are acknowledged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

WORKING_DAYS = 5  # after the end of the month, to sign it
FARTHEST_DAYS = 60  # bounds the search for working days


class MonthState(StrEnum):
    """How far a month is."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    SIGNED = "signed"
    SENT = "sent"


class SignStep(StrEnum):
    """A step of the camat; a page offers them in this order."""

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
ABOUT_NUMBERS = (SignStep.REVIEWED, SignStep.SIGNED)  # the user confirms the numbers that the page showed
BY_PASSWORD = (SignStep.SIGNED, SignStep.ACKNOWLEDGED)


class StepRefused(Exception):
    """A step can't be taken now; `why` is one of the class's constants."""

    ROLE, STALE, ORDER, NOT_OVER, RECOUNTING, EMPTY = "role", "stale", "order", "not_over", "recounting", "empty"
    NEEDS_TEXT, CHANGED, PASSWORD, TRIES = "needs_text", "changed", "password", "tries"

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class MonthStatus:
    """What the steps depend on; `last` is the month's last local day.

    `recounting`: some days are not counted yet; `empty`: there is no counter-day; `amended`: an amendment is not
    acknowledged.
    """

    state: MonthState
    last: date
    recounting: bool = False
    empty: bool = False
    amended: bool = False

    def over(self, today: date) -> bool:
        """Return whether the month has ended."""
        return today > self.last


def next_state(step: SignStep, month: MonthStatus, today: date, text: str = "") -> MonthState:
    """Return the state after the step; `text` is the reason that RETURNED needs. Raises StepRefused.

    The user's role is not checked here: see taking.may_sign.
    """
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
    """Return the steps that could be taken now, given a reason where one is needed."""
    possible = []
    for step in SignStep:
        try:
            next_state(step, month, today, "reason")
        except StepRefused:
            continue
        possible.append(step)
    return possible


def due_day(last: date, works: Callable[[date], bool]) -> date:
    """Return the day by which a month that ends on `last` should be signed: the fifth working day after it.

    `works` says whether a day is a working day. At most FARTHEST_DAYS after `last`.
    """
    day, left = last, WORKING_DAYS
    for _ in range(FARTHEST_DAYS):
        day += timedelta(days=1)
        left -= works(day)
        if left == 0:
            break
    return day
