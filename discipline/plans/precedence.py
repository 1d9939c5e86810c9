"""Which plan applies on a day, and why the others do not: closeness, priority, validity. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Fate(StrEnum):
    """What becomes of a plan on one day. All but the first three are about a plan that is in force and loses."""

    APPLIES = "applies"
    NOT_YET = "not_yet"
    OVER = "over"
    CLOSER = "closer"  # a plan of a closer scope applies
    PRIORITY = "priority"  # one of the same scope with a higher priority
    NEWER = "newer"  # one of the same scope and priority that began later


@dataclass(frozen=True, slots=True)
class PlanCandidate:
    """A plan as the choice sees it. closeness: 0 city, 1 kecamatan, 2 kelurahan, 3 counter; dates are inclusive."""

    id: int
    closeness: int
    priority: int
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def rank(self) -> tuple[int, date]:
        """As offices.hours.duty.plan_of ranks offices.hours.models.HoursPlan.as_plan."""
        return self.closeness * 1000 + self.priority, self.valid_from or date.min


def winning_plan(rules: Sequence[PlanCandidate], day: date) -> PlanCandidate | None:
    valid = (rule for rule in rules if (rule.valid_from or date.min) <= day <= (rule.valid_to or date.max))
    return max(valid, key=lambda rule: rule.rank, default=None)


def fates_of(rules: Sequence[PlanCandidate], day: date) -> dict[int, Fate]:
    """By the rules' ids."""
    wins = winning_plan(rules, day)
    return {rule.id: _fate(rule, wins, day) for rule in rules}


def _fate(rule: PlanCandidate, wins: PlanCandidate | None, day: date) -> Fate:
    if rule.valid_from and day < rule.valid_from:
        return Fate.NOT_YET
    if rule.valid_to and rule.valid_to < day:
        return Fate.OVER
    if wins is None or rule.id == wins.id:
        return Fate.APPLIES
    if rule.closeness != wins.closeness:
        return Fate.CLOSER
    return Fate.PRIORITY if rule.priority != wins.priority else Fate.NEWER
