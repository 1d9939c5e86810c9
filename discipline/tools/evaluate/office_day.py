"""Simulate office-days, play them through the rule and compare its absences with the truth. Pure.

The truth is drawn at random. The camera's looks come from RoomLooks, verdicts of the real detector and the real
picture checks, with further misses of staff on top, so that every kind of error gets its chance to cause a false
absence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from discipline.staffing.rule import State, StateChange, Tolerances, initial_standing, step
from offices.hours.duty import NORMAL, WIB, Interval, duty_day
from streams.pixels.occupancy import Blind, Look, Sample

LOOK_S = 5.0
JITTER_S = 1.5  # keyframes are not on schedule
BLIND_AFTER_S = 15.0  # without a picture
IN_FLIGHT_S = 3.0  # the sweep judges as of so long ago
SWEEP_S = 5.0
LATE_SHARE = 0.003  # looks that arrive after the next one
MISS_SHARE = 0.01  # of looks at staff, added to the detector's own misses: twice the rate on real footage
LONGEST_MISS = 2  # looks in a row; the misses on real footage lasted half a second
FAULTS = tuple(kind for kind in Blind if kind is not Blind.SYSTEM)
CERTAIN_S = 13.0  # two late looks: an absence that is shorter than its grace by less than this still counts as true
IN_TIME_S = 30.0  # an absence recorded later than this counts as missed

Span = tuple[datetime, datetime]  # from, until
Film = tuple[Look, ...]  # verdicts on one piece of footage, a look after the other


@dataclass(frozen=True, slots=True)
class RoomLooks:
    """Verdicts of the real detector and picture checks on one office.

    `faults`: verdicts with staff at the counter, from the first faulty picture on; the last one repeats. A Look is the
    detector's verdict on a picture that the checks accepted.
    """

    staffed: Sequence[Film]
    empty: Sequence[Film]
    faults: Mapping[Blind, Sequence[Blind | Look]]


@dataclass(frozen=True, slots=True)
class GroundTruth:
    """One day of one counter: when staff was there, when the camera had a fault, and when no watch process ran."""

    duty: tuple[Interval, ...]
    present: tuple[Span, ...]
    faults: tuple[tuple[datetime, datetime, Blind], ...]
    unwatched: tuple[Span, ...]

    def staffed(self, at: datetime) -> bool:
        """Whether staff was at the counter."""
        return any(begin <= at < end for begin, end in self.present)


@dataclass(slots=True)
class DayOutcome:
    """The result of one day. Delays in seconds, from the end of the true grace to the recording of the flip."""

    absences: int = 0
    false: list[StateChange] = field(default_factory=list)
    missed: list[datetime] = field(default_factory=list)
    delays_s: list[float] = field(default_factory=list)
    looks: int = 0
    wrong_looks: int = 0
    blind_looks: int = 0


@dataclass(frozen=True, slots=True)
class _RecordedFlip:
    """A flip, and when it was recorded (the flip itself may be dated earlier)."""

    flip: StateChange
    at: datetime


def draw_truth(day: date, dice: Random) -> GroundTruth:
    """Draw a working day with late arrivals, errands, lunches and faults."""
    duty = duty_day(day, [NORMAL], {}, {}, (), WIB).intervals
    opening, closing = duty[0].start, duty[-1].end
    present: list[Span] = []
    for interval in duty:
        begin = interval.start + _minutes(_arrival(dice) if interval.first else dice.uniform(-20, 4))
        end = interval.end + _minutes(-dice.uniform(1, 60) if dice.random() < 0.2 else dice.uniform(0, 15))
        present += _with_errands(begin, end, dice)
    return GroundTruth(duty, tuple(present), _faults(opening, closing, dice), _unwatched(opening, closing, dice))


def _minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def _arrival(dice: Random) -> float:
    """Return minutes after the opening."""
    kind = dice.random()
    if kind < 0.7:
        return dice.uniform(-30, 0)
    if kind < 0.8:
        return dice.uniform(1, 4.5)
    if kind < 0.9:
        return dice.uniform(4.5, 60)
    return dice.uniform(60, 600)  # after two hours, or never


def _with_errands(begin: datetime, end: datetime, dice: Random) -> Iterator[Span]:
    """Yield when staff is at the counter, with absences of up to 45 minutes in between."""
    while begin < end:
        leaves = begin + _minutes(max(1.0, dice.expovariate(1 / 60)))
        yield begin, min(end, leaves)
        away = dice.choice(((0.3, 3), (0.3, 3), (3, 9.5), (9.5, 10.5), (10.5, 45)))
        begin = leaves + _minutes(dice.uniform(*away))


def _faults(opening: datetime, closing: datetime, dice: Random) -> tuple[tuple[datetime, datetime, Blind], ...]:
    day_s = (closing - opening).total_seconds()
    faults = []
    for _ in range(dice.choice((0, 0, 1, 2, 3))):
        begin = opening + timedelta(seconds=dice.uniform(-600, day_s))
        end = begin + _minutes(dice.choice((0.4, 2, 12, 40)) * dice.uniform(0.5, 1.5))
        faults.append((begin, end, dice.choice(FAULTS)))
    return tuple(sorted(faults))


def _unwatched(opening: datetime, closing: datetime, dice: Random) -> tuple[Span, ...]:
    """Return when no process watches because one died and was not replaced yet: at most once a day."""
    begin = opening + timedelta(seconds=dice.uniform(0, (closing - opening).total_seconds()))
    return ((begin, begin + timedelta(seconds=dice.uniform(5, 120))),) if dice.random() < 0.3 else ()


def play_day(truth: GroundTruth, room: RoomLooks, rule: Tolerances, dice: Random) -> DayOutcome:
    """Play the whole day through rule.step as the ledger does: looks as they arrive, the sweep every SWEEP_S."""
    outcome = DayOutcome()
    recorded: list[_RecordedFlip] = []
    begin, end = truth.duty[0].start - _minutes(20), truth.duty[-1].end + _minutes(5)
    standing = initial_standing(begin)
    swept = begin
    seen: list[tuple[datetime, bool]] = []  # each look, and whether the camera saw (was not blind)
    for sample, arrived in _arriving(_looks(truth, room, begin, end, dice), dice):
        while (swept := swept + timedelta(seconds=SWEEP_S)) < arrived:
            until = swept - timedelta(seconds=IN_FLIGHT_S)
            if standing.due_at and standing.due_at <= until:
                standing, flips = step(standing, rule, truth.duty, until)
                recorded += [_RecordedFlip(flip, swept) for flip in flips]
        swept -= timedelta(seconds=SWEEP_S)
        standing, flips = step(standing, rule, truth.duty, sample.at, sample)
        recorded += [_RecordedFlip(flip, arrived) for flip in flips]
        _count(outcome, truth, sample, seen)
    standing, flips = step(standing, rule, truth.duty, end)
    recorded += [_RecordedFlip(flip, end) for flip in flips]
    outcome.false = [known.flip for known in recorded if known.flip.accuses and not _is_true(known.flip, truth)]
    _find_missed(outcome, truth, rule, recorded, sorted(seen))
    return outcome


def _count(outcome: DayOutcome, truth: GroundTruth, sample: Sample, seen: list[tuple[datetime, bool]]) -> None:
    outcome.looks += 1
    seen.append((sample.at, sample.look is not Look.BLIND))
    if sample.look is Look.BLIND:
        outcome.blind_looks += 1
    else:
        outcome.wrong_looks += (sample.look is Look.STAFFED) != truth.staffed(sample.at)


def _looks(truth: GroundTruth, room: RoomLooks, begin: datetime, end: datetime, dice: Random) -> Iterator[Sample]:
    """Yield what the camera makes of the truth, about every LOOK_S."""
    reel = {True: _Reel(room.staffed, dice), False: _Reel(room.empty, dice)}
    at, last_picture, frozen, faulty, missing = begin, begin, False, 0, 0
    while at < end:
        at += timedelta(seconds=LOOK_S + dice.uniform(-JITTER_S, JITTER_S))
        fault = next((kind for since, until, kind in truth.faults if since <= at < until), None)
        if any(since <= at < until for since, until in truth.unwatched):
            last_picture = at  # the next process waits BLIND_AFTER_S again before it calls the camera blind
            continue
        if fault in (Blind.OFFLINE, Blind.STALE):
            if (at - last_picture).total_seconds() > BLIND_AFTER_S:
                yield Sample(1, at, Look.BLIND, 0, fault)
            continue
        last_picture = at
        staffed = truth.staffed(at)
        if fault is None:
            frozen, faulty = staffed, 0
        verdict = room.faults[fault][min(faulty, len(room.faults[fault]) - 1)] if fault else None
        faulty += fault is not None
        if isinstance(verdict, Blind):
            yield Sample(1, at, Look.BLIND, 0, verdict)
        else:
            shown = frozen if fault is Blind.FROZEN else staffed
            look = verdict if verdict and shown else reel[shown].next(at)
            if missing == 0 and dice.random() < MISS_SHARE / LONGEST_MISS * 4 / 3:
                missing = dice.randint(1, LONGEST_MISS)
            if missing and shown:
                look, missing = Look.EMPTY, missing - 1
            yield Sample(1, at, look, int(look is Look.STAFFED))


class _Reel:
    """Plays random films, each for 1 to 15 minutes, so that a pose that the detector misses is missed repeatedly."""

    def __init__(self, films: Sequence[Film], dice: Random) -> None:
        self._films, self._dice = films, dice
        self._until: datetime | None = None

    def next(self, at: datetime) -> Look:
        """Return the verdict on the next picture."""
        if self._until is None or at >= self._until:
            self._film = self._dice.choice(self._films)
            self._place = self._dice.randrange(len(self._film))
            self._still = self._dice.random() < 0.2  # the same picture all the time
            self._until = at + _minutes(self._dice.uniform(1, 15))
        self._place += not self._still
        return self._film[self._place % len(self._film)]


def _arriving(samples: Iterator[Sample], dice: Random) -> Iterator[tuple[Sample, datetime]]:
    """Yield each sample with the time of its arrival. LATE_SHARE come after the next one, which is then repeated."""
    waiting: Sample | None = None
    for sample in samples:
        arrived = sample.at + timedelta(seconds=dice.uniform(0.1, 0.5))
        if waiting is None and dice.random() < LATE_SHARE:
            waiting = sample
            continue
        yield sample, arrived
        if waiting is not None:
            yield waiting, arrived
            yield sample, arrived
            waiting = None


def _is_true(flip: StateChange, truth: GroundTruth) -> bool:
    """Whether the counter was on duty without staff from `flip.since` until the flip, but for CERTAIN_S."""
    on_duty = [(max(flip.since, i.start), min(flip.at, i.end)) for i in truth.duty]
    there_s = sum(
        max(0.0, (min(end, gone) - max(begin, here)).total_seconds())
        for begin, end in on_duty
        for here, gone in truth.present
    )
    return there_s <= CERTAIN_S


def _find_missed(
    outcome: DayOutcome,
    truth: GroundTruth,
    rule: Tolerances,
    recorded: Sequence[_RecordedFlip],
    seen: Sequence[tuple[datetime, bool]],
) -> None:
    """Count the true absences that the camera saw for longer than the grace, and note which were not recorded."""
    certain, in_time = timedelta(seconds=CERTAIN_S), timedelta(seconds=IN_TIME_S)
    absences = [known for known in recorded if known.flip.new is State.ABSENT and known.flip.old is State.GRACE]
    for interval in truth.duty:
        for begin, end in _empty(truth, interval):
            for first, last in _sighted(seen, begin, end, rule.stale_s):
                at_opening = interval.first and first <= interval.start + certain
                late = at_opening and not any(truth.staffed(at) for at in (begin - certain, begin - certain / 2))
                grace_s = rule.opening_grace_s if late else rule.absence_grace_s
                due = max(begin, first - timedelta(seconds=LOOK_S + JITTER_S)) + timedelta(seconds=grace_s)
                if last < due + in_time:
                    continue
                outcome.absences += 1
                delays = [
                    (known.at - due).total_seconds()
                    for known in absences
                    if due - certain <= known.flip.at <= due + in_time
                ]
                if delays and delays[0] <= IN_TIME_S:
                    outcome.delays_s.append(max(0.0, delays[0]))
                else:
                    outcome.missed.append(due)


def _empty(truth: GroundTruth, interval: Interval) -> Iterator[Span]:
    """Yield the parts of an interval without staff."""
    free = interval.start
    for here, gone in sorted(truth.present):
        if gone <= free:
            continue
        if here >= interval.end:
            break
        if here > free:
            yield free, here
        free = gone
    if free < interval.end:
        yield free, interval.end


def _sighted(seen: Sequence[tuple[datetime, bool]], begin: datetime, end: datetime, stale_s: float) -> Iterator[Span]:
    """Yield the first and last look of each run within [begin, end) in which the camera was never blind."""
    run: list[datetime] = []
    for at, saw in seen:
        if not begin <= at < end:
            continue
        if run and (not saw or (at - run[-1]).total_seconds() >= stale_s):
            yield run[0], run[-1]
            run = []
        if saw:
            run.append(at)
    if run:
        yield run[0], run[-1]


def days_from(first: date) -> Iterator[date]:
    """Yield working days, Monday to Friday, from `first` on."""
    while True:
        if first.weekday() < 5:
            yield first
        first += timedelta(days=1)
