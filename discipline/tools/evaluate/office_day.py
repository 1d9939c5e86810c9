"""Simulate office-days, play them through the rule and compare its absences with the truth. Pure.

The truth is drawn at random. The camera's looks come from RoomLooks, verdicts of the real detector and the real
picture checks, with further misses of staff on top, so that every kind of error gets its chance to cause a false
absence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from discipline.staffing.rule import State, StateChange, Tolerances, initial_standing, step
from discipline.staffing.tally import unknown_times
from discipline.tools.evaluate.day_looks import CALM_LOOK_S, JITTER_S, RoomLooks, arriving, camera_looks
from discipline.tools.evaluate.day_truth import GroundTruth, Span
from offices.hours.duty import Interval
from streams.pixels.occupancy import Look, Sample

IN_FLIGHT_S = 3.0  # the sweep judges as of so long ago
SWEEP_S = 5.0
CERTAIN_S = 13.0  # two late looks: an absence that is shorter than its grace by less than this still counts as true
IN_TIME_S = 30.0  # an absence recorded later than this, while a process watches, counts as missed


@dataclass(slots=True)
class DayOutcome:
    """The result of one day. Delays in seconds, from the end of the true grace to the recording of the flip.

    missed: where the picture was fair all the time; missed_in_weather: others. unknown_s: seconds of duty by Blind
    reason.
    """

    absences: int = 0
    false: list[StateChange] = field(default_factory=list)
    missed: list[datetime] = field(default_factory=list)
    missed_in_weather: list[datetime] = field(default_factory=list)
    duty_s: float = 0.0
    weather_s: float = 0.0
    unknown_s: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    delays_s: list[float] = field(default_factory=list)
    looks: int = 0
    wrong_looks: int = 0
    blind_looks: int = 0


@dataclass(frozen=True, slots=True)
class _RecordedFlip:
    """A flip, and when it was recorded (the flip itself may be dated earlier)."""

    flip: StateChange
    at: datetime


def play_day(truth: GroundTruth, room: RoomLooks, rule: Tolerances, dice: Random) -> DayOutcome:
    """Play the whole day through rule.step as the ledger does: looks as they arrive, the sweep every SWEEP_S."""
    outcome = DayOutcome()
    recorded: list[_RecordedFlip] = []
    begin, end = truth.duty[0].start - timedelta(minutes=20), truth.duty[-1].end + timedelta(minutes=5)
    standing = initial_standing(begin)
    swept = begin
    seen: list[tuple[datetime, bool]] = []  # each look, and whether the camera saw (was not blind)
    for sample, arrived in arriving(camera_looks(truth, room, begin, end, dice), dice):
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
    _sum_unknown(outcome, truth, [known.flip for known in recorded])
    return outcome


def _sum_unknown(outcome: DayOutcome, truth: GroundTruth, flips: Sequence[StateChange]) -> None:
    opening, closing = truth.duty[0].start, truth.duty[-1].end
    outcome.duty_s = sum((interval.end - interval.start).total_seconds() for interval in truth.duty)
    for begin, end, reason in unknown_times(flips, truth.duty, opening, closing):
        outcome.unknown_s[reason] += (end - begin).total_seconds()
    lit = opening
    for spell in sorted(truth.spells, key=lambda one: one.begin):
        outcome.weather_s += sum(
            max(0.0, (min(spell.end, i.end) - max(spell.begin, i.start, lit)).total_seconds()) for i in truth.duty
        )
        lit = max(lit, spell.end)


def _count(outcome: DayOutcome, truth: GroundTruth, sample: Sample, seen: list[tuple[datetime, bool]]) -> None:
    outcome.looks += 1
    seen.append((sample.at, sample.look is not Look.BLIND))
    if sample.look is Look.BLIND:
        outcome.blind_looks += 1
    else:
        outcome.wrong_looks += (sample.look is Look.STAFFED) != truth.staffed(sample.at)


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
    certain = timedelta(seconds=CERTAIN_S)
    absences = [known for known in recorded if known.flip.new is State.ABSENT and known.flip.old is State.GRACE]
    for interval in truth.duty:
        for begin, end in _empty(truth, interval):
            for first, last in _sighted(seen, begin, end, rule.stale_s):
                at_opening = interval.first and first <= interval.start + certain
                late = at_opening and not any(truth.staffed(at) for at in (begin - certain, begin - certain / 2))
                grace_s = rule.opening_grace_s if late else rule.absence_grace_s
                due = max(begin, first - timedelta(seconds=CALM_LOOK_S + JITTER_S)) + timedelta(seconds=grace_s)
                # While no process watches nothing is recorded, which no picture can change.
                in_time = timedelta(seconds=IN_TIME_S) + _unwatched(truth, due, due + timedelta(seconds=IN_TIME_S))
                if last < due + in_time:
                    continue
                outcome.absences += 1
                delays = [
                    (known.at - due).total_seconds()
                    for known in absences
                    if due - certain <= known.flip.at <= due + in_time
                ]
                if delays and delays[0] <= in_time.total_seconds():
                    outcome.delays_s.append(max(0.0, delays[0]))
                elif any(spell.begin < due + in_time and begin < spell.end for spell in truth.spells):
                    outcome.missed_in_weather.append(due)
                else:
                    outcome.missed.append(due)


def _unwatched(truth: GroundTruth, begin: datetime, end: datetime) -> timedelta:
    """Return how long no process watched between `begin` and `end`."""
    overlaps = [min(until, end) - max(since, begin) for since, until in truth.unwatched]
    return sum((overlap for overlap in overlaps if overlap > timedelta(0)), timedelta(0))


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
