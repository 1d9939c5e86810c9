"""Weekly hours, breaks, Ramadan, holidays and closures → the duty intervals of a local day. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from types import MappingProxyType

Minute = int  # from local midnight, 0..1440; 1440 is 24:00
Span = tuple[Minute, Minute]
Spans = tuple[Span, ...]
DAY_MINUTES: Minute = 1440

WIB = timezone(timedelta(hours=7), "WIB")


@dataclass(frozen=True, slots=True)
class Interval:
    """Duty from `start` until just before `end` (aware UTC), inside one local day.

    `first` opens that day and `last` closes it; a day of one interval is both.
    """

    start: datetime
    end: datetime
    first: bool
    last: bool


@dataclass(frozen=True, slots=True)
class WeeklyPlan:
    """Service hours by weekday (0 = Monday), with breaks already cut out.

    Valid from and to are inclusive, None is without limit. Among the plans of a day the highest
    priority wins, then the latest `valid_from`. With `on_holidays` national holidays do not close it.
    ValueError if the spans of a day are not in order.
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
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


@dataclass(frozen=True, slots=True)
class DayOverride:
    """What the city decided for one day: a local holiday (`open=False`), or service on a holiday.

    It lifts the holiday only: on a weekday that the plan leaves free there are still no hours.
    """

    day: date
    open: bool
    name: str


@dataclass(frozen=True, slots=True)
class ClosedPeriod:
    """An approved closure, half open. It cuts duty and never adds any."""

    start: datetime
    end: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class DutyDay:
    """One local day: its duty in order, and why: the plan, the holiday, or the closure that shaped it."""

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
    """The duty of one local day. An override wins over the holidays; closures cut what is left."""
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
    valid = (plan for plan in plans if plan.covers(day))
    return max(valid, key=lambda plan: (plan.priority, plan.valid_from or date.min), default=None)


def interval_from(intervals: Iterable[Interval], at: datetime) -> Interval | None:
    """The interval that holds `at`, or else the next one. `intervals` are in order of time."""
    return next((interval for interval in intervals if at < interval.end), None)


def interval_at(intervals: Iterable[Interval], at: datetime) -> Interval | None:
    interval = interval_from(intervals, at)
    return interval if interval and interval.start <= at else None


SPAN = re.compile(r"(\d{1,2})[:.](\d{2})\s*[-–]\s*(\d{1,2})[:.](\d{2})", re.ASCII)


def parse_spans(text: str) -> Spans:
    """ "07:30-12:00,13:00-16:00" → ((450, 720), (780, 960)); "" → (). ValueError says which part is wrong."""
    spans = tuple(_parse_span(part.strip()) for part in text.split(",")) if text.strip() else ()
    check_spans(spans)
    return spans


def format_spans(spans: Spans) -> str:
    return ",".join(f"{format_minute(start)}-{format_minute(end)}" for start, end in spans)


def format_minute(minute: Minute) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def check_spans(spans: Spans) -> None:
    """ValueError unless the spans are inside the day, in order, and with a break between them."""
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
    """What the closures leave of the pieces, and the reasons of those that took something."""
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
    """The Ramadan hours for the dates that the city has announced; they can't be computed."""
    return WeeklyPlan("Jam kerja Ramadan", RAMADAN_WEEK, first, last, priority=10)
