"""Lay out a report's charts: stacked bars, trend, heat map, calendar. Pure.

Coordinates are text for SVG. Shares are 0 to 1; None means too little data, drawn as a gap or hatched, never as a low
share.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from discipline.reports.numbers.figures import Sums
from discipline.reports.numbers.period import DAY, Period

WIDTH = 1000  # of the charts that are stretched to the page
PARTS = ("staffed", "grace", "absent", "excused", "unknown")
STEPS = (0.6, 0.8, 0.9, 0.95)  # lower limits of colour steps 1 to 4 where a share is below HIGH
HIGH = 0.9
LEAST_SPREAD = 0.01  # of the shares that five classes divide
THINNEST_S = 900  # an hour of the week with fewer counted seconds has too little data
PLOT, COVERAGE, GAP = 150, 24, 10  # px: availability, coverage below it
CELL_W, CELL_H, HEAD_W, HEAD_H = 46, 32, 48, 24  # of heat map and calendar
DAY_H = 46


class DutyBar(NamedTuple):
    """A part of the duty (PARTS); `x` and `width` are in thousandths of it."""

    kind: str
    seconds: int
    x: str
    width: str


def stacked_bar(sums: Sums) -> list[DutyBar]:
    """Return the parts of the duty from left to right, without empty ones."""
    bars, at = [], 0
    for kind in PARTS:
        seconds = int(getattr(sums, f"{kind}_s"))
        if seconds:
            bars.append(DutyBar(kind, seconds, _text(at / sums.duty_s * WIDTH), _text(seconds / sums.duty_s * WIDTH)))
        at += seconds
    return bars


def share(sums: Sums, floor: int) -> float | None:
    """Return availability, 0 to 1; None below the coverage floor (percent)."""
    return sums.availability if sums.enough(floor) else None


def bar(value: int, longest: int) -> str:
    """Return the width of a bar that starts at zero, in thousandths of the longest; "" without a length."""
    return _text(value / longest * WIDTH) if value and longest else ""


class ColourScale(NamedTuple):
    """The lower limits of colour steps 1 to 4. `even`: five equal classes between the shares shown, none low."""

    edges: tuple[float, ...]
    even: bool

    def step(self, value: float | None) -> int:
        """Return the depth of a share's colour, 0 (least available, or unknown) to 4."""
        return 0 if value is None else sum(value >= edge for edge in self.edges)

    @property
    def colours(self) -> str:
        """The beginning of the CSS class of a step."""
        return "depth" if self.even else "step"


def colour_scale(values: Iterable[float | None]) -> ColourScale:
    """Return the scale of a chart: fixed limits, or if no share is below HIGH, limits that show the differences.

    Those are whole tenths of a percent.
    """
    known = [value for value in values if value is not None]
    if not known or min(known) < HIGH:
        return ColourScale(STEPS, even=False)
    highest = max(known)
    lowest = min(min(known), highest - LEAST_SPREAD)
    edges = tuple(round(lowest + (highest - lowest) * step / 5, 3) for step in range(1, 5))
    return ColourScale(edges, even=True)


class TrendDot(NamedTuple):
    """A step of a trend: `x` in percent of the width, `y` in pixels (None without availability).

    `left`, in thousandths of the width, `coverage_y` and `coverage_h`, in pixels, place its column of coverage.
    `labelled`: every step, or every nth so that there are at most 12 labels.
    """

    x: str
    y: str | None
    left: str
    coverage_y: str
    coverage_h: str
    labelled: bool


@dataclass(frozen=True, slots=True)
class Trend:
    """A trend. `lines` and `before` are points of polylines, interrupted by gaps; `grid`: (y, percent)."""

    lines: list[str]
    before: list[str]
    dots: list[TrendDot]
    grid: list[tuple[str, int]]
    column: str
    height: int = PLOT + GAP + COVERAGE
    coverage_top: int = PLOT + GAP
    coverage_height: int = COVERAGE


def trend_chart(now: Sequence[Sums], before: Sequence[Sums], floor: int) -> Trend | None:
    """Lay out the steps of a period and, step by step, of the period before.

    A line is interrupted where there is too little data, but not by steps without duty. None for fewer than two steps
    or without any share.
    """
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
        tall = (sums.coverage or 0) * COVERAGE
        dots.append(
            TrendDot(
                x=_text((index + 0.5) * column / 10),
                y=None if value is None else _text(y(value)),
                left=_text(index * column),
                coverage_y=_text(PLOT + GAP + COVERAGE - tall),
                coverage_h=_text(tall),
                labelled=index % every == 0,
            )
        )
    grid = [(_text(y(percent / 100)), percent) for percent in (lowest, (lowest + 100) // 2, 100)]
    return Trend(points(now), points(earlier), dots, grid, _text(column))


class HeatCell(NamedTuple):
    """An hour of the week; `value` is its availability, None with too little data. `x`, `y` in pixels."""

    weekday: int
    hour: int
    x: int
    y: int
    value: float | None
    step: int


class WeekdayColumn(NamedTuple):
    """A weekday (1: Monday) of a heat map with its coverage."""

    weekday: int
    x: int
    coverage: float | None


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Weekdays from left to right, hours from top to bottom, the coverage below them at y = `foot`."""

    weekdays: list[WeekdayColumn]
    hours: list[tuple[int, int]]  # with y
    cells: list[HeatCell]
    width: int
    foot: int
    scale: ColourScale

    @property
    def height(self) -> int:
        """The height in pixels."""
        return self.foot + HEAD_H

    @property
    def rows(self) -> list[tuple[int, list[HeatCell | None]]]:
        """The cells by hour, in the order of `weekdays`, for the table; None where nothing counts."""
        known = {(cell.weekday, cell.hour): cell for cell in self.cells}
        return [(hour, [known.get((column.weekday, hour)) for column in self.weekdays]) for hour, _ in self.hours]


def heat_map(
    hourly: Mapping[tuple[int, int], tuple[int, int]], weekdays: Mapping[int, Sums], floor: int
) -> HeatMap | None:
    """Lay out the availability by hour of the week (tables.hourly_availability); None without any.

    Hours of a weekday below the coverage floor have no value.
    """
    if not hourly:
        return None
    columns = [
        WeekdayColumn(weekday, HEAD_W + index * CELL_W, weekdays[weekday].coverage)
        for index, weekday in enumerate(sorted({weekday for weekday, _ in hourly}))
    ]
    hours = range(min(hour for _, hour in hourly), max(hour for _, hour in hourly) + 1)
    places = [(hour, HEAD_H + index * CELL_H) for index, hour in enumerate(hours)]
    values: dict[tuple[int, int], float | None] = {}
    for (weekday, hour), (staffed, counted) in hourly.items():
        known = weekdays[weekday].enough(floor) and counted >= THINNEST_S
        if counted:
            values[weekday, hour] = staffed / counted if known else None
    scale = colour_scale(values.values())
    cells = [
        HeatCell(weekday, hour, x, y, values[weekday, hour], scale.step(values[weekday, hour]))
        for hour, y in places
        for weekday, x, _ in columns
        if (weekday, hour) in values
    ]
    return HeatMap(columns, places, cells, HEAD_W + len(columns) * CELL_W, HEAD_H + len(places) * CELL_H, scale)


def by_weekday(days: Mapping[date, Sums]) -> dict[int, Sums]:
    """Return the sums by ISO weekday."""
    totals: dict[int, Sums] = defaultdict(Sums)
    for day, sums in days.items():
        totals[day.isoweekday()] += sums
    return totals


class DayCell(NamedTuple):
    """A day of a calendar at `x`, `y` (pixels); `value` is its availability and `bar` its coverage as a width.

    `sums` is None without duty, `value` with too little data.
    """

    day: date
    x: int
    y: int
    sums: Sums | None
    value: float | None
    step: int
    bar: str


@dataclass(frozen=True, slots=True)
class CalendarMonth:
    """The days of a month that lie in the period, a row per week, from Monday. Sizes are in pixels."""

    first: date
    cells: list[DayCell]
    columns: list[tuple[int, int]]  # weekday with x
    width: int
    height: int
    scale: ColourScale  # the same for all months of a chart


def calendar_chart(period: Period, days: Mapping[date, Sums], floor: int) -> list[CalendarMonth]:
    """Lay out the period's months in order."""
    months: list[CalendarMonth] = []
    scale = colour_scale(share(sums, floor) for day, sums in days.items() if day in period)
    first = period.first
    while first <= period.last:
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        months.append(_month(first, min(following - DAY, period.last), days, floor, scale))
        first = following
    return months


def _month(first: date, last: date, days: Mapping[date, Sums], floor: int, scale: ColourScale) -> CalendarMonth:
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
                step=scale.step(value),
                bar=_text(((duty.coverage or 0) if duty else 0) * (CELL_W - 10)),
            )
        )
        row += day.isoweekday() == 7
        day += DAY
    rows = cells[-1].y + DAY_H
    columns = [(weekday, (weekday - 1) * CELL_W) for weekday in range(1, 8)]
    return CalendarMonth(first, cells, columns, 7 * CELL_W, rows, scale)


def _text(number: float) -> str:
    return f"{number:.1f}"
