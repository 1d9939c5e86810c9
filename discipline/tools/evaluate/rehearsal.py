"""Rehearse whole office-days: real verdicts on rendered pictures, played through the real rule without waiting."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import count, cycle, islice
from pathlib import Path
from random import Random
from typing import TypedDict

from discipline.staffing.rule import StateChange, Tolerances
from discipline.tools.evaluate.day_looks import LOOK_S, Film, RoomLooks
from discipline.tools.evaluate.day_truth import GroundTruth, days_from, draw_truth
from discipline.tools.evaluate.office_day import DayOutcome, play_day
from discipline.tools.evaluate.office_pictures import EMPTY, EPOCH, STAFFED, OfficePictures
from discipline.tools.evaluate.weather_looks import weather_of
from streams.detect.api import Detector, Picture
from streams.looks.control_group import ControlGroup, encode_control
from streams.looks.examiner import Examiner
from streams.pixels.occupancy import Blind, Look, samples_from
from streams.pixels.shapes import Frame
from streams.simulator.footage import ensure_footage
from streams.simulator.layouts import LAYOUTS, Layout
from streams.simulator.weather import CONDITIONS, draw_condition

FIRST_DAY = date(2026, 1, 5)  # a Monday
CONTROL_EVERY = 6  # pictures of staff between two that serve as controls
LOOKS_OF_A_FAULT = 12  # a minute, by which every fault is detected
FAULTS = {
    Blind.DARK: "dark",
    Blind.COVERED: "cover",
    Blind.BLURRED: "blur",
    Blind.MOVED: "shift",
    Blind.SCENE: "scene",
}


class Delays(TypedDict):
    """Seconds; None without delays."""

    p50: float | None
    p95: float | None
    max: float | None


class RehearsalFigures(TypedDict):
    """The result for JSON. `delay_s`: from the end of the true grace to the recording of the absence."""

    office_days: int
    seed: int
    absences: int
    false_absences: int
    missed_absences: int
    missed_in_weather: int
    delay_s: Delays
    looks: int
    wrong_looks: int
    blind_looks: int
    duty_min: int
    weather_min: int
    unclear_min: int
    otherwise_unknown_min: int


@dataclass(slots=True)
class RehearsalResult:
    """The sums over all days, and a line for each false or missed absence."""

    seed: int
    days: int = 0
    sum: DayOutcome = field(default_factory=DayOutcome)
    failures: list[str] = field(default_factory=list)

    def add(self, day: int, outcome: DayOutcome, truth: GroundTruth) -> None:
        """Add the outcome of one day, numbered from 1."""
        self.days += 1
        total = self.sum
        total.absences += outcome.absences
        total.delays_s += outcome.delays_s
        total.looks += outcome.looks
        total.wrong_looks += outcome.wrong_looks
        total.blind_looks += outcome.blind_looks
        total.false += outcome.false
        total.missed += outcome.missed
        total.missed_in_weather += outcome.missed_in_weather
        total.duty_s += outcome.duty_s
        total.weather_s += outcome.weather_s
        for reason, seconds in outcome.unknown_s.items():
            total.unknown_s[reason] += seconds
        self.failures += [f"day {day}: false {_describe(flip, truth)}" for flip in outcome.false]
        self.failures += [f"day {day}: missed, due at {due:%Y-%m-%dT%H:%M:%SZ}" for due in outcome.missed]
        self.failures += [
            f"day {day}: missed in poor light, due at {due:%Y-%m-%dT%H:%M:%SZ}" for due in outcome.missed_in_weather
        ]

    def as_dict(self) -> RehearsalFigures:
        """Return the figures for JSON, without `failures`."""
        delays = sorted(self.sum.delays_s)
        percentiles = statistics.quantiles(delays, n=20, method="inclusive") if len(delays) > 1 else delays * 19
        return {
            "office_days": self.days,
            "seed": self.seed,
            "absences": self.sum.absences,
            "false_absences": len(self.sum.false),
            "missed_absences": len(self.sum.missed),
            "missed_in_weather": len(self.sum.missed_in_weather),
            "delay_s": {
                "p50": round(percentiles[9], 1) if delays else None,
                "p95": round(percentiles[18], 1) if delays else None,
                "max": round(delays[-1], 1) if delays else None,
            },
            "looks": self.sum.looks,
            "wrong_looks": self.sum.wrong_looks,
            "blind_looks": self.sum.blind_looks,
            "duty_min": round(self.sum.duty_s / 60),
            "weather_min": round(self.sum.weather_s / 60),
            "unclear_min": round(self.sum.unknown_s[Blind.UNCLEAR] / 60),
            "otherwise_unknown_min": round((sum(self.sum.unknown_s.values()) - self.sum.unknown_s[Blind.UNCLEAR]) / 60),
        }


def rehearse(
    days: int,
    seed: int,
    detector: Detector,
    footage: Path,
    report_progress: Callable[[str], None] = lambda _line: None,
    *,
    weather: bool = False,
) -> RehearsalResult:
    """Rehearse `days` office-days, spread over the demo's rooms; the same seed gives the same days.

    weather: with poor light, as drawn by weather_day.draw_spells; judging its pictures takes half an hour. Renders
    missing footage into `footage`. `report_progress` is called with lines of progress.
    """
    ensure_footage(footage, report_progress=report_progress)
    rooms = []
    for name, layout in LAYOUTS.items():
        report_progress(f"judging the pictures of {name}")
        room = room_of(layout, footage, detector)
        rooms.append(replace(room, weather=weather_of(layout, footage, detector, seed)) if weather else room)
    result, calendar = RehearsalResult(seed), days_from(FIRST_DAY)
    for number in range(1, days + 1):
        dice = Random(f"{seed}/{number}")  # noqa: S311 no secret
        truth = draw_truth(next(calendar), dice, weather=weather)
        result.add(number, play_day(truth, rooms[number % len(rooms)], Tolerances(), dice), truth)
        report_progress(f"office-day {number} of {days}")
    return result


def room_of(layout: Layout, footage: Path, detector: Detector) -> RoomLooks:
    """Return the real verdicts on everything that one office's camera can show."""
    office = OfficePictures(layout, footage)
    zone = office.zone

    def judged(clip: str) -> Film:
        examiner = Examiner(detector, [zone])
        looks = []
        for number, image in enumerate(office.shots(clip)):
            at = EPOCH + timedelta(seconds=LOOK_S * number)
            looks += [sample.look for sample in samples_from([zone], examiner.look(Frame(image, at)), at)]
        return tuple(looks)

    def faulty(before: list[Picture], after: list[Picture]) -> tuple[Blind | Look, ...]:
        """Return the verdicts on `after` when it follows `before`, as streams.watch.camera_loop gives them."""
        quality = office.quality()
        controls = [encode_control(office.part(image)) for image in staffed[::CONTROL_EVERY]]
        group = ControlGroup(zone, lambda: office.part(office.home), controls, few=1, at_a_time=len(controls))
        examiner = Examiner(detector, [zone], controls={zone.id: group})
        times = (EPOCH + timedelta(seconds=LOOK_S * number) for number in count())
        for image, at in zip(before, times, strict=False):
            quality.judge(image, at)
        return tuple(
            quality.judge(image, at) or office.verdict(examiner.look(Frame(image, at))[0])
            for image, at in zip(islice(cycle(after), LOOKS_OF_A_FAULT), times, strict=False)
        )

    staffed = office.shots("staffed")
    faults = {reason: faulty(staffed, office.shots(clip)) for reason, clip in FAULTS.items()}
    faults[Blind.FROZEN] = faulty(staffed, staffed[-1:])
    weather = [draw_condition(name, zone.id) for name in CONDITIONS]
    faults[Blind.UNCLEAR] = faulty(staffed, [one.show(image) for one, image in zip(cycle(weather), staffed)])
    return RoomLooks([judged(clip) for clip in STAFFED], [judged(clip) for clip in EMPTY], faults)


def _describe(flip: StateChange, truth: GroundTruth) -> str:
    spells = (spell for spell in truth.spells if spell.begin < flip.at and flip.since < spell.end)
    light = (f"{spell.name} {spell.strength_at(min(flip.at, spell.end)):.1f}" for spell in spells)
    words = f"{flip.reason} at {flip.at:%Y-%m-%dT%H:%M:%SZ} since {flip.since:%H:%M:%SZ}"
    return ", ".join([words, *light, *(["a new counter"] if truth.new else [])])
