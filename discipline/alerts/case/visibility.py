"""Measure how well the camera saw the counter during an indication. Pure.

When it could not judge is what the counter's flips say, and where they say nothing, its BLIND looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from discipline.staffing.rejudge import Span
from offices.hours.duty import Interval
from streams.pixels.occupancy import Look

SLACK = timedelta(seconds=1)  # a span of a single look has no length, but counts as blind time on duty


@dataclass(frozen=True, slots=True)
class Visibility:
    """Looks and gaps of one counter.

    - `looks` is their number during the indication, `every_s` the mean seconds between them (0 for fewer than two).
    - `pauses` are the gaps that touch the indication and have `stale_s` or more on duty, as (begin, end).
    - `blind` is the time on duty of the whole day in which the camera could not judge, in order and disjoint;
      `blind_s` are its seconds, `inside_s` those of them during the indication.
    """

    looks: int
    every_s: float
    pauses: tuple[tuple[datetime, datetime], ...]
    blind: tuple[Span, ...]
    blind_s: float
    inside_s: float = 0


def measure_visibility(
    spans: Sequence[Span],
    duty: Sequence[Interval],
    since: datetime,
    until: datetime,
    stale_s: int,
    unknown: Iterable[tuple[datetime, datetime, str]] = (),
) -> Visibility:
    """Measure visibility from the day's `spans`, in order of time. The indication lasted over [since, until).

    `unknown` is the day's unknown time by the flips (tally.unknown_times).
    """
    inside = [span for span in spans if since <= span.started_at < until or span.started_at < since < span.ended_at]
    looks = sum(span.looks for span in inside)
    watched_s = sum((span.ended_at - span.started_at).total_seconds() for span in inside)
    intervals = sum(max(span.looks - 1, 0) for span in inside)
    gaps = ((before.ended_at, after.started_at) for before, after in pairwise(spans))
    known = [Span(Look.BLIND, reason, begin, end, 0) for begin, end, reason in unknown]
    blind = known + [
        part
        for span in spans
        if span.look is Look.BLIND and _time_on_duty(span.started_at, span.ended_at + SLACK, duty)
        for part in _without(span, known)
    ]
    blind.sort(key=lambda span: span.started_at)
    return Visibility(
        looks=looks,
        every_s=watched_s / intervals if intervals else 0.0,
        pauses=tuple(
            (begin, end)
            for begin, end in gaps
            if begin < until and since < end and _time_on_duty(begin, end, duty) >= timedelta(seconds=stale_s)
        ),
        blind=tuple(blind),
        blind_s=_length_s((span.started_at, span.ended_at) for span in blind),
        inside_s=_length_s((max(span.started_at, since), min(span.ended_at, until)) for span in blind),
    )


def cover_blind(spans: Iterable[Span], blind: Sequence[Span]) -> list[Span]:
    """Return the spans with the time of `blind` cut out and `blind` in its place, in order of time."""
    kept = [part for span in spans for part in _without(span, blind)]
    return sorted([*kept, *blind], key=lambda span: (span.started_at, span.ended_at))


def _without(span: Span, others: Sequence[Span]) -> list[Span]:
    """Return the parts of a span that `others`, in order and disjoint, do not cover."""
    parts, rest = [], span
    for other in others:
        if other.ended_at <= rest.started_at or rest.ended_at < other.started_at:
            continue
        if rest.started_at < other.started_at:
            parts.append(rest._replace(ended_at=other.started_at))
        if rest.ended_at < other.ended_at:
            return parts
        rest = rest._replace(started_at=other.ended_at)
    return [*parts, rest]


def _length_s(pieces: Iterable[tuple[datetime, datetime]]) -> float:
    return sum(max((end - begin).total_seconds(), 0.0) for begin, end in pieces)


def _time_on_duty(begin: datetime, end: datetime, duty: Sequence[Interval]) -> timedelta:
    """Return how much of the time from `begin` to `end` was on duty."""
    pieces = (min(interval.end, end) - max(interval.start, begin) for interval in duty)
    return sum((piece for piece in pieces if piece > timedelta()), timedelta())
