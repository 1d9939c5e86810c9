"""Poor light on office-days: what is drawn, how films are played, and that errors in it are caught and told apart."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discipline.staffing.rule import Tolerances
from discipline.tools.evaluate import weather_looks
from discipline.tools.evaluate.day_looks import RoomLooks
from discipline.tools.evaluate.day_truth import GroundTruth, draw_truth
from discipline.tools.evaluate.office_day import DayOutcome, play_day
from discipline.tools.evaluate.weather_day import (
    ONSET,
    STRONGEST,
    PoorLight,
    Verdict,
    Weather,
    WeatherFilm,
    WeatherReel,
    WeatherSpell,
    draw_spells,
)
from streams.detect.api import Detector
from streams.pixels.occupancy import Blind, Look
from streams.simulator.layouts import LAYOUTS
from streams.simulator.weather import CONDITIONS
from tests.support.clock import wib

MONDAY = date(2026, 1, 5)
OPENING, CLOSING = wib("07:30"), wib("16:00")
STAFFED, EMPTY, UNCLEAR = (Look.STAFFED,) * 12, (Look.EMPTY,) * 12, (Blind.UNCLEAR,) * 12


def film(known: Sequence[Verdict], new: Sequence[Verdict] | None = None, *, still: bool = False) -> WeatherFilm:
    return WeatherFilm(known, known if new is None else new, still)


def weather(staffed: Sequence[Verdict], empty: Sequence[Verdict], new: Sequence[Verdict] | None = None) -> Weather:
    """Return what one office shows in any light, always the same."""
    films = {True: [film(staffed, new), film(staffed, new, still=True)], False: [film(empty, new)]}
    return {name: [PoorLight(0.0, films), PoorLight(1.0, films)] for name in STRONGEST}


def played(room: RoomLooks, *, new: bool = False, present: bool = True) -> DayOutcome:
    """Play a day of poor light from 09.00 to 11.00 with staff at the counter all day, or with nobody."""
    quiet = draw_truth(MONDAY, Random(1))
    opening, closing = quiet.duty[0].start, quiet.duty[-1].end
    dim = WeatherSpell(opening + timedelta(minutes=90), opening + timedelta(minutes=210), "lamp", "dim", (1.0, 1.0))
    day = GroundTruth(quiet.duty, ((opening, closing),) if present else (), (), (), (dim,), new)
    return play_day(day, room, Tolerances(), Random(2))


def room(of_weather: Weather) -> RoomLooks:
    return RoomLooks([(Look.STAFFED,)], [(Look.EMPTY,)], {}, of_weather)


@given(st.integers(0, 10**6))
def test_spells_are_of_known_conditions_and_no_stronger_than_measured(seed: int) -> None:
    for spell in draw_spells(OPENING, CLOSING, Random(seed)):
        assert spell.condition in STRONGEST
        assert spell.condition in CONDITIONS
        assert spell.begin < spell.end <= CLOSING + timedelta(minutes=10)
        for share in (0, 0.5, 1):
            at = spell.begin + share * (spell.end - spell.begin)
            assert 0 <= spell.strength_at(at) <= STRONGEST[spell.condition]


def test_all_kinds_of_weather_are_drawn_and_most_days_have_some() -> None:
    days = [draw_spells(OPENING, CLOSING, Random(seed)) for seed in range(200)]
    assert {spell.name for day in days for spell in day} == {"dim morning", "glare", "haze", "night mode", "lamp"}
    assert 100 < sum(bool(day) for day in days) < 180


def test_the_glare_is_at_nine() -> None:
    spells = [spell for seed in range(100) for spell in draw_spells(OPENING, CLOSING, Random(seed))]
    begins = [spell.begin for spell in spells if spell.name == "glare" and spell.strength[0] == 0]
    assert all(wib("08:20") <= begin <= wib("09:20") for begin in begins)


def test_the_group_is_asked_anew_when_the_scene_changes_and_not_when_the_light_does() -> None:
    onset: list[Verdict] = [Look.EMPTY] * ONSET + [Blind.UNCLEAR] * 4
    reel = WeatherReel(weather(onset, onset), new=False, dice=Random(1))
    spell = WeatherSpell(OPENING, CLOSING, "lamp", "dim", (0.0, 1.0))

    def looks(since: datetime, staffed: bool, count: int) -> list[Verdict | None]:
        return [reel.next([spell], staffed, since + timedelta(seconds=5 * n)) for n in range(count)]

    assert looks(OPENING, True, 12) == onset
    assert set(looks(OPENING + timedelta(minutes=5), True, 40)) == {Blind.UNCLEAR}
    assert looks(OPENING + timedelta(minutes=30), False, 9) == onset[:9]
    brighter = CLOSING - timedelta(minutes=30)
    assert set(looks(brighter, False, 20)) == {Blind.UNCLEAR}
    assert reel.next([spell], False, CLOSING) is None


def test_weather_in_which_staff_is_seen_or_unclear_accuses_nobody() -> None:
    for staffed in (STAFFED, UNCLEAR, STAFFED[:6] + UNCLEAR[:6]):
        assert played(room(weather(staffed, EMPTY))).false == []


def test_staff_that_the_weather_makes_empty_is_a_false_absence() -> None:
    assert played(room(weather(EMPTY, EMPTY))).false


def test_a_new_counter_is_judged_without_a_control_group() -> None:
    without = room(weather(STAFFED, EMPTY, new=EMPTY))
    assert played(without).false == []
    assert played(without, new=True).false


def test_unclear_minutes_are_told_apart() -> None:
    outcome = played(room(weather(UNCLEAR, UNCLEAR)))
    assert outcome.duty_s == 7.5 * 3600
    assert outcome.weather_s == 7200
    assert abs(outcome.unknown_s[Blind.UNCLEAR] - 7200) < 30
    assert sum(outcome.unknown_s.values()) - outcome.unknown_s[Blind.UNCLEAR] < 10
    assert not played(room(weather(STAFFED, EMPTY))).unknown_s[Blind.UNCLEAR]


def test_an_absence_missed_in_weather_is_not_one_missed_in_fair_light() -> None:
    quiet = draw_truth(MONDAY, Random(1))
    opening, closing = quiet.duty[0].start, quiet.duty[-1].end
    spell = WeatherSpell(opening, closing, "lamp", "dim", (1.0, 1.0))
    day = replace(
        quiet, present=((opening, opening + timedelta(minutes=60)),), faults=(), unwatched=(), spells=(spell,)
    )
    outcome = play_day(day, room(weather(STAFFED, STAFFED)), Tolerances(), Random(2))
    assert (outcome.missed, len(outcome.missed_in_weather)) == ([], 2)


def test_without_weather_the_days_are_those_of_before() -> None:
    assert draw_truth(MONDAY, Random(5)).spells == ()
    drawn, plain = draw_truth(MONDAY, Random(5), weather=True), draw_truth(MONDAY, Random(5))
    assert (drawn.present, drawn.faults) == (plain.present, plain.faults)


@pytest.mark.slow
def test_real_pictures_in_poor_light_are_judged_by_the_real_parts(
    footage: Path, detector: Detector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weather_looks, "STRENGTHS", 1)
    monkeypatch.setattr(weather_looks, "STRONGEST", {"dim": 1.0})
    found = weather_looks.weather_of(LAYOUTS["hall"], footage, detector, 1)
    (light,) = found["dim"]
    assert 0 <= light.strength <= 1
    assert {one.still for one in light.films[True]} == {True, False}
    for staffed, films in light.films.items():
        for one in films:
            assert len(one.known) == len(one.new) == weather_looks.LOOKS
            assert staffed or Look.STAFFED not in one.known
            assert not staffed or Look.EMPTY not in one.known[ONSET:]
