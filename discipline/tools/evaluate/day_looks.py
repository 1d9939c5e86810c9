"""What the camera of one office makes of a day: looks from verdicts of the real detector and picture checks. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from discipline.tools.evaluate.day_truth import GroundTruth
from discipline.tools.evaluate.weather_day import Weather, WeatherReel
from streams.pixels.occupancy import Blind, Look, Sample
from streams.watch.pace import NEAR_EDGE, CalmnessMeter

LOOK_S, CALM_LOOK_S = 5.0, 15.0
JITTER_S = 1.5  # keyframes are not on schedule
BLIND_AFTER_S = 15.0  # without a picture
LATE_SHARE = 0.003  # looks that arrive after the next one
MISS_SHARE = 0.01  # of looks at staff, added to the detector's own misses: twice the rate on real footage
LONGEST_MISS = 2  # looks in a row; the misses on real footage lasted half a second

Film = tuple[Look, ...]  # verdicts on one piece of footage, a look after the other


@dataclass(frozen=True, slots=True)
class RoomLooks:
    """Verdicts of the real detector and picture checks on one office.

    `faults`: verdicts with staff at the counter, from the first faulty picture on; the last one repeats. A Look is the
    detector's verdict on a picture that the checks accepted. `weather` is needed for days with spells of it.
    """

    staffed: Sequence[Film]
    empty: Sequence[Film]
    faults: Mapping[Blind, Sequence[Blind | Look]]
    weather: Weather = field(default_factory=dict)


def camera_looks(truth: GroundTruth, room: RoomLooks, begin: datetime, end: datetime, dice: Random) -> Iterator[Sample]:
    """Yield what the camera makes of the truth, about every LOOK_S, and every CALM_LOOK_S while it is calm."""
    reel = {True: _Reel(room.staffed, dice), False: _Reel(room.empty, dice)}
    poor = WeatherReel(room.weather, truth.new, dice)
    at, last_picture, frozen, faulty, missing = begin, begin, False, 0, 0
    calmness, lost = CalmnessMeter(), False
    while at < end:
        calm = calmness.calm and not lost and any(i.start + NEAR_EDGE <= at < i.end - NEAR_EDGE for i in truth.duty)
        at += timedelta(seconds=(CALM_LOOK_S if calm else LOOK_S) + dice.uniform(-JITTER_S, JITTER_S))
        fault = next((kind for since, until, kind in truth.faults if since <= at < until), None)
        if any(since <= at < until for since, until in truth.unwatched):
            last_picture = at  # the next process waits BLIND_AFTER_S again before it calls the camera blind
            continue
        lost = fault in (Blind.OFFLINE, Blind.STALE)
        if fault and lost:
            if (at - last_picture).total_seconds() > (CALM_LOOK_S * 1.5 if calmness.calm else BLIND_AFTER_S):
                yield Sample(1, at, Look.BLIND, 0, fault)
            continue
        last_picture = at
        staffed = truth.staffed(at)
        if fault is None:
            frozen, faulty = staffed, 0
        verdict = (
            room.faults[fault][min(faulty, len(room.faults[fault]) - 1)]
            if fault
            else poor.next(truth.spells, staffed, at)
        )
        faulty += fault is not None
        if isinstance(verdict, Blind):
            yield Sample(1, at, Look.BLIND, 0, verdict)
            calmness.note([Look.BLIND])
        else:
            shown = frozen if fault is Blind.FROZEN else staffed
            # The verdicts of a fault are those with staff at the counter, those of poor light are of what is shown.
            look = verdict if verdict and (shown or not fault) else reel[shown].next(at)
            if missing == 0 and dice.random() < MISS_SHARE / LONGEST_MISS * 4 / 3:
                missing = dice.randint(1, LONGEST_MISS)
            if missing and shown:
                look, missing = Look.EMPTY, missing - 1
            yield Sample(1, at, look, int(look is Look.STAFFED))
            calmness.note([look])


class _Reel:
    """Plays random films, each for 1 to 15 minutes, so that a pose that the detector misses is missed repeatedly."""

    def __init__(self, films: Sequence[Film], dice: Random) -> None:
        self._films, self._dice = films, dice
        self._until: datetime | None = None

    def next(self, at: datetime) -> Look:
        """Return the verdict on the next picture."""
        if self._until is None or at >= self._until:
            self._film = self._dice.choice(self._films)
            self._place = self._dice.randrange(len(self._film))
            self._still = self._dice.random() < 0.2  # the same picture all the time
            self._until = at + timedelta(minutes=self._dice.uniform(1, 15))
        self._place += not self._still
        return self._film[self._place % len(self._film)]


def arriving(samples: Iterator[Sample], dice: Random) -> Iterator[tuple[Sample, datetime]]:
    """Yield each sample with the time of its arrival. LATE_SHARE come after the next one, which is then repeated."""
    waiting: Sample | None = None
    for sample in samples:
        arrived = sample.at + timedelta(seconds=dice.uniform(0.1, 0.5))
        if waiting is None and dice.random() < LATE_SHARE:
            waiting = sample
            continue
        yield sample, arrived
        if waiting is not None:
            yield waiting, arrived
            yield sample, arrived
            waiting = None
