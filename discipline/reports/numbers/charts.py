"""Numbers of a report → shapes to draw: stacked bars, trend, heat map, calendar. Coordinates are text for SVG. Pure.

Shares are 0 to 1, and None where too little is known: such a place is drawn as a gap or hatched, never as a low one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from discipline.reports.numbers.figures import Sums
from discipline.reports.numbers.period import DAY, Period

WIDTH = 1000  # of what is stretched to the page
PARTS = ("staffed", "grace", "absent", "excused", "unknown")
STEPS = (0.6, 0.8, 0.9, 0.95)  # a share from the last on has the deepest colour
THINNEST_S = 900  # an hour of the week of which less counts says nothing
PLOT, LANE, GAP = 150, 24, 10  # px: availability, coverage below it
CELL_W, CELL_H, HEAD_W, HEAD_H = 46, 32, 48, 24  # of heat map and calendar
DAY_H = 46


class DutyBar(NamedTuple):
    """A part of the duty, in thousandths of it."""

    kind: str
    seconds: int
    x: str
    width: str


def stacked_bar(sums: Sums) -> list[DutyBar]:
    """The duty from left to right as its five parts, those of no length left out."""
    bars, at = [], 0
    for kind in PARTS:
        seconds = int(getattr(sums, f"{kind}_s"))
        if seconds:
            bars.append(DutyBar(kind, seconds, _text(at / sums.duty_s * WIDTH), _text(seconds / sums.duty_s * WIDTH)))
        at += seconds
    return bars


def share(sums: Sums, floor: int) -> float | None:
    """Availability, where enough is known."""
    return sums.availability if sums.enough(floor) else None


def colour_step(value: float) -> int:
    """How deep the colour of a share is: 0 (least available) to 4."""
    return sum(value >= edge for edge in STEPS)


class TrendDot(NamedTuple):
    """One step of a trend: `x` in per cent of the width, `left` of its column in thousandths. `y` is None in a gap;
    `lane_y` and `lane_h` are its column of coverage."""

    x: str
    y: str | None
    left: str
    lane_y: str
    lane_h: str
    labelled: bool


@dataclass(frozen=True, slots=True)
class Trend:
    """`lines` and `before` are polylines' points, a new one after each gap. `grid`: (y, percent)."""

    lines: list[str]
    before: list[str]
    dots: list[TrendDot]
    grid: list[tuple[str, int]]
    column: str
    height: int = PLOT + GAP + LANE
    lane_top: int = PLOT + GAP
    lane_height: int = LANE


def trend_chart(now: Sequence[Sums], before: Sequence[Sums], floor: int) -> Trend | None:
    """The shares of the steps of a period, the period before paler beneath, step by step. None without any. A line
    goes on over steps without duty."""
    shares = [share(sums, floor) for sums in now]
    earlier = before[: len(now)]
    known = [value for value in (*shares, *(share(sums, floor) for sums in earlier)) if value is not None]
    if not known or len(now) < 2:
        return None
    lowest = min(90, int(min(known) * 10) * 10)
    column = WIDTH / len(now)

    def y(value: float) -> float:
        return 4 + (PLOT - 8) * (100 - value * 100) / (100 - lowest)

    def points(steps: Sequence[Sums]) -> list[str]:
        runs: list[list[str]] = [[]]
        for index, sums in enumerate(steps):
            value = share(sums, floor)
            if value is not None:
                runs[-1].append(f"{_text((index + 0.5) * column)},{_text(y(value))}")
            elif sums.duty_s:
                runs.append([])
        return [" ".join(run) for run in runs if len(run) > 1]

    every = -(-len(now) // 12)
    dots = []
    for index, (sums, value) in enumerate(zip(now, shares, strict=True)):
        tall = (sums.coverage or 0) * LANE
        dots.append(
            TrendDot(
                x=_text((index + 0.5) * column / 10),
                y=None if value is None else _text(y(value)),
                left=_text(index * column),
                lane_y=_text(PLOT + GAP + LANE - tall),
                lane_h=_text(tall),
                labelled=index % every == 0,
            )
        )
    grid = [(_text(y(percent / 100)), percent) for percent in (lowest, (lowest + 100) // 2, 100)]
    return Trend(points(now), points(earlier), dots, grid, _text(column))


class HeatCell(NamedTuple):
    """An hour of the week; `value` is None when too little counts there."""

    weekday: int
    hour: int
    x: int
    y: int
    value: float | None
    step: int


class WeekdayColumn(NamedTuple):
    """A weekday (1 = Monday) of a heat map, with how much of its duty was seen."""

    weekday: int
    x: int
    coverage: float | None


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Weekdays from left to right, hours downwards, below them the coverage at `foot`."""

    weekdays: list[WeekdayColumn]
    hours: list[tuple[int, int]]  # with y
    cells: list[HeatCell]
    width: int
    foot: int

    @property
    def height(self) -> int:
        return self.foot + HEAD_H

    @property
    def rows(self) -> list[tuple[int, list[HeatCell | None]]]:
        """The cells by hour, for the table."""
        known = {(cell.weekday, cell.hour): cell for cell in self.cells}
        return [(hour, [known.get((column.weekday, hour)) for column in self.weekdays]) for hour, _ in self.hours]


def heat_map(
    found: Mapping[tuple[int, int], tuple[int, int]], weekdays: Mapping[int, Sums], floor: int
) -> HeatMap | None:
    """`found`: (weekday, hour) → (seconds staffed, seconds that count). Of a weekday that was seen too little no hour
    has a value."""
    if not found:
        return None
    columns = [
        WeekdayColumn(weekday, HEAD_W + index * CELL_W, weekdays[weekday].coverage)
        for index, weekday in enumerate(sorted({weekday for weekday, _ in found}))
    ]
    hours = range(min(hour for _, hour in found), max(hour for _, hour in found) + 1)
    places = [(hour, HEAD_H + index * CELL_H) for index, hour in enumerate(hours)]
    cells = []
    for hour, y in places:
        for weekday, x, _ in columns:
            staffed, counted = found.get((weekday, hour), (0, 0))
            if not counted:
                continue
            known = weekdays[weekday].enough(floor) and counted >= THINNEST_S
            value = staffed / counted if known else None
            cells.append(HeatCell(weekday, hour, x, y, value, 0 if value is None else colour_step(value)))
    return HeatMap(columns, places, cells, HEAD_W + len(columns) * CELL_W, HEAD_H + len(places) * CELL_H)


def by_weekday(days: Mapping[date, Sums]) -> dict[int, Sums]:
    """Added up by ISO weekday."""
    found: dict[int, Sums] = defaultdict(Sums)
    for day, sums in days.items():
        found[day.isoweekday()] += sums
    return found


class DayCell(NamedTuple):
    """A day of a calendar. `sums` is None without duty; `value` when too little is known; `bar` is the coverage as a
    width."""

    day: date
    x: int
    y: int
    sums: Sums | None
    value: float | None
    step: int
    bar: str


@dataclass(frozen=True, slots=True)
class CalendarMonth:
    """What of a month lies in the period, as weeks from Monday."""

    first: date
    cells: list[DayCell]
    columns: list[tuple[int, int]]  # weekday with x
    width: int
    height: int


def calendar_chart(period: Period, days: Mapping[date, Sums], floor: int) -> list[CalendarMonth]:
    """Its months in order."""
    months: list[CalendarMonth] = []
    first = period.first
    while first <= period.last:
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        months.append(_month(first, min(following - DAY, period.last), days, floor))
        first = following
    return months


def _month(first: date, last: date, days: Mapping[date, Sums], floor: int) -> CalendarMonth:
    cells = []
    day, row = first, 0
    while day <= last:
        sums = days.get(day)
        duty = sums if sums and sums.duty_s else None
        value = share(duty, floor) if duty else None
        cells.append(
            DayCell(
                day=day,
                x=day.weekday() * CELL_W,
                y=HEAD_H + row * DAY_H,
                sums=duty,
                value=value,
                step=0 if value is None else colour_step(value),
                bar=_text(((duty.coverage or 0) if duty else 0) * (CELL_W - 10)),
            )
        )
        row += day.isoweekday() == 7
        day += DAY
    rows = cells[-1].y + DAY_H
    return CalendarMonth(first, cells, [(weekday, (weekday - 1) * CELL_W) for weekday in range(1, 8)], 7 * CELL_W, rows)


def _text(number: float) -> str:
    return f"{number:.1f}"
