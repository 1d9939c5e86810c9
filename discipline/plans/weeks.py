"""Convert a day as entered (opens, closes, breaks) to and from stored spans, and lay out a week as bars. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from offices.hours.duty import DAY_MINUTES, Minute, Span, Spans

WIDTH = 1000  # units of the drawing's x axis
Ends = tuple[Minute | None, Minute | None]  # as entered: either or both may be missing


class DayError(StrEnum):
    """Why the entered hours of a day are invalid."""

    ONE_END = "one_end"  # only one of opening and closing time
    BACKWARDS = "backwards"  # closes before it opens
    BREAK_ONE_END = "break_one_end"
    BREAK_BACKWARDS = "break_backwards"
    BREAK_OUTSIDE = "break_outside"  # outside the hours, or touching their start or end
    BREAKS_OVERLAP = "breaks_overlap"
    BREAK_CLOSED = "break_closed"  # a break on a day without hours


class BadDay(ValueError):
    """Raised for invalid hours of a day; `why` is the DayError."""

    def __init__(self, why: DayError) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class DayHours:
    """A day with service from `opens` to `closes`, except in the `breaks`: inside the day, sorted, not touching."""

    opens: Minute
    closes: Minute
    breaks: Spans = ()


def spans_of(opens: Minute | None, closes: Minute | None, breaks: Iterable[Ends]) -> Spans:
    """Return the service spans of a day as entered; () when it was left empty.

    A closing time of 00:00 means 24:00. Raises BadDay when the entries don't make a day.
    """
    entered = [(start, end) for start, end in breaks if start is not None or end is not None]
    if opens is None and closes is None:
        if entered:
            raise BadDay(DayError.BREAK_CLOSED)
        return ()
    if opens is None or closes is None:
        raise BadDay(DayError.ONE_END)
    closes = closes or DAY_MINUTES
    if closes <= opens:
        raise BadDay(DayError.BACKWARDS)
    spans, begin = [], opens
    for start, end in _in_order(entered):
        if start <= opens or closes <= end:
            raise BadDay(DayError.BREAK_OUTSIDE)
        if start <= begin:
            raise BadDay(DayError.BREAKS_OVERLAP)
        spans.append((begin, start))
        begin = end
    return (*spans, (begin, closes))


def _in_order(breaks: Iterable[Ends]) -> list[Span]:
    spans: list[Span] = []
    for start, end in breaks:
        if start is None or end is None:
            raise BadDay(DayError.BREAK_ONE_END)
        if end <= start:
            raise BadDay(DayError.BREAK_BACKWARDS)
        spans.append((start, end))
    return sorted(spans)


def hours_of(spans: Spans) -> DayHours | None:
    """Return the day that spans_of made the spans from; None for a day without service."""
    if not spans:
        return None
    breaks = tuple((before[1], after[0]) for before, after in pairwise(spans))
    return DayHours(spans[0][0], spans[-1][1], breaks)


def total_minutes(spans: Spans) -> Minute:
    """Return the length of all spans together."""
    return sum(end - start for start, end in spans)


@dataclass(frozen=True, slots=True)
class WeekdayRow:
    """One weekday (0 = Monday) and its bars as (x, width) in units of WIDTH, formatted for SVG."""

    weekday: int
    spans: Spans
    bars: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class WeekTick:
    """A tick of the time axis: `x` in units of WIDTH, the same in percent, and its minute of the day."""

    x: str
    percent: str
    minute: Minute


@dataclass(frozen=True, slots=True)
class WeekDrawing:
    """The seven weekdays as bars over a common time axis; `minutes` of service a week."""

    rows: tuple[WeekdayRow, ...]
    ticks: tuple[WeekTick, ...]
    minutes: Minute


def draw_week(week: Mapping[int, Spans], begin: Minute = 6 * 60, end: Minute = 18 * 60) -> WeekDrawing:
    """Lay out a week (spans by weekday, 0 = Monday) on an axis from `begin` to `end`.

    The axis is widened to the whole hours that hold all spans. Ticks are 3 hours apart, or 6 on more than 15 hours.
    """
    all_spans = [span for spans in week.values() for span in spans]
    begin = min([begin, *(start // 60 * 60 for start, _ in all_spans)])
    end = max([end, *(-(-finish // 60) * 60 for _, finish in all_spans)])

    def x(minute: Minute) -> float:
        return (minute - begin) / (end - begin) * WIDTH

    rows = tuple(
        WeekdayRow(day, spans, tuple((f"{x(start):.1f}", f"{x(finish) - x(start):.1f}") for start, finish in spans))
        for day, spans in ((day, week.get(day, ())) for day in range(7))
    )
    step = 60 * (3 if end - begin <= 15 * 60 else 6)
    ticks = tuple(WeekTick(f"{x(at):.1f}", f"{x(at) / WIDTH * 100:.2f}", at) for at in range(begin, end + 1, step))
    return WeekDrawing(rows, ticks, sum(total_minutes(spans) for spans in week.values()))
