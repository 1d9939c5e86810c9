"""Measure how well the camera saw the counter during an indication. Pure."""

from __future__ import annotations

from collections.abc import Sequence
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
    - `blind` are the BLIND spans on duty of the whole day, `blind_s` their total length in seconds.
    """

    looks: int
    every_s: float
    pauses: tuple[tuple[datetime, datetime], ...]
    blind: tuple[Span, ...]
    blind_s: float


def measure_visibility(
    spans: Sequence[Span], duty: Sequence[Interval], since: datetime, until: datetime, stale_s: int
) -> Visibility:
    """Measure visibility from the day's `spans`, in order of time. The indication lasted over [since, until)."""
    inside = [span for span in spans if since <= span.started_at < until or span.started_at < since < span.ended_at]
    looks = sum(span.looks for span in inside)
    watched_s = sum((span.ended_at - span.started_at).total_seconds() for span in inside)
    intervals = sum(max(span.looks - 1, 0) for span in inside)
    gaps = ((before.ended_at, after.started_at) for before, after in pairwise(spans))
    blind = [
        span
        for span in spans
        if span.look is Look.BLIND and _time_on_duty(span.started_at, span.ended_at + SLACK, duty)
    ]
    return Visibility(
        looks=looks,
        every_s=watched_s / intervals if intervals else 0.0,
        pauses=tuple(
            (begin, end)
            for begin, end in gaps
            if begin < until and since < end and _time_on_duty(begin, end, duty) >= timedelta(seconds=stale_s)
        ),
        blind=tuple(blind),
        blind_s=sum((span.ended_at - span.started_at).total_seconds() for span in blind),
    )


def _time_on_duty(begin: datetime, end: datetime, duty: Sequence[Interval]) -> timedelta:
    """Return how much of the time from `begin` to `end` was on duty."""
    pieces = (min(interval.end, end) - max(interval.start, begin) for interval in duty)
    return sum((piece for piece in pieces if piece > timedelta()), timedelta())
