"""Recomputes flips and indications from stored spans. Pure.

A span holds the first and last of a run of equal looks, and their number, but not the dates in between. Those are not
needed: starts_new_span() makes sure that a span contains neither a start or end of duty nor a gap long enough to be
stale, so that its first and last look and their number give the same flips as all its looks did.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from discipline.staffing.alert_kinds import ACCUSATIONS, NOTED, AlertKind
from discipline.staffing.continuity import find_interruption, lasted_until_closing
from discipline.staffing.incident_rule import SYSTEM, Doubt, doubt_standing
from discipline.staffing.rule import CounterStanding, State, StateChange, Tolerances, initial_standing, step
from offices.hours.duty import Interval, interval_at
from streams.pixels.occupancy import Blind, Look, Sample


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
    spans: Iterable[Span],
    rule: Tolerances,
    duty: Sequence[Interval],
    begin: datetime,
    until: datetime,
    doubts: Iterable[Doubt] = (),
) -> list[StateChange]:
    """Return the flips up to `until` of a counter with no look before `begin`.

    `spans` are in order of time. `doubts`, in the order in which they became known, may have become known after
    `until`: they are about time before it.
    """
    day = _Day(rule, duty, begin)
    waiting = deque(doubt for doubt in doubts if doubt.since <= until)
    for sample in samples_of(spans, rule):
        if begin <= sample.at <= until:
            while waiting and not _was_judged_before(sample, waiting[0]):
                day.doubt(waiting.popleft(), until)
            day.step(sample.at, sample)
    for doubt in waiting:
        day.doubt(doubt, until)
    day.step(until)
    return day.flips


def _was_judged_before(sample: Sample, doubt: Doubt) -> bool:
    return doubt.last_look_at is not None and sample.at <= doubt.last_look_at


class _Day:
    """The standing of a counter from `begin` on, and its flips so far."""

    def __init__(self, rule: Tolerances, duty: Sequence[Interval], begin: datetime) -> None:
        self.rule, self.duty = rule, duty
        self.standing: CounterStanding = initial_standing(begin)
        self.flips: list[StateChange] = []

    def step(self, at: datetime, sample: Sample | None = None) -> None:
        self.standing, moved = step(self.standing, self.rule, self.duty, at, sample)
        self.flips += moved

    def doubt(self, doubt: Doubt, until: datetime) -> None:
        """Discard looks as ledger.doubt_since() did."""
        self.step(min(doubt.judged_until - timedelta.resolution, until))
        late = [flip for flip in self.flips if doubt.since < flip.at <= doubt.at]
        doubted = [flip for flip in late if flip.reason == SYSTEM]
        self.standing, moved = doubt_standing(
            self.standing,
            doubt.since,
            doubt.at,
            max((flip.at for flip in late), default=None),
            max(doubted, key=lambda flip: flip.at).since if doubted else None,
        )
        self.flips += moved


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

    `tolerance_s` returns the seconds of a kind about cameras, and of ABSENCE.
    """
    indications = _accusations(flips, tolerance_s)
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


def _accusations(flips: Sequence[StateChange], tolerance_s: Callable[[AlertKind], int]) -> list[JudgedIndication]:
    """Return accusations and camera faults in order of their start."""
    found: list[JudgedIndication] = []
    going: JudgedIndication | None = None
    fault_after = timedelta(seconds=tolerance_s(AlertKind.CAMERA_FAULT))
    for number, flip in enumerate(flips):
        if going and (flip.old is not flip.new or flip.new is State.ABSENT):
            if going.raised_at <= flip.at:  # a blind camera becomes a fault only after a while
                found.append(replace(going, ended_at=flip.at, ended_by=flip.new.value))
            going = None
        elif going and flip.reason == Blind.STEERED and going.raised_at > flip.at:
            going = None
        if flip.accuses:
            going = _accuse(found, flips[: number + 1], tolerance_s)
        elif flip.new is State.UNKNOWN and flip.reason != Blind.STEERED and going is None:
            going = JudgedIndication(AlertKind.CAMERA_FAULT.value, flip.at, flip.at + fault_after)
    return [*found, going] if going else found


def _accuse(
    found: list[JudgedIndication], flips: Sequence[StateChange], tolerance_s: Callable[[AlertKind], int]
) -> JudgedIndication | None:
    """Return the indication that the last flip raises or continues; when it also ends it, it is put into `found`."""
    flip = flips[-1]
    over = flip.new is State.CLOSED
    earlier = _same_emptiness(found, flips, tolerance_s)
    if earlier and (not over or not AlertKind(earlier.kind).row.was_staffed):
        found.remove(earlier)
        going = earlier
    else:
        going = JudgedIndication(flip.reason, earlier.since if earlier else flip.since, flip.at)
    if not over:
        return replace(going, ended_at=None, ended_by="")
    known = bool(found) and (found[-1].kind, found[-1].ended_at) == (flip.reason, flip.at)
    if not known:
        found.append(replace(going, ended_at=flip.at, ended_by=flip.new.value))
    return None


def _same_emptiness(
    found: Sequence[JudgedIndication], flips: Sequence[StateChange], tolerance_s: Callable[[AlertKind], int]
) -> JudgedIndication | None:
    """Return the ended accusation that is about the emptiness of the last flip and came before an interruption."""
    flip = flips[-1]
    last = next((one for one in reversed(found) if one.kind in ACCUSATIONS), None)
    if last is None:
        return None
    if last.ended_by == State.UNKNOWN and last.ended_at is not None:
        gap = find_interruption(reversed(flips), tolerance_s(AlertKind.ABSENCE))
        return last if gap and gap.at == last.ended_at else None
    if last.ended_at == flip.at and lasted_until_closing(reversed(flips)):
        return last
    return None
