"""Draw the truth of one office-day at random: when staff was at the counter, and what the camera had to cope with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from discipline.tools.evaluate.weather_day import NEW_SHARE, WeatherSpell, draw_spells, minutes
from offices.hours.duty import NORMAL, WIB, Interval, duty_day
from streams.pixels.occupancy import Blind

FAULTS = tuple(kind for kind in Blind if kind not in (Blind.SYSTEM, Blind.STEERED))

Span = tuple[datetime, datetime]  # from, until


@dataclass(frozen=True, slots=True)
class GroundTruth:
    """One day of one counter: when staff was there, when the camera had a fault, and when no watch process ran.

    spells: its poor light; new: the counter has no control group yet.
    """

    duty: tuple[Interval, ...]
    present: tuple[Span, ...]
    faults: tuple[tuple[datetime, datetime, Blind], ...]
    unwatched: tuple[Span, ...]
    spells: tuple[WeatherSpell, ...] = ()
    new: bool = False

    def staffed(self, at: datetime) -> bool:
        """Whether staff was at the counter."""
        return any(begin <= at < end for begin, end in self.present)


def draw_truth(day: date, dice: Random, *, weather: bool = False) -> GroundTruth:
    """Draw a working day with late arrivals, errands, lunches and faults, and with poor light if asked for."""
    duty = duty_day(day, [NORMAL], {}, {}, (), WIB).intervals
    opening, closing = duty[0].start, duty[-1].end
    present: list[Span] = []
    for interval in duty:
        begin = interval.start + minutes(_arrival(dice) if interval.first else dice.uniform(-20, 4))
        end = interval.end + minutes(-dice.uniform(1, 60) if dice.random() < 0.2 else dice.uniform(0, 15))
        present += _with_errands(begin, end, dice)
    truth = GroundTruth(duty, tuple(present), _faults(opening, closing, dice), _unwatched(opening, closing, dice))
    if not weather:
        return truth
    return replace(truth, spells=draw_spells(opening, closing, dice), new=dice.random() < NEW_SHARE)


def _arrival(dice: Random) -> float:
    """Return minutes after the opening."""
    kind = dice.random()
    if kind < 0.7:
        return dice.uniform(-30, 0)
    if kind < 0.8:
        return dice.uniform(1, 4.5)
    if kind < 0.9:
        return dice.uniform(4.5, 60)
    return dice.uniform(60, 600)  # after two hours, or never


def _with_errands(begin: datetime, end: datetime, dice: Random) -> Iterator[Span]:
    """Yield when staff is at the counter, with absences of up to 45 minutes in between."""
    while begin < end:
        leaves = begin + minutes(max(1.0, dice.expovariate(1 / 60)))
        yield begin, min(end, leaves)
        away = dice.choice(((0.3, 3), (0.3, 3), (3, 9.5), (9.5, 10.5), (10.5, 45)))
        begin = leaves + minutes(dice.uniform(*away))


def _faults(opening: datetime, closing: datetime, dice: Random) -> tuple[tuple[datetime, datetime, Blind], ...]:
    day_s = (closing - opening).total_seconds()
    faults = []
    for _ in range(dice.choice((0, 0, 1, 2, 3))):
        begin = opening + timedelta(seconds=dice.uniform(-600, day_s))
        end = begin + minutes(dice.choice((0.4, 2, 12, 40)) * dice.uniform(0.5, 1.5))
        faults.append((begin, end, dice.choice(FAULTS)))
    return tuple(sorted(faults))


def _unwatched(opening: datetime, closing: datetime, dice: Random) -> tuple[Span, ...]:
    """Return when no process watches because one died and was not replaced yet: at most once a day."""
    begin = opening + timedelta(seconds=dice.uniform(0, (closing - opening).total_seconds()))
    return ((begin, begin + timedelta(seconds=dice.uniform(5, 120))),) if dice.random() < 0.3 else ()


def days_from(first: date) -> Iterator[date]:
    """Yield working days, Monday to Friday, from `first` on."""
    while True:
        if first.weekday() < 5:
            yield first
        first += timedelta(days=1)
