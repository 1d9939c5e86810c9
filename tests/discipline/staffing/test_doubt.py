"""Cameras, clocks, workers and hours that fail: without evidence there is no accusation."""

from datetime import timedelta

from discipline.staffing.rule import State, Tolerances
from offices.hours.duty import Interval
from streams.pixels.occupancy import Sample
from tests.support.clock import wib
from tests.support.office import BLIND, DUTY, EMPTY, STAFFED, Office, office_day, states


def test_the_clock_alone_never_convicts() -> None:
    office = Office()
    office.sees(EMPTY, "07:10", "07:35")
    office.clock("07:35:50")
    assert office.standing.state is State.GRACE
    office.clock("07:36")
    assert office.story == ["07:30 grace opening", "07:35:55 unknown stale"]


def test_a_camera_that_dies_before_closing_accuses_nobody_of_leaving() -> None:
    office = Office()
    office.sees(STAFFED, "07:29", "15:40")
    office.sees(EMPTY, "15:40", "15:58:55")
    office.clock("16:01")
    assert office.story[-2:] == ["15:59:50 unknown stale", "16:00 closed"]


def test_a_camera_dead_at_opening_makes_late_opening_impossible_to_say() -> None:
    office = Office()
    office.sees(BLIND, "07:10", "07:50")
    office.sees(EMPTY, "07:50", "08:10")
    office.sees(STAFFED, "08:10", "08:11")
    assert office.story == [
        "07:30 unknown no_look",
        "07:30 unknown offline",
        "07:50 grace absence",
        "08:00 absent absence",
        "08:10 staffed",
    ]


def test_one_blind_look_during_the_opening_grace_makes_it_an_absence() -> None:
    office = Office()
    office.sees(EMPTY, "07:29", "07:33")
    office.sees(BLIND, "07:33", reason="dark")
    office.sees(EMPTY, "07:33:05", "07:44")
    assert office.story == [
        "07:30 grace opening",
        "07:33 unknown dark",
        "07:33:05 grace absence",
        "07:43:05 absent absence",
    ]


def test_a_camera_that_dies_during_the_grace_acquits() -> None:
    office = Office()
    office.sees(STAFFED, "07:29", "10:00")
    office.sees(EMPTY, "10:00", "10:09:50")
    office.sees(BLIND, "10:09:50", reason="frozen")
    office.sees(EMPTY, "10:09:55", "10:19:55")
    assert State.ABSENT not in states(office.flips)
    office.sees(EMPTY, "10:19:55")
    assert office.story[-1] == "10:19:55 absent absence"


def test_a_camera_that_dies_during_an_absence_ends_it() -> None:
    office = Office()
    office.sees(STAFFED, "07:29", "10:00")
    office.sees(EMPTY, "10:00", "10:12")
    office.sees(BLIND, "10:12", "10:13", reason="covered")
    assert office.story[-2:] == ["10:10 absent absence", "10:12 unknown covered"]


def test_each_reason_of_blindness_is_a_flip_of_one_blind_spell() -> None:
    office = Office()
    office.sees(STAFFED, "07:29", "10:00")
    office.sees(BLIND, "10:00", "10:01", reason="dark")
    office.sees(BLIND, "10:01", "10:02", reason="moved")
    assert office.story[1:] == ["10:00 unknown dark", "10:01 unknown moved"]
    assert office.standing.since == wib("10:00")


def test_the_first_look_may_come_a_little_after_the_opening() -> None:
    office = Office()
    office.sees(EMPTY, "07:28")
    office.sees(EMPTY, "07:30:20", "07:36")
    assert office.story == ["07:30 unknown no_look", "07:30:20 grace opening", "07:35:20 absent late_opening"]


def test_a_first_look_a_minute_after_the_opening_proves_no_late_opening() -> None:
    office = Office()
    office.sees(EMPTY, "07:28")
    office.sees(EMPTY, "07:31", "07:42")
    assert office.story == ["07:30 unknown no_look", "07:31 grace absence", "07:41 absent absence"]


def test_a_watch_that_starts_in_the_morning_does_not_know_of_the_opening() -> None:
    office = Office(since="09:00")
    office.sees(EMPTY, "09:00:05", "16:01")
    assert office.story[:3] == ["09:00 unknown no_look", "09:00:05 grace absence", "09:10:05 absent absence"]
    assert "not_opened" not in " ".join(office.story)


def test_a_watch_that_was_down_over_lunch_blames_nobody_for_the_gap() -> None:
    office = Office()
    office.sees(STAFFED, "07:29", "11:00")
    office.sees(EMPTY, "14:00", "14:05")
    assert office.story[1:] == [
        "11:00:55 unknown stale",
        "12:00 closed",
        "13:00 unknown no_look",
        "14:00 grace absence",
    ]


def test_the_next_day_begins_afresh() -> None:
    office = Office()
    office.sees(STAFFED, "07:29", "16:01")
    office.clock("07:31", day=24)
    assert office.story[-1] == "07:30 unknown no_look"
    assert office.standing.opened is False
    assert office.standing.opened_for == wib("07:30", day=24)


def test_a_clock_that_jumps_forward_is_stale_never_absent() -> None:
    office = Office()
    office.sees(STAFFED, "07:29", "10:00")
    office.sees(EMPTY, "10:00", "10:03")
    office.sees(EMPTY, "11:03", "11:08")
    assert office.story[1:] == ["10:00 grace absence", "10:03:55 unknown stale", "11:03 grace absence"]


def test_a_clock_that_jumps_back_changes_nothing_until_it_has_caught_up() -> None:
    office = Office()
    office.sees(STAFFED, "07:29", "10:00")
    before = office.standing
    office.sees(EMPTY, "09:00", "10:00")
    office.clock("08:00")
    assert office.standing == before
    office.sees(STAFFED, "10:00", "10:01")
    assert office.story == ["07:30 staffed"]


def test_a_contrary_look_that_comes_late_still_acquits() -> None:
    office = Office()
    office.sees(STAFFED, "07:29", "10:00")
    office.sees(EMPTY, "10:00", "10:09")
    office.hears(Sample(1, wib("10:08:52"), STAFFED, 1))
    office.sees(EMPTY, "10:09", "10:15")
    assert office.story[1:] == ["10:00 grace absence"]
    office.sees(EMPTY, "10:15", "10:19")
    assert office.story[2:] == ["10:18:55 absent absence"]


def test_the_same_look_heard_twice_is_one_look() -> None:
    office = Office()
    office.sees(STAFFED, "07:29", "10:00")
    for _ in range(5):
        office.sees(EMPTY, "10:00")
    assert office.standing.empty_looks == 1


def test_a_look_that_arrives_after_the_closing_does_not_reopen() -> None:
    office = Office()
    office.sees(STAFFED, "07:29", "15:59:50")
    office.clock("16:00")
    office.hears(Sample(1, wib("15:59:58"), EMPTY))
    assert office.story[-1] == "16:00 closed"


def test_a_closure_approved_while_the_counter_is_empty_ends_the_absence() -> None:
    office = Office()
    office.sees(STAFFED, "07:29", "10:00")
    office.sees(EMPTY, "10:00", "10:05")
    morning = DUTY[2]
    office.duty = (
        *office_day(22),
        Interval(morning.start, wib("09:30"), first=True, last=False),
        Interval(wib("11:00"), morning.end, first=False, last=False),
        *office_day(23)[1:],
    )
    office.sees(EMPTY, "10:05", "11:09")
    assert office.story[2:] == ["10:04:55 closed", "11:00 grace absence"]


def test_a_closure_withdrawn_during_duty_opens_from_then_on() -> None:
    office = Office(duty=office_day(23)[1:])
    office.sees(EMPTY, "07:20", "09:00")
    office.duty = DUTY
    office.sees(EMPTY, "09:00", "09:06")
    assert office.story == ["08:59:55 grace absence"]


def test_a_counter_open_around_the_clock_closes_and_opens_at_midnight() -> None:
    midnight = wib("00:00", day=24)
    duty = tuple(
        Interval(midnight + timedelta(days=n), midnight + timedelta(days=n + 1), first=True, last=True) for n in (-1, 0)
    )
    office = Office(since="23:50", duty=duty)
    office.sees(STAFFED, "23:50", "23:59:59")
    office.hears(Sample(1, midnight + timedelta(seconds=3), STAFFED, 1))
    assert office.story == ["23:50 unknown no_look", "23:50 staffed", "00:00 closed", "00:00 staffed"]


def test_due_at_is_when_the_sweep_must_run() -> None:
    office = Office()
    assert office.standing.due_at == wib("07:00")
    office.clock("07:00")
    assert office.standing.due_at == wib("07:30")
    office.sees(STAFFED, "07:29:30")
    office.clock("07:30")
    assert office.standing.due_at == wib("07:30:30")
    office.clock("07:30:30")
    assert office.standing.due_at == wib("12:00")
    office.clock("16:00", day=24)
    assert office.standing.due_at is None


def test_the_standing_remembers_how_many_were_seen() -> None:
    office = Office()
    office.hears(Sample(1, wib("08:00"), STAFFED, people=3))
    assert (office.standing.last_people, office.standing.last_look) == (3, STAFFED)


def test_a_gap_just_after_the_opening_makes_late_opening_impossible_to_say() -> None:
    office = Office()
    office.sees(EMPTY, "07:29", "07:31:01")
    office.sees(EMPTY, "07:32:10", "07:43")
    assert office.story == [
        "07:30 grace opening",
        "07:32 unknown stale",
        "07:32:10 grace absence",
        "07:42:10 absent absence",
    ]


def test_a_camera_blind_at_the_very_opening_makes_late_opening_impossible_to_say() -> None:
    office = Office()
    office.sees(BLIND, "07:29:58")
    office.sees(EMPTY, "07:30:03", "07:41")
    assert office.story == ["07:30 unknown no_look", "07:30:03 grace absence", "07:40:03 absent absence"]


def test_a_look_a_whole_minute_before_the_opening_is_old() -> None:
    office = Office()
    office.sees(STAFFED, "07:29")
    office.clock("07:30")
    assert office.story == ["07:30 unknown no_look"]


def test_a_look_a_whole_minute_before_the_closing_is_old() -> None:
    office = Office()
    office.sees(STAFFED, "15:00", "15:30")
    office.sees(EMPTY, "15:30", "15:59:01")
    office.sees(EMPTY, "16:00")
    assert office.story[-2:] == ["15:40 absent absence", "16:00 closed"]


def test_a_contrary_look_that_comes_late_takes_the_late_opening_away() -> None:
    office = Office()
    office.sees(EMPTY, "07:29", "07:33")
    office.hears(Sample(1, wib("07:32:52"), STAFFED, 1))
    office.sees(EMPTY, "07:33", "07:43")
    assert office.story == ["07:30 grace opening", "07:32:55 grace absence", "07:42:55 absent absence"]


def test_a_look_that_arrives_after_it_was_given_up_changes_nothing() -> None:
    office = Office()
    office.sees(STAFFED, "07:29", "10:00:01")
    office.clock("10:01")
    before = office.standing
    office.hears(Sample(1, wib("10:00:58"), STAFFED, 1))
    assert office.standing == before


def test_few_looks_in_a_long_while_do_not_convict() -> None:
    office = Office(rule=Tolerances(exit_looks=5, stale_s=290))
    office.sees(EMPTY, "07:29")
    office.sees(EMPTY, "07:32", "07:44", every_s=240)
    assert office.story == ["07:30 grace opening"]
    office.sees(EMPTY, "07:44")
    assert office.story[1:] == ["07:35 absent late_opening"]


def test_staff_seen_during_a_closure_that_is_withdrawn_forbid_not_opened() -> None:
    morning, afternoon = office_day()
    closed = (
        Interval(morning.start, wib("09:00"), first=True, last=False),
        Interval(wib("10:00"), morning.end, first=False, last=False),
        afternoon,
    )
    office = Office(duty=closed)
    office.sees(EMPTY, "07:29", "09:05")
    office.sees(STAFFED, "09:05", "09:20")
    office.sees(EMPTY, "09:20", "09:30")
    office.duty = office_day()
    office.sees(EMPTY, "09:30", "16:01")
    assert "not_opened" not in office.story[-1]


def test_a_staffed_look_that_arrives_after_a_later_empty_one_proves_the_opening() -> None:
    office = Office()
    office.sees(EMPTY, "07:30:10", "07:31")
    office.hears(Sample(1, wib("07:30:05"), STAFFED, 1))
    office.sees(EMPTY, "07:31", "07:36")
    assert office.story == ["07:30 unknown no_look", "07:30:10 grace opening", "07:30:10 grace absence"]


def test_staff_seen_at_lunch_count_no_more_when_the_look_is_repeated() -> None:
    office = Office()
    office.sees(EMPTY, "07:29", "12:30")
    office.sees(STAFFED, "12:30", "12:31")
    office.hears(Sample(1, wib("12:30:30"), STAFFED, 1))
    office.sees(EMPTY, "12:31", "16:01")
    assert office.story[-1] == "16:00 closed not_opened"
