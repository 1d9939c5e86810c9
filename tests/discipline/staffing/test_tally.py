"""The minutes of a day: staffed, tolerated, absent, excused and unknown."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discipline.staffing.rule import State, StateChange, Tolerances
from discipline.staffing.tally import DaySeconds, Ruling, Segment, by_hour, tally_day
from offices.hours.duty import WIB, Interval
from streams.pixels.occupancy import Look, Sample
from tests.support.clock import wib
from tests.support.office import Office, office_day
from tests.support.short_days import DAY_S, duties, histories, rules, run, second

DUTY = office_day()
HOUR = 3600
EXCUSED = (State.ABSENT, True)
STAFF_THERE = (State.STAFFED, False)
NOBODY_KNOWS = (State.UNKNOWN, False)
RULED = (EXCUSED, STAFF_THERE, NOBODY_KNOWS)


def day_of(office: Office, end: str = "23:59:59") -> DaySeconds:
    return tally_day(office.flips, DUTY, wib("00:00"), wib(end), State.CLOSED)


def strip_of(minutes: DaySeconds) -> list[str]:
    return [f"{segment.start.astimezone(WIB):%H:%M:%S} {segment.state}" for segment in minutes.segments]


def test_a_good_day_is_staffed_from_opening_to_closing() -> None:
    office = Office()
    office.sees(Look.STAFFED, "07:20", "16:05")
    minutes = day_of(office)
    assert (minutes.staffed_s, minutes.duty_s) == (7.5 * HOUR, 7.5 * HOUR)
    assert strip_of(minutes) == [
        "00:00:00 closed",
        "07:30:00 staffed",
        "12:00:00 closed",
        "13:00:00 staffed",
        "16:00:00 closed",
    ]


def test_five_minutes_at_the_printer_are_grace() -> None:
    office = Office()
    office.sees(Look.STAFFED, "07:20", "10:00")
    office.sees(Look.EMPTY, "10:00", "10:05")
    office.sees(Look.STAFFED, "10:05", "16:05")
    minutes = day_of(office)
    assert (minutes.grace_s, minutes.absent_s) == (300, 0)
    assert minutes.staffed_s == 7.5 * HOUR - 300


def test_eighteen_minutes_away_are_eighteen_minutes_of_absence() -> None:
    office = Office()
    office.sees(Look.STAFFED, "07:20", "10:00")
    office.sees(Look.EMPTY, "10:00", "10:18")
    office.sees(Look.STAFFED, "10:18", "16:05")
    minutes = day_of(office)
    assert (minutes.grace_s, minutes.absent_s, minutes.late_s, minutes.early_s) == (0, 18 * 60, 0, 0)
    assert "10:00:00 absent" in strip_of(minutes)


def test_emptiness_before_a_glimpse_stays_grace() -> None:
    office = Office(rule=Tolerances(enter_looks=2))
    office.sees(Look.STAFFED, "07:20", "10:00")
    office.sees(Look.EMPTY, "10:00", "10:05")
    office.sees(Look.STAFFED, "10:05")
    office.sees(Look.EMPTY, "10:05:05", "10:20")
    office.sees(Look.STAFFED, "10:20", "16:05")
    minutes = day_of(office)
    assert minutes.grace_s == 305
    assert minutes.absent_s == 14 * 60 + 60  # until the second look that confirms the return


def test_late_by_thirty_five_minutes() -> None:
    office = Office()
    office.sees(Look.EMPTY, "07:20", "08:05")
    office.sees(Look.STAFFED, "08:05", "16:05")
    minutes = day_of(office)
    assert (minutes.late_s, minutes.absent_s, minutes.grace_s) == (35 * 60, 35 * 60, 0)


def test_gone_twenty_minutes_early() -> None:
    office = Office()
    office.sees(Look.STAFFED, "07:20", "15:40")
    office.sees(Look.EMPTY, "15:40", "16:05")
    minutes = day_of(office)
    assert (minutes.early_s, minutes.absent_s, minutes.late_s) == (20 * 60, 20 * 60, 0)


def test_gone_early_within_a_long_grace_counts_too() -> None:
    office = Office(rule=Tolerances(absence_grace_s=HOUR))
    office.sees(Look.STAFFED, "07:20", "15:40")
    office.sees(Look.EMPTY, "15:40", "16:05")
    minutes = day_of(office)
    assert (minutes.early_s, minutes.absent_s, minutes.grace_s) == (20 * 60, 20 * 60, 0)


def test_a_counter_never_opened_is_absent_all_day() -> None:
    office = Office()
    office.sees(Look.EMPTY, "07:20", "16:05")
    minutes = day_of(office)
    assert (minutes.absent_s, minutes.late_s, minutes.early_s) == (7.5 * HOUR, 4.5 * HOUR, 0)


def test_blind_hours_are_unknown_and_nothing_else() -> None:
    office = Office()
    office.sees(Look.BLIND, "07:20", "16:05")
    assert day_of(office).unknown_s == 7.5 * HOUR


def test_duty_that_nobody_watched_is_unknown() -> None:
    assert tally_day([], DUTY, wib("00:00"), wib("23:59:59"), State.CLOSED).unknown_s == 7.5 * HOUR


def test_a_day_in_progress_counts_until_now() -> None:
    office = Office()
    office.sees(Look.STAFFED, "07:20", "10:00")
    office.sees(Look.EMPTY, "10:00", "10:12")
    minutes = day_of(office, end="10:12")
    assert (minutes.duty_s, minutes.absent_s) == (2.7 * HOUR, 12 * 60)


def test_a_tally_may_begin_in_the_middle_of_an_absence() -> None:
    minutes = tally_day([], DUTY, wib("10:00"), wib("10:30"), State.ABSENT)
    assert (minutes.absent_s, minutes.duty_s) == (1800, 1800)


def test_a_closure_approved_afterwards_takes_the_absence_away() -> None:
    office = Office()
    office.sees(Look.STAFFED, "07:20", "10:00")
    office.sees(Look.EMPTY, "10:00", "10:18")
    office.sees(Look.STAFFED, "10:18", "12:01")
    excused = [*office_day()[1:]]
    assert tally_day(office.flips, excused, wib("00:00"), wib("23:59:59"), State.CLOSED).absent_s == 0


def test_a_window_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="end is before"):
        tally_day([], DUTY, wib("10:00"), wib("09:00"), State.CLOSED)


@settings(max_examples=100, deadline=None)
@given(rules, duties(), histories(), st.integers(0, 2 * DAY_S), st.integers(0, 2 * DAY_S))
def test_every_second_of_duty_is_counted_just_once(
    rule: Tolerances, duty: tuple[Interval, ...], history: list[Sample], one: int, other: int
) -> None:
    begin, end = second(min(one, other)), second(max(one, other))
    minutes = tally_day(run(rule, duty, history), duty, begin, end, State.CLOSED)
    on_duty = sum(max(timedelta(), min(i.end, end) - max(i.start, begin)) // timedelta(seconds=1) for i in duty)
    assert minutes.staffed_s + minutes.grace_s + minutes.absent_s + minutes.unknown_s == on_duty
    assert minutes.duty_s == on_duty
    assert minutes.late_s + minutes.early_s <= minutes.absent_s
    check_strip(minutes, begin, end)


def check_strip(minutes: DaySeconds, begin: datetime, end: datetime) -> None:
    strip = minutes.segments
    if begin == end:
        assert strip == ()
        return
    assert (strip[0].start, strip[-1].end) == (begin, end)
    assert all(segment.start < segment.end for segment in strip)
    assert all(a.end == b.start and a.state is not b.state for a, b in pairwise(strip))
    for state, seconds in (
        (State.STAFFED, minutes.staffed_s),
        (State.GRACE, minutes.grace_s),
        (State.ABSENT, minutes.absent_s),
        (State.UNKNOWN, minutes.unknown_s),
    ):
        assert sum((s.end - s.start).total_seconds() for s in strip if s.state is state) == seconds


@settings(max_examples=100, deadline=None)
@given(rules, duties(), histories())
def test_nobody_is_absent_in_a_second_in_which_staff_were_seen(
    rule: Tolerances, duty: tuple[Interval, ...], history: list[Sample]
) -> None:
    end = second(2 * DAY_S)
    absent = [
        s for s in tally_day(run(rule, duty, history), duty, second(0), end, State.CLOSED).segments
        if s.state is State.ABSENT
    ]  # fmt: skip
    seen = [s.at for s in history if s.look is Look.STAFFED]
    if rule.enter_looks == 1:
        assert not [at for at in seen for segment in absent if segment.start <= at < segment.end]


def test_fractions_of_a_second_do_not_get_lost() -> None:
    at = datetime(2026, 11, 23, 1, 0, 0, 999_999, tzinfo=UTC)
    flips = [
        StateChange(at, State.CLOSED, State.STAFFED, "", at),
        StateChange(at + timedelta(seconds=1.5), State.STAFFED, State.UNKNOWN, "dark", at),
    ]
    minutes = tally_day(flips, DUTY, wib("07:30"), wib("09:00"), State.CLOSED)
    assert minutes.staffed_s + minutes.unknown_s == minutes.duty_s == 1.5 * HOUR
    assert minutes.segments[1] == Segment(wib("08:00"), wib("08:00:02"), State.STAFFED)


def left_at_ten(*rulings: Ruling) -> DaySeconds:
    """Return the tally of a day with an empty counter from 10.00 to 11.00."""
    office = Office()
    office.sees(Look.STAFFED, "07:20", "10:00")
    office.sees(Look.EMPTY, "10:00", "11:00")
    office.sees(Look.STAFFED, "11:00", "16:05")
    return tally_day(office.flips, DUTY, wib("00:00"), wib("23:59:59"), State.CLOSED, rulings)


def test_an_excused_absence_is_neither_staffed_nor_absent() -> None:
    minutes = left_at_ten(Ruling(wib("10:00"), wib("11:00"), *EXCUSED))
    assert (minutes.absent_s, minutes.excused_s, minutes.longest_s) == (0, HOUR, 0)
    assert minutes.staffed_s == 6.5 * HOUR
    assert [s for s in minutes.segments if s.excused] == [Segment(wib("10:00"), wib("11:00"), State.ABSENT, True)]


def test_half_of_an_absence_can_be_excused() -> None:
    minutes = left_at_ten(Ruling(wib("09:00"), wib("10:20"), *EXCUSED))
    assert (minutes.excused_s, minutes.absent_s, minutes.longest_s) == (20 * 60, 40 * 60, 40 * 60)


def test_a_false_alarm_with_staff_there_was_staffed_and_with_a_wrong_camera_nobody_knows() -> None:
    there = left_at_ten(Ruling(wib("10:00"), wib("11:00"), *STAFF_THERE))
    assert (there.staffed_s, there.absent_s) == (7.5 * HOUR, 0)
    wrong = left_at_ten(Ruling(wib("10:00"), wib("11:00"), *NOBODY_KNOWS))
    assert (wrong.staffed_s, wrong.absent_s, wrong.unknown_s) == (6.5 * HOUR, 0, HOUR)


def test_a_ruling_touches_nothing_but_absences() -> None:
    assert left_at_ten(Ruling(wib("11:00"), wib("16:00"), *EXCUSED)) == left_at_ten()


def test_the_longest_absence_goes_on_when_its_name_changes() -> None:
    office = Office()
    office.sees(Look.EMPTY, "07:20", "10:30")  # late, and from 09.30 on not opened
    office.sees(Look.STAFFED, "10:30", "16:05")
    assert day_of(office).longest_s == 3 * HOUR


def test_hours_of_the_day_share_out_what_counts() -> None:
    minutes = left_at_ten(Ruling(wib("10:30"), wib("11:00"), *EXCUSED))
    staffed, counted = by_hour(minutes.segments, WIB)
    assert (staffed[7], staffed[9], staffed[10], staffed[12]) == (1800, 3600, 0, 0)
    assert (counted[7], counted[10], counted[12]) == (1800, 1800, 0)
    assert sum(staffed) == minutes.staffed_s
    assert sum(counted) == minutes.duty_s - minutes.unknown_s - minutes.excused_s


@st.composite
def some_rulings(draw: st.DrawFn) -> list[Ruling]:
    ends = draw(st.lists(st.tuples(st.integers(0, 2 * DAY_S), st.integers(0, 2 * DAY_S)), max_size=4))
    return [Ruling(second(min(pair)), second(max(pair)), *draw(st.sampled_from(RULED))) for pair in ends]


@settings(max_examples=60, deadline=None)
@given(rules, duties(), histories(), some_rulings())
def test_whatever_is_decided_the_parts_make_up_the_duty(
    rule: Tolerances, duty: tuple[Interval, ...], history: list[Sample], rulings: list[Ruling]
) -> None:
    flips, end = run(rule, duty, history), second(2 * DAY_S)
    minutes = tally_day(flips, duty, second(0), end, State.CLOSED, rulings)
    parts = minutes.staffed_s + minutes.grace_s + minutes.absent_s + minutes.excused_s + minutes.unknown_s
    assert parts == minutes.duty_s == sum(int((i.end - i.start).total_seconds()) for i in duty)
    assert minutes.late_s + minutes.early_s <= minutes.absent_s
    assert minutes.longest_s <= minutes.absent_s
    without = tally_day(flips, duty, second(0), end, State.CLOSED)
    assert minutes.absent_s <= without.absent_s
    assert sum(by_hour(minutes.segments, WIB)[1]) == minutes.duty_s - minutes.unknown_s - minutes.excused_s
