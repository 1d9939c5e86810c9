"""Judge one office's pictures in poor light, as a watch does: quality, detector, control group.

What makes a thousand days feasible is that a day only chooses from these films: each office is judged once in a few
strengths of each condition, drawn from the seed.
"""

from collections.abc import Sequence
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path
from random import Random

import numpy as np

from discipline.tools.evaluate.day_looks import LOOK_S
from discipline.tools.evaluate.office_pictures import EMPTY, EPOCH, STAFFED, OfficePictures
from discipline.tools.evaluate.weather_day import ONSET, STRONGEST, PoorLight, Verdict, Weather, WeatherFilm
from streams.detect.api import Detector, Picture
from streams.looks.control_choice import MOST
from streams.looks.control_group import ControlGroup, encode_control
from streams.looks.examiner import Examiner
from streams.pixels.shapes import Frame
from streams.simulator.layouts import Layout
from streams.simulator.trials import trial_pictures
from streams.simulator.weather import Condition, draw_condition

STRENGTHS = 4  # of each condition, one at random in each quarter of the range
FAIR, LOOKS = 3, 20  # looks in good light before a film, and of the film
GRAIN = 2.0  # grey levels of a sensor, which make two pictures of a motionless room differ
CLIPS = {True: STAFFED, False: EMPTY}
# Trials of streams.simulator.trials with staff that is harder to see. Only pictures are taken of them in which it is
# seen in good light: what is measured is what the weather takes away.
POSTURES = ("bent over the desk", "from behind")


def weather_of(layout: Layout, footage: Path, detector: Detector, seed: int) -> Weather:
    """Return the real verdicts on what one office's camera shows in poor light; the same seed gives the same."""
    office = _Office(layout, footage, detector)
    dice = Random(f"{seed}/{layout.name}")  # noqa: S311 no secret
    weather: dict[str, list[PoorLight]] = {}
    for name, strongest in STRONGEST.items():
        for number in range(STRENGTHS):
            strength = strongest * (number + dice.random()) / STRENGTHS
            drawn = draw_condition(name, dice.randrange(2**31))
            condition = Condition(name, strength, drawn.sun, drawn.dice)
            weather.setdefault(name, []).append(PoorLight(strength, office.films(condition, dice)))
    return weather


class _Office:
    """The footage of one office, and its control group: looks at staff in good light, evenly over the clips."""

    def __init__(self, layout: Layout, footage: Path, detector: Detector) -> None:
        self._pictures, self._detector = OfficePictures(layout, footage), detector
        self._zone = self._pictures.zone
        self._clips = {name: self._pictures.shots(name) for clips in CLIPS.values() for name in clips}
        for name in POSTURES:
            self._clips[name] = [image for image in trial_pictures(name, layout) if self._is_seen(image)]
        shown = [image for name in (*CLIPS[True], *POSTURES) for image in self._clips[name] if self._is_seen(image)]
        self._controls = [encode_control(self._pictures.part(shown[len(shown) * n // MOST])) for n in range(MOST)]

    def films(self, condition: Condition, dice: Random) -> dict[bool, list[WeatherFilm]]:
        """Return the films of one light: each clip, and somebody who sits still in each clip with staff."""
        films: dict[bool, list[WeatherFilm]] = {}
        for staffed, names in CLIPS.items():
            for name in (*names, *POSTURES) if staffed else names:
                if not (shots := self._clips[name]):
                    continue
                first = dice.randrange(len(shots))
                moving = list(islice(cycle(shots[first:] + shots[:first]), LOOKS))
                before = self._clips["staffed"][:FAIR]
                films.setdefault(staffed, []).append(self._film(before, moving, condition, still=False))
                if name in (CLIPS[True][0], *POSTURES):
                    still, grain = shots[dice.randrange(len(shots))], np.random.default_rng(dice.randrange(2**31))
                    motionless = [_with_grain(still, grain) for _ in range(LOOKS)]
                    films[staffed].append(self._film(before, motionless, condition, still=True))
        return films

    def _film(
        self, before: Sequence[Picture], shots: Sequence[Picture], condition: Condition, *, still: bool
    ) -> WeatherFilm:
        """Return the verdicts on `shots` in poor light when they follow `before` in good light."""
        quality = self._pictures.quality()
        examiner = Examiner(self._detector, [self._zone])
        reference = self._pictures.part(self._pictures.home)
        groups = [ControlGroup(self._zone, lambda: reference, controls) for controls in (self._controls, ())]
        films: tuple[list[Verdict], list[Verdict]] = [], []
        for number, image in enumerate([*before, *(condition.show(shot) for shot in shots)]):
            at = EPOCH + timedelta(seconds=LOOK_S * number)
            fault = quality.judge(image, at)
            finding = None if fault else examiner.look(Frame(image, at))[0]
            for group, film in zip(groups, films, strict=True):
                if fault or finding is None:
                    assert fault
                    film.append(fault)
                else:  # as Examiner does with a group of its own
                    film.append(self._pictures.verdict(group.judge(self._detector, image, finding, at)))
        known, new = films
        assert len(known) - len(before) > ONSET
        return WeatherFilm(tuple(known[len(before) :]), tuple(new[len(before) :]), still)

    def _is_seen(self, image: Picture) -> bool:
        return self._detector.detect(image, [self._zone])[0].people > 0


def _with_grain(image: Picture, grain: np.random.Generator) -> Picture:
    return np.asarray(np.clip(image + grain.normal(0, GRAIN, image.shape), 0, 255), np.uint8)
