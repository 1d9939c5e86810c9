"""Flips + duty → seconds staffed, tolerated, absent, late, early, unknown, and the strip of a day. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from discipline.incident import SYSTEM
from discipline.staffing import EARLY_LEAVE, LATE_OPENING, NOT_OPENED, Flip, State
from offices.hours import Interval


class Segment(NamedTuple):
    """A piece of the strip, half open (aware UTC). Duty on which nothing is known is UNKNOWN."""

    start: datetime
    end: datetime
    state: State


@dataclass(frozen=True, slots=True)
class Minutes:
    """Whole seconds of duty, and the strip that shows them. staffed + grace + absent + unknown == duty.

    An absence counts from the first empty look, its grace included; `grace_s` is emptiness that did not
    become an absence. `late_s` and `early_s` are parts of `absent_s` that do not overlap.
    """

    staffed_s: int
    grace_s: int
    absent_s: int
    late_s: int
    early_s: int
    unknown_s: int
    duty_s: int
    segments: tuple[Segment, ...]


class _Mark(NamedTuple):
    """From `at` until the next mark."""

    at: datetime
    state: State
    reason: str


def tally(flips: Iterable[Flip], duty: Sequence[Interval], start: datetime, end: datetime, at_start: State) -> Minutes:
    """Sums [start, end) on duty. `flips` in order; those before `start` tell more than `at_start` does.

    For a day in progress `end` is now. ValueError if `end` is before `start`.
    """
    if end < start:
        raise ValueError("the end is before the start")
    start, end = _whole(start), _whole(end)
    pieces = _on_duty(_marks(flips, start, at_start), duty, start, end)
    sums = dict.fromkeys(State, 0)
    late_s = early_s = 0
    for segment, reason in pieces:
        length = _seconds(segment)
        sums[segment.state] += length
        if segment.state is State.ABSENT:
            late_s += length if reason in (LATE_OPENING, NOT_OPENED) else 0
            early_s += length if reason == EARLY_LEAVE else 0
    return Minutes(
        staffed_s=sums[State.STAFFED],
        grace_s=sums[State.GRACE],
        absent_s=sums[State.ABSENT],
        late_s=late_s,
        early_s=early_s,
        unknown_s=sums[State.UNKNOWN],
        duty_s=sum(_seconds(segment) for segment, _ in pieces),
        segments=_strip([segment for segment, _ in pieces], start, end),
    )


def _marks(flips: Iterable[Flip], start: datetime, at_start: State) -> list[_Mark]:
    marks = [_Mark(start, at_start, "")]
    for flip in _that_stand(flips):
        at = max(_whole(flip.at), marks[-1].at)
        since = max(_whole(flip.since), start)
        if flip.reason == SYSTEM:
            marks.append(_Mark(max(since, marks[-1].at), State.UNKNOWN, SYSTEM))
        if flip.reason == EARLY_LEAVE:
            marks = _confirm(marks, since, EARLY_LEAVE)
        elif flip.new is State.ABSENT and flip.old is State.GRACE:
            marks = _confirm(marks, since, flip.reason)
        marks.append(_Mark(at, flip.new, flip.reason))
    return marks


def _that_stand(flips: Iterable[Flip]) -> list[Flip]:
    """Without what fell due inside a system incident, before anybody knew of it."""
    stand: list[Flip] = []
    for flip in flips:
        if flip.reason == SYSTEM:
            stand = [earlier for earlier in stand if earlier.at < flip.since]
        stand.append(flip)
    return stand


def _confirm(marks: list[_Mark], since: datetime, reason: str) -> list[_Mark]:
    """The emptiness since then was an absence of this kind."""
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
    """The segments, neighbours of one state joined, with CLOSED between them."""
    strip: list[Segment] = []

    def draw(until: datetime, state: State) -> None:
        begin = strip[-1].end if strip else start
        if strip and strip[-1].state is state:
            strip[-1] = strip[-1]._replace(end=until)
        elif begin < until:
            strip.append(Segment(begin, until, state))

    for segment in segments:
        if segment.start > (strip[-1].end if strip else start):
            draw(segment.start, State.CLOSED)
        draw(segment.end, segment.state)
    if end > (strip[-1].end if strip else start):
        draw(end, State.CLOSED)
    return tuple(strip)


def _seconds(segment: Segment) -> int:
    return int((segment.end - segment.start).total_seconds())


def _whole(at: datetime) -> datetime:
    """Whole seconds, so that parts always sum up exactly."""
    return at.replace(microsecond=0)
