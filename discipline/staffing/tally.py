"""Sums a day's flips over duty, with decisions, into seconds by state and the segments of its strip. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from discipline.staffing.alert_kinds import EARLY, LATE
from discipline.staffing.incident_rule import SYSTEM
from discipline.staffing.rule import State, StateChange
from offices.hours.duty import Interval

HOUR = timedelta(hours=1)


class Segment(NamedTuple):
    """A piece of the strip, [start, end) in aware UTC. Duty without flips is UNKNOWN; only ABSENT can be excused."""

    start: datetime
    end: datetime
    state: State
    excused: bool = False


class Ruling(NamedTuple):
    """The effect of a decision on absences in [start, end) (aware UTC): excused, or replaced by another state."""

    start: datetime
    end: datetime
    state: State
    excused: bool = False


@dataclass(frozen=True, slots=True)
class DaySeconds:
    """Whole seconds of duty by state, and the strip. staffed + grace + absent + excused + unknown == duty.

    An absence counts from the first EMPTY look, including its grace; `grace_s` is the time in grace that did not become
    an absence. `late_s` and `early_s` are disjoint parts of `absent_s`; `longest_s` is the longest unbroken absence.
    Excused time is only in `excused_s`.
    """

    staffed_s: int
    grace_s: int
    absent_s: int
    excused_s: int
    late_s: int
    early_s: int
    longest_s: int
    unknown_s: int
    duty_s: int
    segments: tuple[Segment, ...]


class _Mark(NamedTuple):
    """The state from `at` until the next mark."""

    at: datetime
    state: State
    reason: str


def tally_day(
    flips: Iterable[StateChange],
    duty: Sequence[Interval],
    start: datetime,
    end: datetime,
    at_start: State,
    rulings: Sequence[Ruling] = (),
) -> DaySeconds:
    """Sum the duty in [start, end). `flips` are in order of time; those before `start` override `at_start`.

    For a day in progress `end` is now. Where rulings overlap, the last one applies. Raises ValueError if `end` is
    before `start`.
    """
    if end < start:
        raise ValueError("the end is before the start")
    start, end = _whole(start), _whole(end)
    pieces = _on_duty(_marks(flips, start, at_start), duty, start, end)
    for ruling in rulings:
        pieces = [part for piece in pieces for part in _ruled(piece, ruling)]
    sums = dict.fromkeys(State, 0)
    late_s = early_s = excused_s = 0
    for segment, reason in pieces:
        length = _seconds(segment)
        if segment.excused:
            excused_s += length
            continue
        sums[segment.state] += length
        if segment.state is State.ABSENT:
            late_s += length if reason in LATE else 0
            early_s += length if reason in EARLY else 0
    strip = _strip([segment for segment, _ in pieces], start, end)
    absences = (_seconds(s) for s in strip if s.state is State.ABSENT and not s.excused)
    return DaySeconds(
        staffed_s=sums[State.STAFFED],
        grace_s=sums[State.GRACE],
        absent_s=sums[State.ABSENT],
        excused_s=excused_s,
        late_s=late_s,
        early_s=early_s,
        longest_s=max(absences, default=0),
        unknown_s=sums[State.UNKNOWN],
        duty_s=sum(_seconds(segment) for segment, _ in pieces),
        segments=strip,
    )


def by_hour(segments: Iterable[Segment], zone: tzinfo) -> tuple[list[int], list[int]]:
    """Return seconds staffed, and seconds that availability is a share of, by the 24 local hours.

    The latter are duty − unknown − excused. The zone's offset must be whole hours.
    """
    staffed, counted = [0] * 24, [0] * 24
    for segment in segments:
        if segment.excused or segment.state in (State.UNKNOWN, State.CLOSED):
            continue
        at = segment.start
        while at < segment.end:
            following = at.replace(minute=0, second=0, microsecond=0) + HOUR
            length = int((min(following, segment.end) - at).total_seconds())
            hour = at.astimezone(zone).hour
            counted[hour] += length
            staffed[hour] += length if segment.state is State.STAFFED else 0
            at = following
    return staffed, counted


def _ruled(piece: tuple[Segment, str], ruling: Ruling) -> list[tuple[Segment, str]]:
    """Split an absence at the ends of a ruling, and apply the ruling to the part inside."""
    segment, reason = piece
    start, end = max(segment.start, _whole(ruling.start)), min(segment.end, _whole(ruling.end))
    if segment.state is not State.ABSENT or start >= end:
        return [piece]
    parts = (
        segment._replace(end=start),
        Segment(start, end, ruling.state, ruling.excused),
        segment._replace(start=end),
    )
    return [(part, reason) for part in parts if part.start < part.end]


def _marks(flips: Iterable[StateChange], start: datetime, at_start: State) -> list[_Mark]:
    marks = [_Mark(start, at_start, "")]
    for flip in _without_doubted(flips):
        at = max(_whole(flip.at), marks[-1].at)
        since = max(_whole(flip.since), start)
        if flip.reason == SYSTEM:
            marks.append(_Mark(max(since, marks[-1].at), State.UNKNOWN, SYSTEM))
        if flip.reason in EARLY or (flip.new is State.ABSENT and flip.old is State.GRACE):
            marks = _confirm(marks, since, flip.reason)
        marks.append(_Mark(at, flip.new, flip.reason))
    return marks


def _without_doubted(flips: Iterable[StateChange]) -> list[StateChange]:
    """Return the flips without those that fell due in a system incident before it was detected."""
    kept: list[StateChange] = []
    for flip in flips:
        if flip.reason == SYSTEM:
            kept = [earlier for earlier in kept if earlier.at < flip.since]
        kept.append(flip)
    return kept


def _confirm(marks: list[_Mark], since: datetime, reason: str) -> list[_Mark]:
    """Turn the time since `since` into an absence with this reason."""
    before = [mark for mark in marks if mark.at < since]
    return [*before, _Mark(since, State.ABSENT, reason)]


def _on_duty(
    marks: Sequence[_Mark], duty: Sequence[Interval], start: datetime, end: datetime
) -> list[tuple[Segment, str]]:
    pieces = []
    ends = [mark.at for mark in marks[1:]] + [end]
    for interval in duty:
        for mark, until in zip(marks, ends, strict=True):
            begin = max(mark.at, _whole(interval.start), start)
            finish = min(until, _whole(interval.end), end)
            if begin < finish:
                state = State.UNKNOWN if mark.state is State.CLOSED else mark.state
                pieces.append((Segment(begin, finish, state), mark.reason))
    return pieces


def _strip(segments: Iterable[Segment], start: datetime, end: datetime) -> tuple[Segment, ...]:
    """Return the segments with neighbours of equal state joined and gaps filled with CLOSED."""
    strip: list[Segment] = []

    def draw(until: datetime, state: State, excused: bool = False) -> None:
        begin = strip[-1].end if strip else start
        if strip and (strip[-1].state, strip[-1].excused) == (state, excused):
            strip[-1] = strip[-1]._replace(end=until)
        elif begin < until:
            strip.append(Segment(begin, until, state, excused))

    for segment in segments:
        if segment.start > (strip[-1].end if strip else start):
            draw(segment.start, State.CLOSED)
        draw(segment.end, segment.state, segment.excused)
    if end > (strip[-1].end if strip else start):
        draw(end, State.CLOSED)
    return tuple(strip)


def _seconds(segment: Segment) -> int:
    return int((segment.end - segment.start).total_seconds())


def _whole(at: datetime) -> datetime:
    """Return the time in whole seconds, so that parts add up exactly."""
    return at.replace(microsecond=0)
