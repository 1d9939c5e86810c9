"""A report's charts: periods with too few looks are gaps, never low values."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from discipline.reports.numbers import charts
from discipline.reports.numbers.figures import Sums
from discipline.reports.numbers.period import Period, PeriodKind, period_of

HOUR = 3600
FLOOR = 60
MONDAY = date(2026, 11, 16)
FULL = Sums(counter_days=1, duty_s=10 * HOUR, staffed_s=10 * HOUR)
HALF = Sums(counter_days=1, duty_s=10 * HOUR, staffed_s=5 * HOUR, absent_s=5 * HOUR)
BLIND = Sums(counter_days=1, duty_s=10 * HOUR, staffed_s=1 * HOUR, unknown_s=9 * HOUR)
FREE = Sums()
lengths = st.integers(0, 400_000)


@given(lengths, lengths, lengths, lengths, lengths)
def test_the_stacked_bar_is_filled_by_its_parts_and_by_nothing_else(
    staffed: int, grace: int, absent: int, excused: int, unknown: int
) -> None:
    parts = {"staffed_s": staffed, "grace_s": grace, "absent_s": absent, "excused_s": excused, "unknown_s": unknown}
    sums = Sums.of(parts | {"duty_s": sum(parts.values())})
    bars = charts.stacked_bar(sums)
    assert sum(bar.seconds for bar in bars) == sums.duty_s
    assert all(bar.seconds for bar in bars)
    at = 0.0
    for bar in bars:
        assert abs(float(bar.x) - at) < 0.5
        at = float(bar.x) + float(bar.width)
    assert not bars or abs(at - charts.WIDTH) < 0.5


def test_a_trend_goes_on_over_a_sunday_and_breaks_where_too_little_was_seen() -> None:
    drawn = charts.trend_chart([FULL, FREE, HALF, BLIND, FULL, FULL], [], FLOOR)
    assert drawn
    assert [len(line.split()) for line in drawn.lines] == [2, 2]
    assert [dot.y is None for dot in drawn.dots] == [False, True, False, True, False, False]
    assert drawn.grid[0][1] == 50
    assert float(drawn.dots[0].y or 0) < float(drawn.dots[2].y or 0)  # larger values are higher


def test_the_coverage_lies_under_each_step() -> None:
    drawn = charts.trend_chart([FULL, BLIND], [HALF, HALF, HALF], FLOOR)
    assert drawn
    assert [float(dot.coverage_h) for dot in drawn.dots] == [24.0, 2.4]
    assert [len(line.split()) for line in drawn.before] == [2]  # no longer than this period


def test_nothing_known_is_no_trend_and_a_single_step_neither() -> None:
    assert charts.trend_chart([BLIND, FREE], [], FLOOR) is None
    assert charts.trend_chart([FULL], [FULL], FLOOR) is None


def test_the_heat_map_leaves_the_break_empty_and_hatches_what_was_hardly_seen() -> None:
    found = {(1, 11): (1800, 3600), (1, 13): (3600, 3600), (2, 11): (60, 60), (5, 13): (0, 3600)}
    drawn = charts.heat_map(found, {1: FULL, 2: HALF, 5: BLIND}, FLOOR)
    assert drawn
    assert [(column.weekday, column.coverage) for column in drawn.weekdays] == [(1, 1.0), (2, 1.0), (5, 0.1)]
    assert [hour for hour, _ in drawn.rows] == [11, 12, 13]
    values = {(cell.weekday, cell.hour): cell.value for cell in drawn.cells}
    assert values == {(1, 11): 0.5, (2, 11): None, (1, 13): 1.0, (5, 13): None}
    assert drawn.rows[1] == (12, [None, None, None])
    assert charts.heat_map({}, {}, FLOOR) is None


def test_weekdays_are_added_up_over_all_weeks() -> None:
    days = {MONDAY: BLIND, MONDAY + timedelta(7): FULL, MONDAY + timedelta(1): HALF}
    assert charts.by_weekday(days) == {1: BLIND + FULL, 2: HALF}


def test_a_calendar_stands_on_its_weekdays_and_holds_each_day_once() -> None:
    november = period_of(PeriodKind.MONTH, MONDAY)
    (month,) = charts.calendar_chart(november, {MONDAY: HALF, MONDAY + timedelta(1): BLIND}, FLOOR)
    assert [cell.day.day for cell in month.cells] == list(range(1, 31))
    by_day = {cell.day.day: cell for cell in month.cells}
    assert (by_day[1].x, by_day[2].x, by_day[16].x) == (6 * charts.CELL_W, 0, 0)
    assert by_day[2].y > by_day[1].y
    assert (by_day[16].value, by_day[17].value, by_day[18].sums) == (0.5, None, None)


@given(st.dates(date(2001, 1, 1), date(2099, 1, 1)), st.integers(14, 100))
def test_calendars_hold_every_day_of_any_range(first: date, days: int) -> None:
    period = Period(PeriodKind.RANGE, first, first + timedelta(days - 1))
    held = [cell.day for month in charts.calendar_chart(period, {}, FLOOR) for cell in month.cells]
    assert held == [first + timedelta(n) for n in range(days)]


def test_colours_deepen_with_the_share() -> None:
    shares = [0.0, 0.59, 0.6, 0.85, 0.9, 0.95, 1.0]
    scale = charts.colour_scale(shares)
    assert [scale.step(value) for value in (*shares, None)] == [0, 0, 1, 2, 3, 4, 4, 0]
    assert scale.colours == "step"


def test_where_no_share_is_low_the_classes_are_where_the_differences_are() -> None:
    shares = [0.921, 0.95, 0.96, 0.975, 0.99, None]
    scale = charts.colour_scale(shares)
    assert [scale.step(value) for value in shares] == [0, 2, 2, 3, 4, 0]
    assert scale.edges == (0.935, 0.949, 0.962, 0.976)
    assert scale.colours == "depth"
    assert charts.colour_scale([0.985, 0.985]).edges == (0.977, 0.979, 0.981, 0.983)  # no classes of a hair's breadth
    assert charts.colour_scale([0.899, 1.0]).colours == charts.colour_scale([None]).colours == "step"


def test_bars_begin_at_zero() -> None:
    assert [charts.bar(value, 400) for value in (0, 100, 400)] == ["", "250.0", "1000.0"]
    assert charts.bar(5, 0) == ""
