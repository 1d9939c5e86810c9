"""The staffing rule at one counter, day by day."""

import pytest

from discipline.staffing.rule import State, StateChange, Tolerances
from offices.hours.duty import Interval
from tests.support.clock import wib
from tests.support.office import EMPTY, STAFFED, Office, office_day


def test_a_good_day() -> None:
    office = Office()
    office.sees(STAFFED, "07:10", "16:05")
    assert office.story == ["07:30 staffed", "12:00 closed", "13:00 staffed", "16:00 closed"]


def test_lunch_break_never_counts_as_absence() -> None:
    office = Office()
    office.sees(STAFFED, "07:29", "11:55")
    office.sees(EMPTY, "11:55", "13:05")
    office.sees(STAFFED, "13:05", "16:01")
    assert office.story == [
        "07:30 staffed",
        "11:55 grace absence",
        "12:00 closed",
        "13:00 grace absence",
        "13:05 staffed",
        "16:00 closed",
    ]


def test_a_clerk_who_comes_at_opening_is_not_late() -> None:
    office = Office()
    office.sees(EMPTY, "07:10", "07:34:55")
    office.sees(STAFFED, "07:34:55", "07:40")
    assert office.story == ["07:30 grace opening", "07:34:55 staffed"]


def test_late_opening_is_dated_when_it_fell_due() -> None:
    office = Office()
    office.sees(EMPTY, "07:10", "08:05")
    office.sees(STAFFED, "08:05", "08:10")
    assert office.story == ["07:30 grace opening", "07:35 absent late_opening", "08:05 staffed"]
    assert office.flips[1].since == wib("07:30")


def test_not_opened_after_two_hours_and_again_at_closing() -> None:
    office = Office()
    office.sees(EMPTY, "07:10", "16:01")
    assert office.story == [
        "07:30 grace opening",
        "07:35 absent late_opening",
        "09:30 absent not_opened",
        "12:00 closed",
        "13:00 grace absence",
        "13:10 absent absence",
        "16:00 closed not_opened",
    ]
    assert office.flips[-1].since == wib("07:30")
    assert office.flips[2].old is State.ABSENT


def test_a_counter_opened_in_the_afternoon_is_not_called_not_opened_at_closing() -> None:
    office = Office()
    office.sees(EMPTY, "07:10", "13:20")
    office.sees(STAFFED, "13:20", "16:01")
    assert office.story[-2:] == ["13:20 staffed", "16:00 closed"]


def test_eighteen_minutes_away() -> None:
    office = Office()
    office.sees(STAFFED, "07:29", "10:00")
    office.sees(EMPTY, "10:00", "10:18")
    office.sees(STAFFED, "10:18", "10:20")
    assert office.story[1:] == ["10:00 grace absence", "10:10 absent absence", "10:18 staffed"]


def test_two_empty_looks_are_a_bent_back_not_an_exit() -> None:
    office = Office()
    office.sees(STAFFED, "07:29", "10:00")
    for minute in range(50):
        office.sees(EMPTY, f"10:{minute:02}", f"10:{minute:02}:10")
        office.sees(STAFFED, f"10:{minute:02}:10", f"10:{minute + 1:02}")
    assert office.story == ["07:30 staffed"]


def test_grace_begins_at_the_first_empty_look_not_at_the_third() -> None:
    office = Office()
    office.sees(STAFFED, "07:29", "10:00")
    office.sees(EMPTY, "10:00", "10:00:11")
    assert office.flips[-1] == StateChange(wib("10:00"), State.STAFFED, State.GRACE, "absence", since=wib("10:00"))
    assert office.standing.since == wib("10:00")


def test_one_glimpse_begins_the_grace_anew_even_when_two_are_needed_to_enter() -> None:
    office = Office(rule=Tolerances(enter_looks=2))
    office.sees(STAFFED, "07:29", "10:00")
    office.sees(EMPTY, "10:00", "10:08")
    office.sees(STAFFED, "10:08")
    office.sees(EMPTY, "10:08:05", "10:18")
    assert office.standing.state is State.GRACE
    office.sees(EMPTY, "10:18", "10:18:10")
    assert office.story[1:] == ["10:00 grace absence", "10:18:05 absent absence"]


def test_after_a_glimpse_nobody_can_say_that_the_counter_never_opened() -> None:
    office = Office(rule=Tolerances(enter_looks=2))
    office.sees(EMPTY, "07:29", "07:33")
    office.sees(STAFFED, "07:33")
    office.sees(EMPTY, "07:33:05", "16:01")
    assert office.story == [
        "07:30 grace opening",
        "07:33:05 grace absence",
        "07:43:05 absent absence",
        "12:00 closed",
        "13:00 grace absence",
        "13:10 absent absence",
        "16:00 closed early_leave",
    ]


def test_early_leave() -> None:
    office = Office()
    office.sees(STAFFED, "07:29", "15:40")
    office.sees(EMPTY, "15:40", "16:01")
    assert office.story[-3:] == ["15:40 grace absence", "15:50 absent absence", "16:00 closed early_leave"]
    assert office.flips[-1].since == wib("15:40")


def test_packing_up_ten_minutes_before_closing_is_no_early_leave() -> None:
    office = Office()
    office.sees(STAFFED, "07:29", "15:46")
    office.sees(EMPTY, "15:46", "16:01")
    assert office.story[-1] == "16:00 closed"


def test_a_long_grace_still_notices_an_early_leave() -> None:
    office = Office(rule=Tolerances(absence_grace_s=3600))
    office.sees(STAFFED, "07:29", "15:40")
    office.sees(EMPTY, "15:40", "16:01")
    assert office.story[-2:] == ["15:40 grace absence", "16:00 closed early_leave"]


def test_leaving_before_lunch_is_not_early_leave() -> None:
    office = Office()
    office.sees(STAFFED, "07:29", "11:30")
    office.sees(EMPTY, "11:30", "12:01")
    assert office.story[-2:] == ["11:40 absent absence", "12:00 closed"]


def test_a_glimpse_of_staff_stops_a_late_opening_from_becoming_worse() -> None:
    whole_day = (Interval(wib("07:30"), wib("16:00"), first=True, last=True),)
    office = Office(rule=Tolerances(enter_looks=2), duty=whole_day)
    office.sees(EMPTY, "07:29", "08:00")
    office.sees(STAFFED, "08:00")
    office.sees(EMPTY, "08:00:05", "16:01")
    assert office.story == ["07:30 grace opening", "07:35 absent late_opening", "16:00 closed"]


def test_a_last_interval_too_short_to_judge_says_nothing_at_closing() -> None:
    morning, _ = office_day()
    short = Interval(wib("13:00"), wib("13:08"), first=False, last=True)
    office = Office(duty=(morning, short))
    office.sees(EMPTY, "07:29", "13:09")
    assert office.story[-2:] == ["13:00 grace absence", "13:08 closed"]


def test_nobody_leaves_early_who_never_came() -> None:
    morning, _ = office_day()
    short = Interval(wib("13:00"), wib("13:30"), first=False, last=True)
    office = Office(rule=Tolerances(absence_grace_s=3600), duty=(morning, short))
    office.sees(EMPTY, "07:29", "13:31")
    assert office.story[-2:] == ["13:00 grace absence", "13:30 closed"]


def test_not_opened_is_never_dated_before_the_late_opening() -> None:
    office = Office(rule=Tolerances(not_opened_s=301))
    office.sees(EMPTY, "07:30:20", "07:36")
    assert office.story[-2:] == ["07:35:20 absent late_opening", "07:35:20 absent not_opened"]


@pytest.mark.parametrize(
    "numbers",
    [
        {"stale_s": 300},
        {"stale_s": 0},
        {"absence_grace_s": 60},
        {"closing_window_s": 60},
        {"not_opened_s": 300},
        {"exit_looks": 0},
        {"enter_looks": 0},
    ],
)
def test_a_rule_that_could_convict_on_one_old_picture_is_refused(numbers: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"must be"):
        Tolerances(**numbers)
