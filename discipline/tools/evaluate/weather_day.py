"""Poor light on simulated office-days: when it falls, and what the camera's looks are in it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from streams.pixels.occupancy import Blind, Look

ONSET = 8  # looks at the start of a film, in which the control group is first shown
STILL_SHARE = 0.2  # of the time somebody does not move
NEW_SHARE = 0.1  # of the counters have no control group yet
# How far beyond the severe form of a condition (1.0) its strength goes. In stronger dim light the picture is DARK.
STRONGEST = {"dim": 1.3, "glare": 4.0, "haze": 4.0, "infrared": 5.0}

Verdict = Look | Blind  # a Blind is the reason of a BLIND look


@dataclass(frozen=True, slots=True)
class WeatherSpell:
    """A time of poor light. condition: of streams.simulator.weather.CONDITIONS; strength: at its begin and its end."""

    begin: datetime
    end: datetime
    name: str
    condition: str
    strength: tuple[float, float]

    def strength_at(self, at: datetime) -> float:
        """Return the strength at a moment of the spell."""
        first, last = self.strength
        return first + (last - first) * ((at - self.begin) / (self.end - self.begin))


@dataclass(frozen=True, slots=True)
class WeatherFilm:
    """Verdicts on one clip, a look after the other, with a control group and, for a new counter, without one.

    still: whether somebody sits motionless in it.
    """

    known: Sequence[Verdict]
    new: Sequence[Verdict]
    still: bool


@dataclass(frozen=True, slots=True)
class PoorLight:
    """One office in a condition of one strength: the films with staff (True) and without."""

    strength: float
    films: Mapping[bool, Sequence[WeatherFilm]]


Weather = Mapping[str, Sequence[PoorLight]]  # by condition


def draw_spells(opening: datetime, closing: datetime, dice: Random) -> tuple[WeatherSpell, ...]:
    """Draw a day's poor light, in the order of precedence: where two fall together the first counts."""
    return tuple(
        spell for draw in (_lamp, _infrared, _glare, _dim_morning, _haze) for spell in draw(opening, closing, dice)
    )


def minutes(number: float) -> timedelta:
    """Return so many minutes."""
    return timedelta(minutes=number)


def _dim_morning(opening: datetime, _closing: datetime, dice: Random) -> Iterator[WeatherSpell]:
    """It rains, and the lamps are off; slowly it becomes lighter."""
    if dice.random() < 0.4:
        end = opening + minutes(dice.uniform(30, 240))
        yield WeatherSpell(opening - minutes(30), end, "dim morning", "dim", (dice.uniform(0.3, STRONGEST["dim"]), 0.0))


def _glare(opening: datetime, _closing: datetime, dice: Random) -> Iterator[WeatherSpell]:
    """The sun falls through a window at about nine, 90 minutes after the opening."""
    if dice.random() < 0.35:
        begin = opening + minutes(dice.uniform(50, 110))
        length, most = minutes(dice.uniform(10, 40)), dice.uniform(0.5, STRONGEST["glare"])
        yield WeatherSpell(begin, begin + length, "glare", "glare", (0.0, most))
        yield WeatherSpell(begin + length, begin + 2 * length, "glare", "glare", (most, 0.0))


def _haze(opening: datetime, closing: datetime, dice: Random) -> Iterator[WeatherSpell]:
    """The lens becomes dirty or fogged, and somebody may wipe it."""
    if dice.random() < 0.15:
        begin = opening + (closing - opening) * dice.uniform(-0.1, 0.9)
        end = min(begin + minutes(dice.uniform(60, 400)), closing + minutes(10))
        yield WeatherSpell(begin, end, "haze", "haze", (dice.uniform(0, 1), dice.uniform(0, STRONGEST["haze"])))


def _infrared(opening: datetime, closing: datetime, dice: Random) -> Iterator[WeatherSpell]:
    """The camera stays in night mode in the morning, or goes into it before the office closes."""
    strength = dice.uniform(0, STRONGEST["infrared"])
    kind = dice.random()
    if kind < 0.15:
        yield WeatherSpell(
            opening - minutes(30), opening + minutes(dice.uniform(10, 90)), "night mode", "infrared", (strength,) * 2
        )
    elif kind < 0.25:
        yield WeatherSpell(
            closing - minutes(dice.uniform(10, 90)), closing + minutes(10), "night mode", "infrared", (strength,) * 2
        )


def _lamp(opening: datetime, closing: datetime, dice: Random) -> Iterator[WeatherSpell]:
    """A lamp fails from one look to the next, until it is replaced or the office closes."""
    if dice.random() < 0.15:
        begin = opening + (closing - opening) * dice.random()
        end = min(begin + minutes(dice.uniform(15, 300)), closing + minutes(10))
        yield WeatherSpell(begin, end, "lamp", "dim", (dice.uniform(0, STRONGEST["dim"]),) * 2)


class WeatherReel:
    """Plays the films of poor light. A new counter has no control group."""

    def __init__(self, weather: Weather, new: bool, dice: Random) -> None:
        self._weather, self._new, self._dice = weather, new, dice
        self._playing: tuple[WeatherFilm, str, float, bool] | None = None
        self._until: datetime | None = None
        self._place = 0

    def next(self, spells: Sequence[WeatherSpell], staffed: bool, at: datetime) -> Verdict | None:
        """Return the verdict on the next picture of the office, or None in fair light."""
        spell = next((one for one in spells if one.begin <= at < one.end), None)
        if spell is None:
            self._playing = self._until = None
            return None
        strength = spell.strength_at(at)
        light = min(self._weather[spell.condition], key=lambda one: abs(one.strength - strength))
        same = self._playing is not None and self._playing[1:] == (spell.condition, light.strength, staffed)
        if not same or self._until is None or at >= self._until:
            # The control group is shown anew when the scene changes; when the light does its outcome stands meanwhile.
            begun = self._playing is not None and self._playing[3] is staffed
            still = staffed and self._dice.random() < STILL_SHARE
            film = self._dice.choice([one for one in light.films[staffed] if one.still is still])
            self._playing = film, spell.condition, light.strength, staffed
            self._place = ONSET if begun else 0
            self._until = at + minutes(self._dice.uniform(1, 15))
        assert self._playing is not None
        film = self._playing[0]
        verdicts = film.new if self._new else film.known
        verdict = verdicts[self._place]
        self._place = self._place + 1 if self._place + 1 < len(verdicts) else ONSET
        return verdict
