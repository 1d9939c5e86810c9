"""Lay out the timeline of one indication: what was seen, the duty hours, the moments and the pictures. Pure.

All positions are on one axis, in whole units of the drawing: pixels on the page, points on paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from discipline.staffing.rejudge import Span
from offices.hours.duty import Interval

DUTY, BREAK, CLOSED = "duty", "break", "closed"
SINCE, DUE, END = "since", "due", "end"
NEAR = timedelta(seconds=60)  # spans at most so far apart touch in the drawing
GAP = 8  # units between two pictures
LABEL = 92  # units that the label of a moment under the axis needs
STEPS_S = (5, 10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600)


class TimelineBand(NamedTuple):
    """A stretch of the axis. `kind` is a Look for what was seen, and DUTY, BREAK or CLOSED for hours."""

    x: int
    width: int
    kind: str
    reason: str
    start: datetime
    end: datetime


class TimelineMark(NamedTuple):
    """A moment: SINCE, DUE or END, or "" for a tick."""

    x: int
    kind: str
    at: datetime


class TimelinePicture(NamedTuple):
    """Place of picture `number` (its index): `x` is its left edge, `at_x` its moment on the axis."""

    x: int
    at_x: int
    number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class IndicationTimeline:
    """The whole drawing, `width` units from `start` to `end`."""

    start: datetime
    end: datetime
    width: int
    seen: tuple[TimelineBand, ...]
    hours: tuple[TimelineBand, ...]
    marks: tuple[TimelineMark, ...]
    ticks: tuple[TimelineMark, ...]
    shots: tuple[TimelinePicture, ...]


def build_timeline(
    spans: Iterable[Span],
    duty: Sequence[Interval],
    indication: tuple[datetime, datetime, datetime | None],
    known: datetime,
    pictures: Sequence[datetime] = (),
    *,
    width: int,
    picture: int,
) -> IndicationTimeline:
    """Lay out a timeline of at least `width` units, wider if the pictures, each `picture` units wide, need it.

    `indication` is its since, due and end, None while it lasts. `known` is the time up to which anything is known.
    `pictures` are the times of the pictures, in order.
    """
    since, due, end = indication
    last = max(end or known, due)
    margin = max((last - since) * 0.15, timedelta(seconds=45))
    start, stop = since - margin, min(last + margin, max(known, last))
    width = max(width, len(pictures) * (picture + GAP) - GAP)
    length = stop - start

    def place(at: datetime) -> int:
        return round((min(max(at, start), stop) - start) / length * width)

    def band(begin: datetime, finish: datetime, kind: str, reason: str = "") -> TimelineBand:
        x = place(begin)
        return TimelineBand(x, max(place(finish) - x, 1), kind, reason, begin, finish)

    moments = [(SINCE, since), (DUE, due), *([(END, end)] if end else [])]
    marks = tuple(TimelineMark(place(at), kind, at) for kind, at in moments)
    ticks = (TimelineMark(place(at), "", at) for at in _ticks(start, stop, width))
    return IndicationTimeline(
        start=start,
        end=stop,
        width=width,
        seen=tuple(
            band(max(begin, start), min(finish, stop), kind, reason)
            for begin, finish, kind, reason in _joined(spans)
            if begin < stop and start < finish
        ),
        hours=tuple(band(*piece) for piece in _hours(duty, start, stop)),
        marks=marks,
        ticks=tuple(tick for tick in ticks if all(abs(tick.x - mark.x) > LABEL // 3 for mark in marks)),
        shots=tuple(
            TimelinePicture(x, place(at), index, at)
            for index, (x, at) in enumerate(
                zip(_spread([place(at) for at in pictures], picture, width), pictures, strict=True)
            )
        ),
    )


def pick_pictures(moments: Sequence[datetime], kept: Sequence[bool], most: int) -> list[int]:
    """Return the indices of the pictures to show, in order of time.

    All those marked in `kept` are shown, and of the rest as many as fit into `most`, evenly spread.
    """
    rest = [index for index, keep in enumerate(kept) if not keep]
    room = max(0, most - (len(moments) - len(rest)))
    if len(rest) > room:
        rest = [rest[(2 * n + 1) * len(rest) // (2 * room)] for n in range(room)]
    return sorted([index for index, keep in enumerate(kept) if keep] + rest, key=lambda index: moments[index])


def _joined(spans: Iterable[Span]) -> list[tuple[datetime, datetime, str, str]]:
    """Return bands as (begin, end, look, reason): spans stretched to a NEAR successor, equal neighbours merged."""
    pieces: list[tuple[datetime, datetime, str, str]] = []
    for span in spans:
        near = bool(pieces) and span.started_at - pieces[-1][1] <= NEAR
        if near:
            begin, _, kind, reason = pieces[-1]
            pieces[-1] = (begin, span.started_at, kind, reason)
        if near and pieces[-1][2:] == (span.look.value, span.reason):
            pieces[-1] = (pieces[-1][0], span.ended_at, *pieces[-1][2:])
        else:
            pieces.append((span.started_at, span.ended_at, span.look.value, span.reason))
    return pieces


def _hours(duty: Sequence[Interval], start: datetime, stop: datetime) -> list[tuple[datetime, datetime, str]]:
    edges: list[tuple[datetime, datetime, str]] = []
    reached, served = start, False
    for interval in duty:
        if interval.start > reached:
            edges.append((reached, min(interval.start, stop), BREAK if served or not interval.first else CLOSED))
        edges.append((max(interval.start, start), min(interval.end, stop), DUTY))
        reached, served = max(interval.end, start), True
    edges.append((reached, stop, CLOSED))
    return [(begin, finish, kind) for begin, finish, kind in edges if begin < finish]


def _ticks(start: datetime, stop: datetime, width: int) -> list[datetime]:
    length_s = (stop - start).total_seconds()
    fits = max(1, width // LABEL)
    step_s = next((step for step in STEPS_S if length_s / step <= fits), STEPS_S[-1])
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    first = int((start - midnight).total_seconds() // step_s) + 1
    count = int(length_s // step_s) + 1
    return [at for n in range(count) if (at := midnight + timedelta(seconds=(first + n) * step_s)) < stop]


def _spread(centres: Sequence[int], size: int, width: int) -> list[int]:
    """Return left edges of pictures near their centres, in order, inside the width, without overlap."""
    lefts = [min(max(centre - size // 2, 0), width - size) for centre in centres]
    for n in range(1, len(lefts)):
        lefts[n] = max(lefts[n], lefts[n - 1] + size + GAP)
    limit = width - size
    for n in range(len(lefts) - 1, -1, -1):
        lefts[n] = min(lefts[n], limit)
        limit = lefts[n] - size - GAP
    return lefts
