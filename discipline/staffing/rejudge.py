"""Recomputes flips and indications from stored spans. Pure.

A span holds the first and last of a run of equal looks, and their number, but not the dates in between. Those are not
needed: starts_new_span() makes sure that a span contains neither a start or end of duty nor a gap long enough to be
stale, so that its first and last look and their number give the same flips as all its looks did.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from discipline.staffing.alert_kinds import NOTED, AlertKind
from discipline.staffing.rule import State, StateChange, Tolerances, initial_standing, step
from offices.hours.duty import Interval, interval_at
from streams.pixels.occupancy import Look, Sample


class Span(NamedTuple):
    """A stored run of equal looks, from the first to the last of them. `reason`: why BLIND, else empty."""

    look: Look
    reason: str
    started_at: datetime
    ended_at: datetime
    looks: int


@dataclass(frozen=True, slots=True)
class JudgedIndication:
    """An indication: `kind` is the value of an AlertKind, `ended_at` is None while it lasts."""

    kind: str
    since: datetime
    raised_at: datetime
    ended_at: datetime | None = None
    ended_by: str = ""


def starts_new_span(previous: datetime, at: datetime, rule: Tolerances, duty: Sequence[Interval]) -> bool:
    """Return whether a look at `at` starts a new span even if it equals the one at `previous`."""
    if any(previous < edge <= at for interval in duty for edge in (interval.start, interval.end)):
        return True
    return at - previous >= timedelta(seconds=rule.stale_s) and interval_at(duty, at) is not None


def rejudge(
    spans: Iterable[Span], rule: Tolerances, duty: Sequence[Interval], begin: datetime, until: datetime
) -> list[StateChange]:
    """Return the flips up to `until` of a counter with no look before `begin`. `spans` are in order of time."""
    standing, flips = initial_standing(begin), []
    for sample in samples_of(spans, rule):
        if begin <= sample.at <= until:
            standing, moved = step(standing, rule, duty, sample.at, sample)
            flips += moved
    standing, moved = step(standing, rule, duty, until)
    return flips + moved


def samples_of(spans: Iterable[Span], rule: Tolerances) -> Iterator[Sample]:
    """Yield each span's first and last look, with enough evenly between to be counted and never stale."""
    enough = max(rule.exit_looks, rule.enter_looks)
    for span in spans:
        length = span.ended_at - span.started_at
        never_stale = length // timedelta(seconds=rule.stale_s) + 2
        count = min(span.looks, max(enough, never_stale))
        for number in range(count):
            at = span.started_at + length * number / (count - 1) if number else span.started_at
            yield Sample(0, at, span.look, int(span.look is Look.STAFFED), span.reason)


def indications_of(flips: Sequence[StateChange], tolerance_s: Callable[[AlertKind], int]) -> list[JudgedIndication]:
    """Return the indications of one counter's flips: accusations and camera faults, then blinded cameras.

    `tolerance_s` returns the seconds of a kind about cameras.
    """
    indications = _accusations(flips, tolerance_s(AlertKind.CAMERA_FAULT))
    return indications + [note for kind in NOTED for note in _blinded_notes(flips, kind, tolerance_s(kind))]


def _blinded_notes(flips: Iterable[StateChange], kind: AlertKind, tolerance_s: int) -> Iterator[JudgedIndication]:
    going: JudgedIndication | None = None
    for flip in flips:
        if going and flip.new is not State.UNKNOWN:
            if going.raised_at <= flip.at:
                yield replace(going, ended_at=flip.at, ended_by=flip.new.value)
            going = None
        elif going and flip.reason not in kind.row.blind and going.raised_at > flip.at:
            going = None
        if flip.new is State.UNKNOWN and flip.reason in kind.row.blind and going is None:
            going = JudgedIndication(kind.value, flip.at, flip.at + timedelta(seconds=tolerance_s))
    if going:
        yield going


def _accusations(flips: Iterable[StateChange], camera_fault_s: int) -> list[JudgedIndication]:
    """Return accusations and camera faults in order of their start."""
    found: list[JudgedIndication] = []
    going: JudgedIndication | None = None
    for flip in flips:
        if going and (flip.old is not flip.new or flip.new is State.ABSENT):
            if going.raised_at <= flip.at:  # a blind camera becomes a fault only after a while
                found.append(replace(going, ended_at=flip.at, ended_by=flip.new.value))
            going = None
        if flip.new is State.ABSENT:
            going = JudgedIndication(flip.reason, flip.since, flip.at)
        elif flip.new is State.UNKNOWN and going is None:
            going = JudgedIndication(AlertKind.CAMERA_FAULT.value, flip.at, flip.at + timedelta(seconds=camera_fault_s))
        elif flip.accuses:
            known = bool(found) and (found[-1].kind, found[-1].ended_at) == (flip.reason, flip.at)
            if not known:
                found.append(JudgedIndication(flip.reason, flip.since, flip.at, flip.at, flip.new.value))
    return [*found, going] if going else found
