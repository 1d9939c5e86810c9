"""One counter's looks → what to keep of them as evidence. Pure: it decides, and writes nothing.

Nobody knows beforehand which emptiness will become an indication. So each unbroken run of empty looks on duty is
followed from its first look, and what may be asked for later is ordered at once; what nobody came to ask for is
thrown away afterwards by those who know the indications (discipline.evidence.adoption).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from offices.hours.duty import Interval, interval_at
from streams.pixels.occupancy import Look
from streams.pixels.shapes import Box

MOST_DURING = 24  # thumbnails of one run
DURING_S = 5.0, 30.0  # between them: a twentieth of the grace, within these
RARER = 0.25  # …and at least this share of the run's age: two hours fit into 24
REMEMBERED = timedelta(hours=12)  # a last staffed look from before is of another day


class EvidenceKind(StrEnum):
    """As in streams.evidence.models.Evidence.Kind."""

    LAST_STAFFED = "last_staffed"
    FIRST_EMPTY = "first_empty"
    DURING = "during"
    DEADLINE = "deadline"
    END = "end"
    EMPTIED_CLIP = "emptied_clip"
    DEADLINE_CLIP = "deadline_clip"


@dataclass(frozen=True, slots=True)
class WitnessTerms:
    """The numbers of the counter's rule by which an emptiness may become an indication, in seconds."""

    absence_grace_s: float
    opening_grace_s: float
    not_opened_s: float
    closing_window_s: float
    stale_s: float


@dataclass(frozen=True, slots=True)
class ResumedRun:
    """A run that another process followed before: when it began, its first look kept, and its last look."""

    since: datetime
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class WitnessBrief:
    """What a witness has to know of its counter: duty intervals round now, the rule, a run to go on with."""

    duty: Sequence[Interval]
    terms: WitnessTerms
    resumed: ResumedRun | None = None


@dataclass(frozen=True, slots=True, eq=False)
class WitnessedLook:
    """One look with all that evidence needs of it. `picture` is handed on unseen; None: there is none."""

    at: datetime
    look: Look
    people: int = 0
    reason: str = ""
    step: str = ""
    boxes: tuple[Box, ...] = ()
    picture: Any = None


@dataclass(frozen=True, slots=True)
class StillOrder:
    """Keep this look's picture for the run that began at `run`."""

    run: datetime
    kind: EvidenceKind
    seen: WitnessedLook


@dataclass(frozen=True, slots=True)
class ClipOrder:
    """Keep what the camera showed round `moment`."""

    run: datetime
    kind: EvidenceKind
    moment: datetime


@dataclass(frozen=True, slots=True)
class DiscardOrder:
    """The run ended too early to have become anything."""

    run: datetime


EvidenceOrder = StillOrder | ClipOrder | DiscardOrder


@dataclass(slots=True)
class _EmptyRun:
    """An unbroken run of empty looks on duty. `since` may be the opening, shortly before the `first` look."""

    since: datetime
    first: datetime
    terms: WitnessTerms
    shortest_s: float
    due: list[datetime] = field(default_factory=list)
    during: int = 0
    thumbed_at: datetime | None = None


class Witness:
    """Follows one counter."""

    def __init__(self) -> None:
        self._run: _EmptyRun | None = None
        self._staffed: WitnessedLook | None = None
        self._newest: WitnessedLook | None = None

    @property
    def run(self) -> datetime | None:
        """The first look of the run that is followed now."""
        return self._run.first if self._run else None

    def sees(self, seen: WitnessedLook, brief: WitnessBrief) -> list[EvidenceOrder]:
        """One look. A look that is not news (a clock gone back) says nothing."""
        if self._newest and seen.at <= self._newest.at:
            return []
        orders = self.waits(seen.at, brief)
        interval = interval_at(brief.duty, seen.at)
        if interval and seen.look is Look.EMPTY:
            orders += self._goes_on(seen, brief) if self._run else self._begins(seen, brief, interval)
        elif self._run:
            orders += self._ends(seen if seen.picture is not None else self._newest, seen.at)
        if seen.look is Look.STAFFED:
            self._staffed = seen
        self._newest = seen
        return orders

    def waits(self, now: datetime, brief: WitnessBrief) -> list[EvidenceOrder]:
        """What time alone brings: the closing, and looks that stay away."""
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
            return self._goes_on(seen, brief)
        self._run.thumbed_at = seen.at
        orders: list[EvidenceOrder] = [
            StillOrder(first, EvidenceKind.FIRST_EMPTY, seen),
            ClipOrder(first, EvidenceKind.EMPTIED_CLIP, seen.at),
        ]
        if self._staffed and seen.at - self._staffed.at < REMEMBERED:
            orders.insert(0, StillOrder(first, EvidenceKind.LAST_STAFFED, self._staffed))
        return orders

    def _goes_on(self, seen: WitnessedLook, brief: WitnessBrief) -> list[EvidenceOrder]:
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
        # The ledger dates a run by other looks than these when a sample came late: half the grace is room for that.
        if at - run.since < timedelta(seconds=run.shortest_s / 2):
            return [DiscardOrder(run.first)]
        return [StillOrder(run.first, EvidenceKind.END, last)] if last else []


def _pause_after(run: _EmptyRun, at: datetime) -> timedelta:
    shortest, longest = DURING_S
    step_s = min(longest, max(shortest, run.shortest_s / 20))
    return max(timedelta(seconds=step_s), RARER * (at - run.since))
