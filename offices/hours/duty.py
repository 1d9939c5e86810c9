"""Compute the duty intervals of a local day from weekly hours, breaks, Ramadan, holidays and closures. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from types import MappingProxyType

Minute = int  # since local midnight, 0..1440; 1440 is 24:00
Span = tuple[Minute, Minute]
Spans = tuple[Span, ...]
DAY_MINUTES: Minute = 1440

WIB = timezone(timedelta(hours=7), "WIB")


@dataclass(frozen=True, slots=True)
class Interval:
    """Duty from `start` (included) to `end` (excluded), aware UTC, within one local day.

    `first` and `last` mark the day's first and last interval.
    """

    start: datetime
    end: datetime
    first: bool
    last: bool


@dataclass(frozen=True, slots=True)
class WeeklyPlan:
    """Service hours by weekday (0 = Monday), without the breaks.

    `valid_from` and `valid_to` are inclusive, None means unlimited. Of several plans valid on a day the one with the
    highest priority applies, then the one with the latest `valid_from`. With `on_holidays` national holidays don't
    close it. Raises ValueError when the spans of a day are not in order.
    """

    name: str
    week: Mapping[int, Spans]
    valid_from: date | None = None
    valid_to: date | None = None
    priority: int = 0
    on_holidays: bool = False

    def __post_init__(self) -> None:
        for weekday, spans in self.week.items():
            if not 0 <= weekday <= 6:
                raise ValueError(f"no weekday {weekday}")
            check_spans(spans)

    def covers(self, day: date) -> bool:
        """Return whether the plan is valid on this day."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


@dataclass(frozen=True, slots=True)
class DayOverride:
    """The city's decision for one day: a local holiday (`open=False`), or service on a holiday.

    The latter only cancels the holiday: on a weekday without hours in the plan the office stays closed.
    """

    day: date
    open: bool
    name: str


@dataclass(frozen=True, slots=True)
class ClosedPeriod:
    """An approved closure from `start` (included) to `end` (excluded). It only removes duty."""

    start: datetime
    end: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class DutyDay:
    """The duty of one local day in order. `why` names the plan, holiday or closure behind it."""

    day: date
    intervals: tuple[Interval, ...] = field(default=())
    why: str = ""


def duty_day(
    day: date,
    plans: Iterable[WeeklyPlan],
    holidays: Mapping[date, str],
    overrides: Mapping[date, DayOverride],
    shuts: Sequence[ClosedPeriod],
    zone: tzinfo,
) -> DutyDay:
    """Return the duty of one local day in `zone`. An override takes precedence over holidays; closures are cut out."""
    override = overrides.get(day)
    if override and not override.open:
        return DutyDay(day, why=override.name)
    plan = plan_of(day, plans)
    if day in holidays and not override and not (plan and plan.on_holidays):
        return DutyDay(day, why=holidays[day])
    if plan is None:
        return DutyDay(day)
    served = [_clock(day, span, zone) for span in plan.week.get(day.weekday(), ())]
    pieces, reasons = _cut([(start, end) for start, end in served if start < end], shuts)
    why = (override.name if override else plan.name, *reasons)
    return DutyDay(day, _mark_ends(pieces), " · ".join(why if pieces or not reasons else reasons))


def plan_of(day: date, plans: Iterable[WeeklyPlan]) -> WeeklyPlan | None:
    """Return the plan that applies on this day, or None."""
    valid = (plan for plan in plans if plan.covers(day))
    return max(valid, key=lambda plan: (plan.priority, plan.valid_from or date.min), default=None)


def interval_from(intervals: Iterable[Interval], at: datetime) -> Interval | None:
    """Return the interval that contains `at`, or else the next one, or None. `intervals` are in order."""
    return next((interval for interval in intervals if at < interval.end), None)


def interval_at(intervals: Iterable[Interval], at: datetime) -> Interval | None:
    """Return the interval that contains `at`, or None. `intervals` are in order."""
    interval = interval_from(intervals, at)
    return interval if interval and interval.start <= at else None


SPAN = re.compile(r"(\d{1,2})[:.](\d{2})\s*[-–]\s*(\d{1,2})[:.](\d{2})", re.ASCII)


def parse_spans(text: str) -> Spans:
    """Parse "07:30-12:00,13:00-16:00" into ((450, 720), (780, 960)); "" into ().

    Raises ValueError, which names the wrong part.
    """
    spans = tuple(_parse_span(part.strip()) for part in text.split(",")) if text.strip() else ()
    check_spans(spans)
    return spans


def format_spans(spans: Spans) -> str:
    """Format spans as parse_spans reads them."""
    return ",".join(f"{format_minute(start)}-{format_minute(end)}" for start, end in spans)


def format_minute(minute: Minute) -> str:
    """Format a minute of the day as "07:30"."""
    return f"{minute // 60:02}:{minute % 60:02}"


def check_spans(spans: Spans) -> None:
    """Raise ValueError unless the spans are within the day, in order, and separated by breaks."""
    free_from = -1
    for start, end in spans:
        if not 0 <= start < end <= DAY_MINUTES:
            raise ValueError(f"{format_minute(start)}-{format_minute(end)} is not a span of a day")
        if start <= free_from:
            raise ValueError(f"{format_minute(start)}-{format_minute(end)} overlaps or touches the span before")
        free_from = end


def _parse_span(text: str) -> Span:
    match = SPAN.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a span such as 07:30-12:00")
    hour, minute, end_hour, end_minute = map(int, match.groups())
    if minute > 59 or end_minute > 59:
        raise ValueError(f"{text!r} has more than 59 minutes in an hour")
    return hour * 60 + minute, end_hour * 60 + end_minute


def _clock(day: date, span: Span, zone: tzinfo) -> tuple[datetime, datetime]:
    start, end = (_instant(day, minute, zone) for minute in span)
    return start, end


def _instant(day: date, minute: Minute, zone: tzinfo) -> datetime:
    days, minute = divmod(minute, DAY_MINUTES)
    wall = datetime.combine(day + timedelta(days), time(*divmod(minute, 60)), tzinfo=zone)
    return wall.astimezone(UTC)


def _cut(
    pieces: list[tuple[datetime, datetime]], shuts: Sequence[ClosedPeriod]
) -> tuple[list[tuple[datetime, datetime]], list[str]]:
    """Return the pieces without the closures, and the reasons of the closures that removed something."""
    reasons: list[str] = []
    for shut in sorted(shuts, key=lambda shut: shut.start):
        left = []
        for start, end in pieces:
            if shut.start >= shut.end or shut.end <= start or end <= shut.start:
                left.append((start, end))
                continue
            left += [piece for piece in ((start, shut.start), (shut.end, end)) if piece[0] < piece[1]]
        if left != pieces and shut.reason not in reasons:
            reasons.append(shut.reason)
        pieces = left
    return pieces, reasons


def _mark_ends(pieces: list[tuple[datetime, datetime]]) -> tuple[Interval, ...]:
    final = len(pieces) - 1
    return tuple(
        Interval(start.astimezone(UTC), end.astimezone(UTC), first=i == 0, last=i == final)
        for i, (start, end) in enumerate(pieces)
    )


def _week(monday_to_thursday: str, friday: str) -> Mapping[int, Spans]:
    days = dict.fromkeys(range(4), parse_spans(monday_to_thursday))
    return MappingProxyType({**days, 4: parse_spans(friday)})


# Perpres 21/2023 with Palembang's clock times.
NORMAL_WEEK = _week("07:30-12:00,13:00-16:00", "07:30-11:30,13:00-16:30")
RAMADAN_WEEK = _week("08:00-12:00,12:30-15:00", "08:00-11:30,12:30-15:30")
NORMAL = WeeklyPlan("Jam kerja normal", NORMAL_WEEK)


def ramadan(first: date, last: date) -> WeeklyPlan:
    """Return the Ramadan hours for the dates that the city has announced; they can't be computed."""
    return WeeklyPlan("Jam kerja Ramadan", RAMADAN_WEEK, first, last, priority=10)
