"""Whole office days: no absence of staff who were there, none overlooked, and the check notices both errors."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from discipline.staffing.rule import Tolerances
from discipline.tools.evaluate.day_looks import RoomLooks
from discipline.tools.evaluate.day_truth import days_from, draw_truth
from discipline.tools.evaluate.office_day import DayOutcome, play_day
from discipline.tools.evaluate.rehearsal import room_of
from streams.detect.api import Detector
from streams.pixels.occupancy import Blind, Look
from streams.simulator.layouts import LAYOUTS

STAFFED, EMPTY = (Look.STAFFED,), (Look.EMPTY,)
FAULTS = {
    Blind.FROZEN: (Look.STAFFED, Look.STAFFED, Blind.FROZEN),
    Blind.DARK: (Blind.DARK,),
    Blind.COVERED: (Blind.COVERED,),
    Blind.BLURRED: (Look.EMPTY, Look.EMPTY, Blind.BLURRED),
    Blind.MOVED: (Look.EMPTY, Blind.MOVED),
    Blind.SCENE: (Look.EMPTY, Look.EMPTY, Blind.SCENE),
    Blind.UNCLEAR: (Look.STAFFED, Blind.UNCLEAR),
}
SOUND = RoomLooks([STAFFED], [EMPTY], FAULTS)
MONDAY = date(2026, 1, 5)


def played(room: RoomLooks, days: int, seed: int = 7) -> list[DayOutcome]:
    calendar, outcomes = days_from(MONDAY), []
    for number in range(days):
        dice = Random(f"{seed}/{number}")
        outcomes.append(play_day(draw_truth(next(calendar), dice), room, Tolerances(), dice))
    return outcomes


def test_twenty_days_with_faults_accuse_nobody_wrongly_and_overlook_nothing() -> None:
    outcomes = played(SOUND, 20)
    assert [flip for day in outcomes for flip in day.false] == []
    assert [due for day in outcomes for due in day.missed] == []
    assert sum(day.absences for day in outcomes) > 20
    assert sum(day.blind_looks for day in outcomes) > 500
    assert sum(day.wrong_looks for day in outcomes) > 200, "the looks that miss somebody must be there"


def test_a_detector_that_never_sees_staff_is_caught_accusing() -> None:
    assert sum(len(day.false) for day in played(RoomLooks([EMPTY], [EMPTY], FAULTS), 3)) > 3


def test_an_absence_may_be_recorded_later_by_as_long_as_no_process_watched() -> None:
    dice = Random(5)
    day = draw_truth(MONDAY, dice)
    opening = day.duty[0].start
    left, due = opening + timedelta(minutes=60), opening + timedelta(minutes=70)
    day = replace(day, present=((opening, left),), faults=())
    for silent_s in (20, 45):
        silent = (due + timedelta(seconds=4), due + timedelta(seconds=4 + silent_s))
        outcome = play_day(replace(day, unwatched=(silent,)), SOUND, Tolerances(), Random(5))
        assert outcome.missed == []
        assert outcome.absences >= 1
    watched = play_day(replace(day, unwatched=()), RoomLooks([STAFFED], [STAFFED], FAULTS), Tolerances(), Random(5))
    assert watched.missed


def test_a_detector_that_sees_ghosts_is_caught_overlooking() -> None:
    outcomes = played(RoomLooks([STAFFED], [STAFFED], FAULTS), 3)
    assert sum(len(day.missed) for day in outcomes) == sum(day.absences for day in outcomes) > 3


@pytest.mark.parametrize("fault", list(FAULTS))
def test_a_judge_who_takes_a_faulty_camera_for_an_empty_room_is_caught(fault: Blind) -> None:
    quiet = draw_truth(MONDAY, Random(1))
    (morning, *_), begin = quiet.duty, quiet.duty[0].start + timedelta(hours=1)
    day = replace(
        quiet, present=((morning.start, quiet.duty[-1].end),), faults=((begin, begin + timedelta(minutes=20), fault),)
    )
    dice = Random(2)
    assert play_day(day, SOUND, Tolerances(), dice).false == []
    assert play_day(day, replace(SOUND, faults=FAULTS | {fault: (Look.EMPTY,)}), Tolerances(), dice).false


def test_the_dice_know_every_trouble_of_a_camera() -> None:
    calendar = days_from(MONDAY)
    drawn = {kind for number in range(60) for *_, kind in draw_truth(next(calendar), Random(number)).faults}
    assert drawn == {*FAULTS, Blind.OFFLINE, Blind.STALE} == set(Blind) - {Blind.SYSTEM, Blind.STEERED}


def test_the_same_seed_gives_the_same_days() -> None:
    assert played(SOUND, 3) == played(SOUND, 3)
    assert played(SOUND, 3) != played(SOUND, 3, seed=8)


def test_days_are_working_days() -> None:
    calendar = days_from(date(2026, 1, 10))
    found = [next(calendar) for _ in range(6)]
    assert found[0] == date(2026, 1, 12)
    assert {day.weekday() for day in found} == set(range(5))
    assert found[-1] - found[0] == timedelta(days=7)


@pytest.mark.slow
def test_a_room_judged_by_the_real_parts_plays_without_an_error(footage: Path, detector: Detector) -> None:
    room = room_of(LAYOUTS["hall"], footage, detector)
    assert min(len(film) for film in (*room.staffed, *room.empty)) > 5, "every picture of a clip counts"
    assert all(Look.STAFFED in film for film in room.staffed)
    assert all(Look.EMPTY in film for film in room.empty)
    weather = room.faults[Blind.UNCLEAR]
    assert Look.EMPTY not in weather, "staff may be seen in poor light, or not be judged; not be called away"
    assert Look.STAFFED in weather
    assert {fault: verdicts[-1] for fault, verdicts in room.faults.items() if fault is not Blind.UNCLEAR} == {
        fault: fault for fault in FAULTS if fault is not Blind.UNCLEAR
    }
    outcomes = played(room, 10)
    assert [day.false or day.missed for day in outcomes if day.false or day.missed] == []
