"""A day of a weekly plan as people fill it in (opens, closes, breaks) ↔ spans, and the strip that shows it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from offices.hours.duty import DAY_MINUTES, Minute, Span, Spans

WIDTH = 1000  # of a drawn day
Ends = tuple[Minute | None, Minute | None]  # as filled in: perhaps one of them, or none


class DayError(StrEnum):
    """What is the matter with a day that was filled in."""

    ONE_END = "one_end"  # opens and never closes, or the other way round
    BACKWARDS = "backwards"  # closes before it opens
    BREAK_ONE_END = "break_one_end"
    BREAK_BACKWARDS = "break_backwards"
    BREAK_OUTSIDE = "break_outside"  # of the hours; one that touches their edge only moves it
    BREAKS_OVERLAP = "breaks_overlap"
    BREAK_CLOSED = "break_closed"  # a break on a day without hours


class BadDay(ValueError):
    """`why` is a Wrong."""

    def __init__(self, why: DayError) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class DayHours:
    """A day with service: from `opens` to `closes` without the `breaks`, which lie inside, in order, apart."""

    opens: Minute
    closes: Minute
    breaks: Spans = ()


def spans_of(opens: Minute | None, closes: Minute | None, breaks: Iterable[Ends]) -> Spans:
    """() for a day that was left empty. BadDay says what is wrong. Closing at 00:00 is closing at 24:00."""
    told = [(start, end) for start, end in breaks if start is not None or end is not None]
    if opens is None and closes is None:
        if told:
            raise BadDay(DayError.BREAK_CLOSED)
        return ()
    if opens is None or closes is None:
        raise BadDay(DayError.ONE_END)
    closes = closes or DAY_MINUTES
    if closes <= opens:
        raise BadDay(DayError.BACKWARDS)
    spans, begin = [], opens
    for start, end in _in_order(told):
        if start <= opens or closes <= end:
            raise BadDay(DayError.BREAK_OUTSIDE)
        if start <= begin:
            raise BadDay(DayError.BREAKS_OVERLAP)
        spans.append((begin, start))
        begin = end
    return (*spans, (begin, closes))


def _in_order(breaks: Iterable[Ends]) -> list[Span]:
    found: list[Span] = []
    for start, end in breaks:
        if start is None or end is None:
            raise BadDay(DayError.BREAK_ONE_END)
        if end <= start:
            raise BadDay(DayError.BREAK_BACKWARDS)
        found.append((start, end))
    return sorted(found)


def hours_of(spans: Spans) -> DayHours | None:
    """The way back; None for a day without service."""
    if not spans:
        return None
    between = pairwise(spans)
    return DayHours(spans[0][0], spans[-1][1], tuple((one[1], other[0]) for one, other in between))


def total_minutes(spans: Spans) -> Minute:
    return sum(end - start for start, end in spans)


@dataclass(frozen=True, slots=True)
class WeekdayRow:
    """One weekday (0 = Monday) and its bars as (x, width) in thousandths of the drawing."""

    weekday: int
    spans: Spans
    bars: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class WeekTick:
    x: str
    percent: str
    minute: Minute


@dataclass(frozen=True, slots=True)
class WeekDrawing:
    rows: tuple[WeekdayRow, ...]
    ticks: tuple[WeekTick, ...]
    minutes: Minute  # of service a week


def draw_week(week: Mapping[int, Spans], begin: Minute = 6 * 60, end: Minute = 18 * 60) -> WeekDrawing:
    """From `begin` to `end` o'clock, or as much wider as the hours need; whole hours at every second or third tick."""
    served = [span for spans in week.values() for span in spans]
    begin = min([begin, *(start // 60 * 60 for start, _ in served)])
    end = max([end, *(-(-finish // 60) * 60 for _, finish in served)])

    def x(minute: Minute) -> float:
        return (minute - begin) / (end - begin) * WIDTH

    rows = tuple(
        WeekdayRow(day, spans, tuple((f"{x(start):.1f}", f"{x(finish) - x(start):.1f}") for start, finish in spans))
        for day, spans in ((day, week.get(day, ())) for day in range(7))
    )
    step = 60 * (3 if end - begin <= 15 * 60 else 6)
    ticks = tuple(WeekTick(f"{x(at):.1f}", f"{x(at) / WIDTH * 100:.2f}", at) for at in range(begin, end + 1, step))
    return WeekDrawing(rows, ticks, sum(total_minutes(spans) for spans in week.values()))
