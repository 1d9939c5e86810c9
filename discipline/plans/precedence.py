"""Choose the plan that applies on a day and explain why the others don't: closeness, priority, validity. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Fate(StrEnum):
    """Whether a plan applies on a day. All but the first three describe a valid plan that another one overrides."""

    APPLIES = "applies"
    NOT_YET = "not_yet"
    OVER = "over"
    CLOSER = "closer"  # a plan of a narrower scope applies
    PRIORITY = "priority"  # a plan of the same scope with a higher priority applies
    NEWER = "newer"  # a plan of the same scope and priority with a later valid_from applies


@dataclass(frozen=True, slots=True)
class PlanCandidate:
    """What the choice needs of a plan. closeness: 0 city, 1 kecamatan, 2 kelurahan, 3 counter; dates are inclusive."""

    id: int
    closeness: int
    priority: int
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def rank(self) -> tuple[int, date]:
        """The sort key, equal to that of offices.hours.duty.plan_of for HoursPlan.as_plan()."""
        return self.closeness * 1000 + self.priority, self.valid_from or date.min


def winning_plan(rules: Sequence[PlanCandidate], day: date) -> PlanCandidate | None:
    """Return the valid plan of the highest rank on the day; None when none is valid."""
    valid = (rule for rule in rules if (rule.valid_from or date.min) <= day <= (rule.valid_to or date.max))
    return max(valid, key=lambda rule: rule.rank, default=None)


def fates_of(rules: Sequence[PlanCandidate], day: date) -> dict[int, Fate]:
    """Return the fate of each plan on the day, by id."""
    winner = winning_plan(rules, day)
    return {rule.id: _fate(rule, winner, day) for rule in rules}


def _fate(rule: PlanCandidate, winner: PlanCandidate | None, day: date) -> Fate:
    if rule.valid_from and day < rule.valid_from:
        return Fate.NOT_YET
    if rule.valid_to and rule.valid_to < day:
        return Fate.OVER
    if winner is None or rule.id == winner.id:
        return Fate.APPLIES
    if rule.closeness != winner.closeness:
        return Fate.CLOSER
    return Fate.PRIORITY if rule.priority != winner.priority else Fate.NEWER
