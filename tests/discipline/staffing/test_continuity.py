"""One emptiness is one indication, also when the camera could not judge for a short while."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given

from discipline.staffing.alert_kinds import ACCUSATIONS, AlertKind
from discipline.staffing.continuity import find_interruption
from discipline.staffing.rejudge import JudgedIndication, indications_of
from discipline.staffing.rule import State, StateChange, Tolerances
from offices.hours.duty import Interval
from streams.pixels.occupancy import Look, Sample
from tests.support.clock import wib
from tests.support.office import BLIND, EMPTY, STAFFED, Office
from tests.support.short_days import duties, histories, many, rules, run

TOLERANCES = {AlertKind.ABSENCE: 600, AlertKind.CAMERA_FAULT: 300, AlertKind.BLINDED: 60}


def accusations(flips: Sequence[StateChange], absence_grace_s: int = 600) -> list[JudgedIndication]:
    found = indications_of(flips, (TOLERANCES | {AlertKind.ABSENCE: absence_grace_s}).__getitem__)
    return [one for one in found if one.kind in ACCUSATIONS]


@pytest.fixture
def office() -> Office:
    office = Office()
    office.sees(STAFFED, "07:29", "10:00")
    office.sees(EMPTY, "10:00", "10:29:05")
    return office


def test_two_seconds_of_a_stale_picture_begin_no_second_indication(office: Office) -> None:
    office.clock("10:30")
    office.sees(EMPTY, "10:30:02", "11:00")
    office.sees(STAFFED, "11:00")
    assert office.story[3:] == [
        "10:30 unknown stale",
        "10:30:02 grace absence",
        "10:40:02 absent absence",
        "11:00 staffed",
    ]
    assert accusations(office.flips) == [
        JudgedIndication("absence", wib("10:00"), wib("10:10"), wib("11:00"), "staffed")
    ]
    gap = find_interruption(reversed(office.flips[:-1]), 600)
    assert gap is not None
    assert (gap.at, gap.unknown_s) == (wib("10:30"), 2)


def test_until_the_grace_was_seen_again_it_is_over(office: Office) -> None:
    office.sees(BLIND, "10:29:05", "10:29:20")
    office.sees(EMPTY, "10:29:20", "10:39:20")
    assert [one.ended_at for one in accusations(office.flips)] == [wib("10:29:05")]
    office.sees(EMPTY, "10:39:20")
    assert [one.ended_at for one in accusations(office.flips)] == [None]


def test_unknown_times_of_one_emptiness_add_up(office: Office) -> None:
    office.sees(BLIND, "10:29:05", "10:34:05", reason="dark")
    office.sees(EMPTY, "10:34:05", "10:36")
    office.sees(BLIND, "10:36", "10:40:50", reason="covered")
    office.sees(EMPTY, "10:40:50", "10:51")
    (one,) = accusations(office.flips)
    assert one.since == wib("10:00")
    gap = find_interruption(reversed(office.flips), 600)
    assert gap is not None
    assert gap.unknown_s == 590


def test_after_an_unknown_time_as_long_as_the_grace_it_is_another_indication(office: Office) -> None:
    office.sees(BLIND, "10:29:05", "10:39:05")
    office.sees(EMPTY, "10:39:05", "10:55")
    assert [one.since for one in accusations(office.flips)] == [wib("10:00"), wib("10:39:05")]


@pytest.mark.parametrize("staffed_at", ["10:29:20", "10:33"])
def test_staff_seen_after_the_interruption_make_it_another_indication(office: Office, staffed_at: str) -> None:
    office.sees(BLIND, "10:29:05", "10:29:20")
    office.sees(EMPTY, "10:29:20", staffed_at)
    office.sees(STAFFED, staffed_at)
    office.sees(EMPTY, "10:33:05", "10:45")
    assert len(accusations(office.flips)) == 2


def test_one_look_at_staff_is_enough_where_the_rule_wants_two() -> None:
    office = Office(rule=Tolerances(enter_looks=2))
    office.sees(STAFFED, "07:29", "10:00")
    office.sees(EMPTY, "10:00", "10:29")
    office.sees(BLIND, "10:29")
    office.sees(EMPTY, "10:29:05", "10:33")
    office.sees(STAFFED, "10:33")
    office.sees(EMPTY, "10:33:05", "10:45")
    assert [one.since for one in accusations(office.flips)] == [wib("10:00"), wib("10:33:05")]


def test_a_break_ends_it_for_good(office: Office) -> None:
    office.sees(EMPTY, "10:29:05", "12:00")
    office.sees(EMPTY, "12:55", "13:20")
    assert [one.ended_at for one in accusations(office.flips)] == [wib("12:00"), None]


def test_an_interrupted_absence_until_closing_is_one_early_leave() -> None:
    office = Office()
    office.sees(STAFFED, "07:29", "14:30")
    office.sees(EMPTY, "14:30", "15:30")
    office.sees(BLIND, "15:30")
    office.sees(EMPTY, "15:30:05", "16:00")
    office.clock("16:00")
    absence, leave = accusations(office.flips)
    assert (absence.since, absence.ended_at) == (wib("14:30"), wib("16:00"))
    assert leave == JudgedIndication("early_leave", wib("14:30"), wib("16:00"), wib("16:00"), "closed")


@pytest.mark.parametrize(("blind_at", "kind"), [("08:30", "late_opening"), ("10:30", "not_opened")])
def test_a_counter_without_staff_all_day_keeps_its_kind(blind_at: str, kind: str) -> None:
    office = Office(duty=(Interval(wib("07:30"), wib("12:00"), first=True, last=True),))
    office.sees(EMPTY, "07:29", blind_at)
    office.sees(BLIND, blind_at)
    after = wib(blind_at) + timedelta(seconds=5)
    office.sees(EMPTY, f"{after:%H:%M:%S}", "12:00")
    office.clock("12:00")
    assert office.story[-1] == "12:00 closed early_leave"
    last = accusations(office.flips)[-1]
    assert (last.kind, last.since, last.ended_at, last.ended_by) == (kind, wib("07:30"), wib("12:00"), "closed")
    assert len(accusations(office.flips)) == (1 if kind == "late_opening" else 2)  # late until it was "not opened"


@many
@given(rules, duties(), histories())
def test_an_indication_covers_no_staff_and_no_long_unknown_time(
    rule: Tolerances, duty: tuple[Interval, ...], history: list[Sample]
) -> None:
    flips = run(rule, duty, history)
    for one in accusations(flips, rule.absence_grace_s):
        inside = [
            flip for flip in flips if one.raised_at < flip.at and (one.ended_at is None or flip.at < one.ended_at)
        ]
        assert {flip.new for flip in inside} <= {State.UNKNOWN, State.GRACE, State.ABSENT}
        unknown = [b.at - a.at for a, b in pairwise([*inside, *inside[-1:]]) if a.new is State.UNKNOWN]
        assert all(length < timedelta(seconds=rule.absence_grace_s) for length in unknown)
        if inside:  # it goes on again only after a whole grace
            assert inside[-1].new is State.ABSENT or one.kind in ("late_opening", "not_opened", "early_leave")


@many
@given(rules, duties(), histories())
def test_every_absent_time_is_in_an_indication(
    rule: Tolerances, duty: tuple[Interval, ...], history: list[Sample]
) -> None:
    flips = run(rule, duty, history)
    found = accusations(flips, rule.absence_grace_s)
    for flip, after in pairwise(flips):
        if flip.new is State.ABSENT:
            assert any(one.since <= flip.at and (one.ended_at is None or after.at <= one.ended_at) for one in found)


@many
@given(rules, duties(), histories())
def test_two_indications_have_staff_a_break_or_a_long_unknown_time_between_them(
    rule: Tolerances, duty: tuple[Interval, ...], history: list[Sample]
) -> None:
    flips = run(rule, duty, history)
    for one, other in pairwise(accusations(flips, rule.absence_grace_s)):
        if one.ended_by != "unknown" or one.ended_at is None:
            continue
        raised_at = other.raised_at
        between = [f for f in flips if one.ended_at <= f.at <= raised_at]
        changes = [f for f in between if f.new in (State.STAFFED, State.CLOSED) and f.at < raised_at]
        staff = [s for s in history if one.ended_at <= s.at <= raised_at and s.look is Look.STAFFED]
        starts = [f.at for f in between if f.new is State.UNKNOWN]
        unknown = timedelta()
        for flip, after in pairwise(between):
            unknown += after.at - flip.at if flip.new is State.UNKNOWN else timedelta()
        long = unknown >= timedelta(seconds=rule.absence_grace_s)
        assert starts
        assert changes or staff or long or other.kind == "early_leave"
