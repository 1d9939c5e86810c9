"""Weekly plans without a database: the form, which plan applies, and which days a change affects."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discipline.plans.affected_days import RowValidity, past_part, touched_ranges
from discipline.plans.precedence import Fate, PlanCandidate, fates_of, winning_plan
from discipline.plans.weeks import BadDay, DayError, DayHours, draw_week, hours_of, spans_of
from offices.hours.duty import NORMAL_WEEK, WeeklyPlan, check_spans, parse_spans, plan_of

MONDAY = date(2026, 11, 16)


def m(clock: str) -> int:
    hour, minute = map(int, clock.split("."))
    return hour * 60 + minute


def test_a_day_is_filled_in_as_people_say_it() -> None:
    assert spans_of(m("07.30"), m("16.00"), [(m("12.00"), m("13.00"))]) == parse_spans("07:30-12:00,13:00-16:00")
    assert spans_of(None, None, [(None, None)]) == ()
    assert spans_of(m("07.30"), 0, []) == ((450, 1440),)  # until midnight


@pytest.mark.parametrize(
    ("opens", "closes", "breaks", "why"),
    [
        ("07.30", None, [], DayError.ONE_END),
        ("16.00", "07.30", [], DayError.BACKWARDS),
        ("07.30", "16.00", [("12.00", None)], DayError.BREAK_ONE_END),
        ("07.30", "16.00", [("13.00", "12.00")], DayError.BREAK_BACKWARDS),
        ("07.30", "16.00", [("16.30", "17.00")], DayError.BREAK_OUTSIDE),
        ("07.30", "16.00", [("07.00", "08.00")], DayError.BREAK_OUTSIDE),
        ("07.30", "16.00", [("12.00", "16.00")], DayError.BREAK_OUTSIDE),
        ("07.30", "16.00", [("12.00", "13.00"), ("12.30", "14.00")], DayError.BREAKS_OVERLAP),
        (None, None, [("12.00", "13.00")], DayError.BREAK_CLOSED),
    ],
)
def test_a_day_that_makes_no_sense_says_why(
    opens: str | None, closes: str | None, breaks: list[tuple[str, str | None]], why: DayError
) -> None:
    break_times = [(m(start), m(end) if end else None) for start, end in breaks]
    with pytest.raises(BadDay) as refused:
        spans_of(m(opens) if opens else None, m(closes) if closes else None, break_times)
    assert refused.value.why is why


marks = st.sets(st.integers(0, 1440), min_size=2, max_size=8).map(lambda at: sorted(at)[: len(at) // 2 * 2])


@settings(max_examples=60, deadline=None)
@given(marks)
def test_what_is_shown_of_a_day_is_what_is_stored_of_it(at: list[int]) -> None:
    spans = tuple(zip(at[::2], at[1::2], strict=True))
    hours = hours_of(spans)
    assert isinstance(hours, DayHours)
    again = spans_of(hours.opens, hours.closes, hours.breaks)
    assert again == spans
    check_spans(again)


def test_a_week_is_drawn_over_one_clock() -> None:
    week = draw_week(NORMAL_WEEK)
    assert week.minutes == 37.5 * 60
    assert [len(row.bars) for row in week.rows] == [2, 2, 2, 2, 2, 0, 0]
    assert week.ticks[0].minute == m("06.00")
    assert draw_week({0: ((m("05.30"), m("22.10")),)}).ticks[-1].minute >= m("21.00")


dates = st.none() | st.dates(MONDAY - timedelta(days=5), MONDAY + timedelta(days=5))


@st.composite
def rules(draw_: st.DrawFn) -> PlanCandidate:
    first, last = draw_(dates), draw_(dates)
    if first and last and last < first:
        first, last = last, first
    return PlanCandidate(draw_(st.integers()), draw_(st.integers(0, 3)), draw_(st.integers(0, 3)), first, last)


@settings(max_examples=60, deadline=None)
@given(st.lists(rules(), max_size=6, unique_by=(lambda rule: rule.id, lambda rule: rule.rank)))
def test_the_page_names_the_plan_that_the_clock_uses(some: list[PlanCandidate]) -> None:
    plans = {
        rule.id: WeeklyPlan(str(rule.id), {}, rule.valid_from, rule.valid_to, rule.closeness * 1000 + rule.priority)
        for rule in some
    }
    used, named = plan_of(MONDAY, plans.values()), winning_plan(some, MONDAY)
    assert (used.name if used else None) == (str(named.id) if named else None)
    assert [str(one) for one, fate in fates_of(some, MONDAY).items() if fate is Fate.APPLIES] == (
        [used.name] if used else []
    )


def test_each_plan_that_does_not_apply_has_a_reason() -> None:
    city = PlanCandidate(1, closeness=0, priority=0)
    ramadan = PlanCandidate(2, closeness=0, priority=10)
    office = PlanCandidate(3, closeness=2, priority=0, valid_from=date(2026, 1, 1))
    newer = PlanCandidate(4, closeness=2, priority=0, valid_from=date(2026, 6, 1))
    ended = PlanCandidate(5, closeness=3, priority=0, valid_to=MONDAY - timedelta(days=1))
    to_come = PlanCandidate(6, closeness=3, priority=0, valid_from=MONDAY + timedelta(days=1))
    fates = fates_of([city, ramadan, office, newer, ended, to_come], MONDAY)
    assert fates == {
        1: Fate.CLOSER,
        2: Fate.CLOSER,
        3: Fate.NEWER,
        4: Fate.APPLIES,
        5: Fate.OVER,
        6: Fate.NOT_YET,
    }
    assert fates_of([city, ramadan], MONDAY)[1] is Fate.PRIORITY


def in_order(ends: tuple[date | None, date | None]) -> bool:
    return (ends[0] or date.min) <= (ends[1] or date.max)


held = st.none() | st.builds(
    lambda what, ends: RowValidity(what, *ends),
    st.sampled_from("ab"),
    st.tuples(dates, dates).filter(in_order),
)
WINDOW = [MONDAY + timedelta(days=n) for n in range(-8, 9)]


def says(row: RowValidity | None, day: date) -> object:
    return row.what if row and (row.first or date.min) <= day <= (row.last or date.max) else None


@settings(max_examples=60, deadline=None)
@given(held, held)
def test_every_day_that_a_change_touches_is_among_those_counted_again(
    before: RowValidity | None, after: RowValidity | None
) -> None:
    days = {day for first, last in touched_ranges(before, after) for day in WINDOW if first <= day <= last}
    different = {day for day in WINDOW if says(before, day) != says(after, day)}
    assert different <= days
    if before and after and before.what == after.what:
        overlapping = any(says(before, day) and says(after, day) for day in WINDOW)
        assert days == different or not overlapping  # only the dates changed


def test_a_plan_that_ends_earlier_touches_no_day_before() -> None:
    ended = touched_ranges(RowValidity("a", None, None), RowValidity("a", None, MONDAY))
    assert past_part(ended, date(2026, 1, 1), MONDAY + timedelta(days=3)) == (
        MONDAY + timedelta(days=1),
        MONDAY + timedelta(days=3),
    )
    assert past_part(ended, date(2026, 1, 1), MONDAY) is None  # all of it is in the future
    assert touched_ranges(RowValidity("a", None, None), RowValidity("a", None, None)) == []
