"""Duty hours: weekly plans, holidays, Ramadan, closures and overrides, without a database."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offices.hours.duty import (
    DAY_MINUTES,
    NORMAL,
    NORMAL_WEEK,
    RAMADAN_WEEK,
    WIB,
    ClosedPeriod,
    DayOverride,
    DutyDay,
    Interval,
    Spans,
    WeeklyPlan,
    duty_day,
    format_spans,
    interval_at,
    interval_from,
    parse_spans,
    plan_of,
    ramadan,
)
from offices.hours.national import national_holidays
from tests.support.clock import wib

MONDAY = date(2026, 11, 23)
FRIDAY = date(2026, 11, 27)
SATURDAY = date(2026, 11, 28)
RAMADAN = ramadan(date(2026, 2, 19), date(2026, 3, 20))


def hours_of(day: DutyDay) -> str:
    """Return the day's duty as a sign on the office's door would show it."""
    return ",".join(f"{i.start.astimezone(WIB):%H:%M}-{i.end.astimezone(WIB):%H:%M}" for i in day.intervals)


def on(
    day: date,
    *shuts: ClosedPeriod,
    plans: Sequence[WeeklyPlan] = (NORMAL, RAMADAN),
    holidays: Mapping[date, str] | None = None,
    overrides: Sequence[DayOverride] = (),
) -> DutyDay:
    return duty_day(day, plans, holidays or {}, {o.day: o for o in overrides}, shuts, WIB)


def test_monday_has_an_hour_of_lunch() -> None:
    monday = on(MONDAY)
    assert hours_of(monday) == "07:30-12:00,13:00-16:00"
    assert monday.intervals[0] == Interval(wib("07:30", MONDAY), wib("12:00", MONDAY), first=True, last=False)
    assert monday.intervals[1] == Interval(wib("13:00", MONDAY), wib("16:00", MONDAY), first=False, last=True)
    assert monday.why == "Jam kerja normal"


def test_friday_has_a_prayer_break_and_ends_later() -> None:
    assert hours_of(on(FRIDAY)) == "07:30-11:30,13:00-16:30"


def test_saturday_is_free() -> None:
    assert on(SATURDAY).intervals == ()


def test_the_weeks_sum_up_to_the_decree() -> None:
    def minutes(week: Mapping[int, Spans]) -> int:
        return sum(end - start for spans in week.values() for start, end in spans)

    assert minutes(NORMAL_WEEK) == 37.5 * 60
    assert minutes(RAMADAN_WEEK) == 32.5 * 60


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2026, 2, 18), "07:30-12:00,13:00-16:00"),
        (date(2026, 2, 19), "08:00-12:00,12:30-15:00"),
        (date(2026, 2, 20), "08:00-11:30,12:30-15:30"),
        (date(2026, 3, 20), "08:00-11:30,12:30-15:30"),
        (date(2026, 3, 25), "07:30-12:00,13:00-16:00"),
    ],
)
def test_ramadan_hours_hold_from_its_first_to_its_last_day(day: date, hours: str) -> None:
    assert hours_of(on(day)) == hours


def test_among_equal_plans_the_newest_wins() -> None:
    old = WeeklyPlan("old", NORMAL_WEEK, valid_from=date(2025, 1, 1))
    new = WeeklyPlan("new", NORMAL_WEEK, valid_from=date(2026, 1, 1))
    assert plan_of(MONDAY, [new, old, NORMAL]) is new
    assert plan_of(date(2025, 6, 1), [new, old, NORMAL]) is old


def test_an_office_without_a_plan_has_no_duty() -> None:
    assert on(MONDAY, plans=()) == DutyDay(MONDAY)


def test_a_national_holiday_is_free_and_says_its_name() -> None:
    independence = date(2026, 8, 17)
    day = on(independence, holidays=national_holidays([2026]))
    assert day == DutyDay(independence, (), "Hari Kemerdekaan Republik Indonesia")


def test_cuti_bersama_is_free_too() -> None:
    leave = date(2026, 3, 23)
    day = on(leave, holidays=national_holidays([2026]))
    assert day.intervals == ()
    assert day.why == "Cuti Bersama Hari Raya Idul Fitri"


def test_holidays_of_several_years_come_together() -> None:
    assert {day.year for day in national_holidays([2027, 2026, 2026])} == {2026, 2027}


def test_a_local_holiday_frees_a_working_day() -> None:
    day = on(MONDAY, overrides=[DayOverride(MONDAY, open=False, name="Hari Jadi Kota Palembang")])
    assert day == DutyDay(MONDAY, (), "Hari Jadi Kota Palembang")


def test_an_office_may_serve_on_a_holiday() -> None:
    overrides = [DayOverride(MONDAY, open=True, name="Pelayanan khusus")]
    day = on(MONDAY, holidays={MONDAY: "Libur"}, overrides=overrides)
    assert hours_of(day) == "07:30-12:00,13:00-16:00"
    assert day.why == "Pelayanan khusus"


def test_a_closure_in_the_morning_moves_the_opening() -> None:
    day = on(MONDAY, ClosedPeriod(wib("07:00", MONDAY), wib("09:15", MONDAY), "Apel"))
    assert hours_of(day) == "09:15-12:00,13:00-16:00"
    assert day.intervals[0].first
    assert day.why == "Jam kerja normal · Apel"


def test_a_closure_of_the_afternoon_makes_noon_the_closing() -> None:
    day = on(MONDAY, ClosedPeriod(wib("12:30", MONDAY), wib("17:00", MONDAY), "Rapat kecamatan"))
    assert hours_of(day) == "07:30-12:00"
    assert day.intervals[0].first
    assert day.intervals[0].last


def test_a_closure_in_the_middle_splits_an_interval() -> None:
    day = on(MONDAY, ClosedPeriod(wib("09:00", MONDAY), wib("10:00", MONDAY), "Posyandu"))
    assert hours_of(day) == "07:30-09:00,10:00-12:00,13:00-16:00"
    assert [(i.first, i.last) for i in day.intervals] == [(True, False), (False, False), (False, True)]


def test_a_closure_of_the_whole_day_is_the_reason() -> None:
    day = on(MONDAY, ClosedPeriod(wib("00:00", MONDAY), wib("00:00", SATURDAY), "Renovasi"))
    assert day == DutyDay(MONDAY, (), "Renovasi")


def test_a_closure_during_lunch_changes_nothing() -> None:
    assert on(MONDAY, ClosedPeriod(wib("12:00", MONDAY), wib("13:00", MONDAY), "Arisan")) == on(MONDAY)


def test_round_the_clock_days_touch_at_midnight_and_still_open_and_close() -> None:
    plan = WeeklyPlan("Siaga", dict.fromkeys(range(7), parse_spans("00:00-24:00")))
    monday, tuesday = on(MONDAY, plans=[plan]), on(MONDAY + timedelta(days=1), plans=[plan])
    assert monday.intervals[0].end == tuesday.intervals[0].start
    assert monday.intervals[0].last
    assert tuesday.intervals[0].first


def test_a_board_finds_the_interval() -> None:
    intervals = on(MONDAY).intervals
    morning, afternoon = intervals
    assert interval_at(intervals, wib("07:29", MONDAY)) is None
    assert interval_at(intervals, wib("07:30", MONDAY)) is morning
    assert interval_at(intervals, wib("12:00", MONDAY)) is None
    assert interval_from(intervals, wib("12:00", MONDAY)) is afternoon
    assert interval_from(intervals, wib("16:00", MONDAY)) is None


def test_hours_may_be_written_the_indonesian_way() -> None:
    assert parse_spans(" 07.30 – 12.00, 13.00-24.00 ") == ((450, 720), (780, 1440))
    assert parse_spans("") == ()


@pytest.mark.parametrize(
    "text",
    [
        *("pagi", "07:30", "12:00-07:30", "07:30-07:30", "07:60-08:00", "07:30-25:00", "24:00-24:30"),
        *("08:00-10:00,09:00-11:00", "08:00-10:00,10:00-11:00", "13:00-16:00,07:30-12:00"),
        *("07:30-12:00,", "٠٧:30-08:00"),
    ],
)
def test_hours_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"span|minutes"):
        parse_spans(text)


def test_a_plan_with_an_eighth_day_is_refused() -> None:
    with pytest.raises(ValueError, match="weekday 7"):
        WeeklyPlan("?", {7: ((450, 720),)})


def test_where_clocks_change_the_door_still_opens_at_its_hour() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    plan = WeeklyPlan("Sonntag", {6: parse_spans("01:00-02:30,08:00-12:00")})
    day = duty_day(date(2026, 3, 29), [plan], {}, {}, [], berlin)
    assert day.intervals[-1].start == datetime(2026, 3, 29, 6, tzinfo=UTC)


# Properties

spans = st.lists(st.integers(0, DAY_MINUTES), unique=True, max_size=8).map(
    lambda edges: tuple(pairwise(sorted(edges)))[::2]
)
weeks = st.dictionaries(st.integers(0, 6), spans, min_size=5)
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@st.composite
def closures(draw: st.DrawFn, day: date) -> list[ClosedPeriod]:
    midnight = wib("00:00", day)
    starts = draw(st.lists(st.tuples(st.integers(-600, 2000), st.integers(-30, 900)), max_size=4))
    return [
        ClosedPeriod(midnight + timedelta(minutes=start), midnight + timedelta(minutes=start + length), "Izin")
        for start, length in starts
    ]


@settings(max_examples=150, deadline=None)
@given(st.data(), days, weeks)
def test_duty_is_in_order_inside_its_day_and_outside_every_closure(
    data: st.DataObject, day: date, week: Mapping[int, Spans]
) -> None:
    shuts = data.draw(closures(day))
    found = duty_day(day, [WeeklyPlan("p", week)], {}, {}, shuts, WIB).intervals
    midnight = wib("00:00", day)
    for interval in found:
        assert midnight <= interval.start < interval.end <= midnight + timedelta(days=1)
        assert interval.start.tzinfo is UTC
        assert interval.end.tzinfo is UTC
        for shut in shuts:
            assert shut.start >= shut.end or interval.end <= shut.start or shut.end <= interval.start
    assert all(before.end < after.start for before, after in pairwise(found))
    assert [i.first for i in found] == [n == 0 for n in range(len(found))]
    assert [i.last for i in found] == [n == len(found) - 1 for n in range(len(found))]


@settings(max_examples=150, deadline=None)
@given(st.data(), days, weeks)
def test_each_minute_is_on_duty_just_when_planned_and_not_closed(
    data: st.DataObject, day: date, week: Mapping[int, Spans]
) -> None:
    shuts = data.draw(closures(day))
    found = duty_day(day, [WeeklyPlan("p", week)], {}, {}, shuts, WIB).intervals
    for minute in range(0, DAY_MINUTES, 7):
        at = wib("00:00", day) + timedelta(minutes=minute)
        planned = any(start <= minute < end for start, end in week.get(day.weekday(), ()))
        shut = any(shut.start <= at < shut.end for shut in shuts)
        assert (interval_at(found, at) is not None) == (planned and not shut)


@settings(max_examples=100, deadline=None)
@given(spans)
def test_hours_survive_being_written_down(week_day: Spans) -> None:
    assert parse_spans(format_spans(week_day)) == week_day


@settings(max_examples=100, deadline=None)
@given(days)
def test_every_friday_break_is_ninety_minutes_and_sixty_in_ramadan(day: date) -> None:
    intervals = on(day).intervals
    if day.weekday() > 4:
        assert intervals == ()
        return
    (pause,) = (after.start - before.end for before, after in pairwise(intervals))
    minutes = {(False, False): 60, (False, True): 90, (True, False): 30, (True, True): 60}
    assert pause == timedelta(minutes=minutes[RAMADAN.covers(day), day.weekday() == 4])
