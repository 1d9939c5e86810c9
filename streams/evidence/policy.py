"""Decide what to keep as evidence from one counter's samples. Pure: it writes nothing.

It is unknown beforehand which absence will become an indication. So each unbroken run of EMPTY samples on duty is
followed from its first one, and everything that may be needed is ordered at once; what no indication needed is deleted
later by discipline.evidence.adoption, which knows the indications.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from offices.hours.duty import Interval, interval_at
from streams.pixels.occupancy import ControlCount, Look
from streams.pixels.shapes import Box

MOST_DURING = 24  # thumbnails per run
DURING_S = 5.0, 30.0  # bounds of the pause between them, which is a twentieth of the grace
RARER = 0.25  # …and at least this share of the run's age, so that 24 cover two hours
REMEMBERED = timedelta(hours=12)  # an older STAFFED sample belongs to another day


class EvidenceKind(StrEnum):
    """As in streams.evidence.models.Evidence.Kind."""

    LAST_STAFFED = "last_staffed"
    FIRST_EMPTY = "first_empty"
    DURING = "during"
    DEADLINE = "deadline"
    END = "end"
    EMPTIED_CLIP = "emptied_clip"
    DEADLINE_CLIP = "deadline_clip"
    CONTROLS = "controls"


@dataclass(frozen=True, slots=True)
class WitnessTerms:
    """The times of the counter's rule after which an absence may become an indication, in seconds."""

    absence_grace_s: float
    opening_grace_s: float
    not_opened_s: float
    closing_window_s: float
    stale_s: float


@dataclass(frozen=True, slots=True)
class ResumedRun:
    """A run that another process followed before: when it began, its first stored sample, its last sample."""

    since: datetime
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class WitnessBrief:
    """What a witness needs to know about its counter: current duty intervals, rule, and a run to continue."""

    duty: Sequence[Interval]
    terms: WitnessTerms
    resumed: ResumedRun | None = None


@dataclass(frozen=True, slots=True, eq=False)
class WitnessedLook:
    """One sample with everything that evidence needs. `picture` is passed through unread; None: there is none."""

    at: datetime
    look: Look
    people: int = 0
    reason: str = ""
    step: str = ""
    boxes: tuple[Box, ...] = ()
    picture: Any = None
    controls: ControlCount | None = None


@dataclass(frozen=True, slots=True)
class StillOrder:
    """Keep this sample's picture for the run whose first sample is at `run`."""

    run: datetime
    kind: EvidenceKind
    seen: WitnessedLook


@dataclass(frozen=True, slots=True)
class ClipOrder:
    """Keep a clip of what the camera showed around `moment`."""

    run: datetime
    kind: EvidenceKind
    moment: datetime


@dataclass(frozen=True, slots=True)
class DiscardOrder:
    """Delete the run's files: it ended too early to become an indication."""

    run: datetime


EvidenceOrder = StillOrder | ClipOrder | DiscardOrder


@dataclass(slots=True)
class _EmptyRun:
    """An unbroken run of EMPTY samples on duty. `since` may be the opening time, shortly before the `first` sample.

    due: moments at which a grace period ends; during: number of thumbnails so far, the last one at thumbed_at.
    """

    since: datetime
    first: datetime
    terms: WitnessTerms
    shortest_s: float
    due: list[datetime] = field(default_factory=list)
    during: int = 0
    thumbed_at: datetime | None = None


class Witness:
    """Follow one counter's samples and order evidence."""

    def __init__(self) -> None:
        self._run: _EmptyRun | None = None
        self._staffed: WitnessedLook | None = None
        self._newest: WitnessedLook | None = None

    @property
    def run(self) -> datetime | None:
        """The first sample of the current run; None without a run."""
        return self._run.first if self._run else None

    def sees(self, seen: WitnessedLook, brief: WitnessBrief) -> list[EvidenceOrder]:
        """Process one sample and return the orders. A sample no newer than the last (clock set back) is ignored."""
        if self._newest and seen.at <= self._newest.at:
            return []
        orders = self.waits(seen.at, brief)
        interval = interval_at(brief.duty, seen.at)
        if interval and seen.look is Look.EMPTY:
            orders += self._goes_on(seen) if self._run else self._begins(seen, brief, interval)
        elif self._run:
            orders += self._ends(seen if seen.picture is not None else self._newest, seen.at)
        if seen.look is Look.STAFFED:
            self._staffed = seen
        self._newest = seen
        return orders

    def waits(self, now: datetime, brief: WitnessBrief) -> list[EvidenceOrder]:
        """Return the orders that follow from time alone: the office closed, or samples have stopped coming."""
        if self._run is None or self._newest is None:
            return []
        interval = interval_at(brief.duty, self._newest.at)
        if interval and now >= interval.end:
            run = self._run.first
            return [
                StillOrder(run, EvidenceKind.DEADLINE, self._newest),
                ClipOrder(run, EvidenceKind.DEADLINE_CLIP, interval.end),
                *self._ends(self._newest, interval.end),
            ]
        if interval is None or now - self._newest.at >= timedelta(seconds=self._run.terms.stale_s):
            return self._ends(self._newest, self._newest.at)
        return []

    def _begins(self, seen: WitnessedLook, brief: WitnessBrief, interval: Interval) -> list[EvidenceOrder]:
        terms, before, resumed = brief.terms, self._newest, brief.resumed
        stale = timedelta(seconds=terms.stale_s)
        since, first = seen.at, seen.at
        if before is None and resumed and seen.at - resumed.last < stale and resumed.since >= interval.start:
            since, first = resumed.since, resumed.first
        elif before and before.look is Look.EMPTY and before.at < interval.start < before.at + stale:
            since = interval.start
        opening = interval.first and (self._staffed is None or self._staffed.at < interval.start)
        graces = {since + timedelta(seconds=terms.absence_grace_s)}
        if opening:
            graces.add(since + timedelta(seconds=terms.opening_grace_s))
            graces.add(interval.start + timedelta(seconds=terms.not_opened_s))
        shortest_s = min(terms.absence_grace_s, terms.opening_grace_s, terms.closing_window_s)
        self._run = _EmptyRun(since, first, terms, shortest_s, sorted(graces))
        if first != seen.at:
            assert resumed is not None
            self._run.due = [due for due in self._run.due if due > resumed.last]
            return self._goes_on(seen)
        self._run.thumbed_at = seen.at
        orders: list[EvidenceOrder] = [
            StillOrder(first, EvidenceKind.FIRST_EMPTY, seen),
            ClipOrder(first, EvidenceKind.EMPTIED_CLIP, seen.at),
        ]
        if self._staffed and seen.at - self._staffed.at < REMEMBERED:
            orders.insert(0, StillOrder(first, EvidenceKind.LAST_STAFFED, self._staffed))
        return orders

    def _goes_on(self, seen: WitnessedLook) -> list[EvidenceOrder]:
        run = self._run
        assert run is not None
        orders: list[EvidenceOrder] = []
        if any(due <= seen.at for due in run.due):
            run.due = [due for due in run.due if due > seen.at]
            orders += [
                StillOrder(run.first, EvidenceKind.DEADLINE, seen),
                ClipOrder(run.first, EvidenceKind.DEADLINE_CLIP, seen.at),
            ]
        if run.during < MOST_DURING and (
            run.thumbed_at is None or seen.at >= run.thumbed_at + _pause_after(run, seen.at)
        ):
            run.during, run.thumbed_at = run.during + 1, seen.at
            orders.append(StillOrder(run.first, EvidenceKind.DURING, seen))
        return orders

    def _ends(self, last: WitnessedLook | None, at: datetime) -> list[EvidenceOrder]:
        run, self._run = self._run, None
        assert run is not None
        # When a sample comes late, the ledger may date the run from another one; half the grace leaves room for that.
        if at - run.since < timedelta(seconds=run.shortest_s / 2):
            return [DiscardOrder(run.first)]
        return [StillOrder(run.first, EvidenceKind.END, last)] if last else []


def _pause_after(run: _EmptyRun, at: datetime) -> timedelta:
    shortest, longest = DURING_S
    step_s = min(longest, max(shortest, run.shortest_s / 20))
    return max(timedelta(seconds=step_s), RARER * (at - run.since))
