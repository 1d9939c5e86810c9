"""Generate plausible days of counters: late openings, absences with their causes, bad network lines. Pure.

Every counter has a character, drawn once from the seed; each of its days is drawn from that. A day depends only on
seed, place and date, so a history can be generated again, or extended, and its days stay the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from random import Random

from offices.hours.duty import WIB, Interval
from streams.pixels.occupancy import Blind

OUTAGE_DAYS = 45  # in each period of so many days the whole fleet goes dark once
BROKEN_DAYS = 60  # in each period of so many days a camera may be broken for some weeks
BROKEN_SHARE = 0.04  # chance that it is
KECAMATAN_LINE = 1 / 60  # chance per day that a kecamatan is without a network line for some hours
BAD_LINES = 0.07  # share of the offices with a bad line
RAIN = (11, 12, 1, 2, 3)  # months with flooded roads and worse lines
FLAG_DAY = 17  # of each month; it begins with a flag ceremony
MISSED = 0.004  # chance per day that the detector misses staff for long enough to raise an indication


class AbsenceCause(StrEnum):
    """The true cause of an absence. Values other than NONE are those of Decision.Reason."""

    NONE = ""
    APEL = "apel"
    DINAS_LUAR = "dinas_luar"
    SAKIT = "sakit"
    IZIN = "izin"
    GANGGUAN = "gangguan"
    STAFF_THERE = "staff_there"  # staff was there, but was not detected
    CAMERA_WRONG = "camera_wrong"


@dataclass(frozen=True, slots=True)
class CounterCharacter:
    """Chances on one working day; for `errands`, `short` and `faults` the mean number on one working day."""

    late: float = 0.02
    late_monday: float = 0.04
    not_opened: float = 0.0
    errands: float = 0.05  # absences longer than the grace
    short: float = 0.8  # absences shorter than the grace
    before_lunch: float = 0.01
    early: float = 0.01
    early_friday: float = 0.02
    faults: float = 0.03
    with_reason: float = 0.7  # share of its absences with a cause other than NONE


CHARACTERS: tuple[tuple[float, CounterCharacter], ...] = (
    (0.50, CounterCharacter()),
    (0.28, CounterCharacter(0.08, 0.15, 0.003, 0.25, 1.5, 0.05, 0.03, 0.06, with_reason=0.6)),
    (
        0.07,
        CounterCharacter(0.05, 0.75, 0.0, 0.10, 1.0, 0.03, 0.02, 0.03, with_reason=0.8),
    ),  # late after the Monday assembly
    (0.06, CounterCharacter(0.04, 0.06, 0.0, 0.15, 1.5, 0.60, 0.03, 0.05, with_reason=0.25)),  # leaves before lunch
    (
        0.04,
        CounterCharacter(0.05, 0.08, 0.002, 0.15, 1.2, 0.05, 0.08, 0.60, with_reason=0.2),
    ),  # leaves early on Fridays
    (0.05, CounterCharacter(0.35, 0.50, 0.04, 0.80, 2.0, 0.20, 0.20, 0.35, with_reason=0.3)),
)


@dataclass(frozen=True, slots=True)
class CounterNames:
    """Identifies a counter by names, which are the same on every machine, unlike primary keys."""

    kecamatan: str
    office: str
    counter: str


@dataclass(frozen=True, slots=True)
class AbsencePeriod:
    """A time without staff at the counter, or without detected staff. `end`: staff is back, or after closing."""

    begin: datetime
    end: datetime
    cause: AbsenceCause = AbsenceCause.NONE


@dataclass(frozen=True, slots=True)
class DarkPeriod:
    """A time in which the camera is blind."""

    begin: datetime
    end: datetime
    reason: Blind


@dataclass(frozen=True, slots=True)
class GeneratedDay:
    """One day of one counter. Where two periods of a kind overlap, the first counts."""

    gone: tuple[AbsencePeriod, ...] = ()
    dark: tuple[DarkPeriod, ...] = ()


def generate_day(seed: int, place: CounterNames, day: date, duty: Sequence[Interval]) -> GeneratedDay:
    """Return what happened at this counter on this day: nothing on a day without duty."""
    if not duty:
        return GeneratedDay()
    who, dice = character(seed, place), _dice(seed, place.office, place.counter, day)
    weight = _season(seed, place, day)
    gone = sorted(_absences(who, weight, day, duty, dice), key=lambda absence: absence.begin)
    dark = sorted(
        _dark_periods(seed, place, who, day, duty), key=lambda period: (period.reason is not Blind.SYSTEM, period.begin)
    )
    return GeneratedDay(tuple(gone), tuple(dark))


def character(seed: int, place: CounterNames) -> CounterCharacter:
    """Return the character of a counter."""
    dice = _dice(seed, place.office, place.counter)
    return dice.choices([kind for _, kind in CHARACTERS], [share for share, _ in CHARACTERS])[0]


def city_outage(seed: int, day: date) -> DarkPeriod | None:
    """Return when all cameras of the city were dark together on this day, or None."""
    period, number = divmod(day.toordinal(), OUTAGE_DAYS)
    dice = _dice(seed, "outage", period)
    chosen = date.fromordinal(period * OUTAGE_DAYS + dice.randrange(OUTAGE_DAYS - 2))
    chosen += timedelta(days=(7 - chosen.weekday()) % 7 if chosen.weekday() > 4 else 0)
    if chosen.toordinal() != period * OUTAGE_DAYS + number:
        return None
    begin = datetime.combine(day, time(8), WIB).astimezone(UTC) + _minutes(dice.uniform(0, 150))
    return DarkPeriod(begin, begin + _minutes(dice.uniform(8, 45)), Blind.SYSTEM)


def _dice(*key: object) -> Random:
    return Random(":".join(map(str, key)))  # noqa: S311 no secret


def _minutes(number: float) -> timedelta:
    return timedelta(seconds=round(60 * number))


def _season(seed: int, place: CounterNames, day: date) -> float:
    """Return a factor for absences: offices have better and worse months, and rain makes all of them worse."""
    phase = _dice(seed, place.office, "season").random()
    wave = 1 + 0.5 * math.sin(2 * math.pi * (day.toordinal() / 150 + phase))
    return wave * (1.25 if day.month in RAIN else 1.0)


def _cause(who: CounterCharacter, dice: Random, *usual: AbsenceCause) -> AbsenceCause:
    return dice.choice(usual) if dice.random() < who.with_reason else AbsenceCause.NONE


def _absences(
    who: CounterCharacter, weight: float, day: date, duty: Sequence[Interval], dice: Random
) -> Iterator[AbsencePeriod]:
    opening, closing = duty[0].start, duty[-1].end
    before, after = opening - _minutes(30), closing + _minutes(30)
    monday, friday = day.weekday() == 0, day.weekday() == 4
    if dice.random() < who.not_opened * weight:
        cause = _cause(who, dice, AbsenceCause.DINAS_LUAR, AbsenceCause.SAKIT, AbsenceCause.GANGGUAN)
        until = after if dice.random() < 0.5 else opening + _minutes(dice.uniform(130, 260))
        yield AbsencePeriod(before, until, cause)
        return
    if day.day == FLAG_DAY and dice.random() < 0.6:
        yield AbsencePeriod(before, opening + _minutes(dice.uniform(12, 45)), AbsenceCause.APEL)
    elif dice.random() < (who.late_monday if monday else who.late * weight):
        usual = (
            (AbsenceCause.APEL,)
            if monday
            else (AbsenceCause.DINAS_LUAR, AbsenceCause.IZIN, AbsenceCause.SAKIT, AbsenceCause.GANGGUAN)
        )
        late = 6 + dice.expovariate(1 / 22)
        yield AbsencePeriod(before, opening + _minutes(min(late, 115)), _cause(who, dice, *usual))
    for interval in duty:
        yield from _errands(who, weight, interval, dice)
    if len(duty) > 1 and dice.random() < who.before_lunch * weight:
        noon = duty[0].end
        yield AbsencePeriod(
            noon - _minutes(dice.uniform(14, 50)), noon + _minutes(5), _cause(who, dice, AbsenceCause.DINAS_LUAR)
        )
    if dice.random() < (who.early_friday if friday else who.early) * weight:
        cause = _cause(who, dice, AbsenceCause.IZIN, AbsenceCause.DINAS_LUAR, AbsenceCause.SAKIT)
        yield AbsencePeriod(closing - _minutes(min(16 + dice.expovariate(1 / 30), 150)), after, cause)


def _errands(who: CounterCharacter, weight: float, interval: Interval, dice: Random) -> Iterator[AbsencePeriod]:
    length = (interval.end - interval.start).total_seconds() / 60
    share = length / 450  # of a normal day of 450 minutes
    for _ in range(_poisson(who.short * share, dice)):
        begin = interval.start + _minutes(dice.uniform(0, length))
        yield AbsencePeriod(begin, begin + _minutes(dice.uniform(0.5, 9)))
    for _ in range(_poisson(who.errands * weight * share, dice)):
        begin = interval.start + _minutes(dice.uniform(10, max(11, length - 60)))
        usual = (
            AbsenceCause.DINAS_LUAR,
            AbsenceCause.DINAS_LUAR,
            AbsenceCause.IZIN,
            AbsenceCause.SAKIT,
            AbsenceCause.GANGGUAN,
        )
        yield AbsencePeriod(begin, begin + _minutes(11 + dice.expovariate(1 / 14)), _cause(who, dice, *usual))
    if dice.random() < MISSED * share:
        begin = interval.start + _minutes(dice.uniform(10, max(11, length - 60)))
        cause = dice.choice((AbsenceCause.STAFF_THERE, AbsenceCause.STAFF_THERE, AbsenceCause.CAMERA_WRONG))
        yield AbsencePeriod(begin, begin + _minutes(dice.uniform(11, 30)), cause)


def _dark_periods(
    seed: int, place: CounterNames, who: CounterCharacter, day: date, duty: Sequence[Interval]
) -> Iterator[DarkPeriod]:
    """Yield when the office's camera is blind: one camera sees all counters of an office."""
    opening, closing = duty[0].start, duty[-1].end
    if outage := city_outage(seed, day):
        yield outage
    if _broken(seed, place.office, day):
        yield DarkPeriod(opening - _minutes(30), closing + _minutes(30), Blind.OFFLINE)
        return
    lines = _dice(seed, place.kecamatan, "line", day)
    if lines.random() < KECAMATAN_LINE * (2 if day.month in RAIN else 1):
        begin = opening + _minutes(lines.uniform(-20, 300))
        yield DarkPeriod(begin, begin + _minutes(lines.uniform(60, 240)), Blind.OFFLINE)
    dice, day_min = _dice(seed, place.office, "camera", day), (closing - opening).total_seconds() / 60
    bad = _dice(seed, place.office, "line").random() < BAD_LINES
    for _ in range(_poisson(1.3 if bad else who.faults, dice)):
        begin = opening + _minutes(dice.uniform(-15, day_min - 10))
        kinds, shares = (Blind.OFFLINE, Blind.FROZEN, Blind.DARK, Blind.MOVED, Blind.COVERED), (12, 3, 2, 1, 1)
        reason = Blind.OFFLINE if bad else dice.choices(kinds, shares)[0]
        yield DarkPeriod(begin, begin + _minutes(dice.choice((0.7, 4, 12, 35)) * dice.uniform(0.6, 1.6)), reason)


def _broken(seed: int, office: str, day: date) -> bool:
    period, number = divmod(day.toordinal(), BROKEN_DAYS)
    dice = _dice(seed, office, "broken", period)
    if dice.random() >= BROKEN_SHARE:
        return False
    first = dice.randrange(BROKEN_DAYS // 2)
    return first <= number < first + dice.randint(8, 28)


def _poisson(mean: float, dice: Random) -> int:
    """Draw a number from the Poisson distribution (Knuth's method)."""
    limit, number, product = math.exp(-mean), 0, dice.random()
    while product > limit:
        number, product = number + 1, product * dice.random()
    return number
