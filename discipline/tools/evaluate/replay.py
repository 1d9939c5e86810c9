"""Replay recorded looks, lines of JSON, through the very rule that judges live ones, without a database.

Header lines come first; there may be several:
    {"rule": {"absence_grace_s": 600}}                       omitted fields keep their defaults
    {"plan": "07:30-12:00,13:00-16:00", "days": ["2026-11-23"]}   WIB; the plan may also be "normal" or "ramadan"
    {"duty": [[start, end, first, last]]}                    instead of plan and days
Then the events, in the order in which they became known:
    {"counter": 1, "at": "2026-11-23T00:30:05Z", "look": "empty", "people": 0, "reason": ""}
    {"tick": "2026-11-23T00:31:00Z"}                         time passes for every counter seen so far
Every counter starts as never looked at, at the first time in the file. Empty lines are skipped.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any, NamedTuple, TypeVar

from discipline.staffing.rule import CounterStanding, StateChange, Tolerances, initial_standing, step
from offices.hours.duty import NORMAL, RAMADAN_WEEK, WIB, Interval, WeeklyPlan, duty_day, parse_spans
from streams.pixels.occupancy import Blind, Look, Sample

HEADER_KEYS = {"rule", "plan", "days", "duty"}
SAMPLE_KEYS = {"counter", "at", "look", "people", "reason"}
T = TypeVar("T")


class BadLineError(ValueError):
    """Raised for a line that can't be replayed; the message begins with its number."""


class JudgedFlip(NamedTuple):
    """A flip and the number of its counter."""

    counter: int
    flip: StateChange


def replay(lines: Iterable[str]) -> Iterator[JudgedFlip]:
    """Yield the flips in the order in which they became known. Raises BadLineError at the first invalid line."""
    replayed = _Replay()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            flips = replayed.read(json.loads(line))
        except (ValueError, TypeError, OverflowError) as error:
            raise BadLineError(f"line {number}: {error}") from error
        yield from flips


def as_json(judged: JudgedFlip) -> str:
    """Return a line of JSON: counter, at, old, new, reason, since; times in UTC (ISO 8601)."""
    counter, flip = judged
    return json.dumps(
        {
            "counter": counter,
            "at": _iso(flip.at),
            "old": flip.old,
            "new": flip.new,
            "reason": flip.reason,
            "since": _iso(flip.since),
        }
    )


class _Replay:
    def __init__(self) -> None:
        self.header: dict[str, Any] = {}
        self.rule = Tolerances()
        self.duty: tuple[Interval, ...] | None = None
        self.began: datetime | None = None
        self.standings: dict[int, CounterStanding] = {}

    def read(self, entry: object) -> list[JudgedFlip]:
        if not isinstance(entry, dict):
            raise ValueError("not a JSON object")
        if entry and entry.keys() <= HEADER_KEYS:
            self.read_header(entry)
            return []
        if self.duty is None:
            raise ValueError('what happened comes after a header with "duty", or "plan" and "days"')
        if entry.keys() == {"tick"}:
            return self.tick(_instant(entry["tick"]))
        return self.judge(_sample(entry))

    def read_header(self, entry: dict[str, Any]) -> None:
        if self.began:
            raise ValueError("a header after the first tick or sample")
        if repeated := entry.keys() & self.header.keys():
            raise ValueError(f"{', '.join(sorted(repeated))} given twice")
        self.header |= entry
        if "duty" in self.header and {"plan", "days"} & self.header.keys():
            raise ValueError("either duty, or plan and days")
        if "rule" in entry:
            self.rule = Tolerances(**_whole_numbers(entry["rule"]))
        if "duty" in entry:
            self.duty = _duty(entry["duty"])
        if {"plan", "days"} <= self.header.keys():
            self.duty = _planned(self.header["plan"], self.header["days"])

    def tick(self, now: datetime) -> list[JudgedFlip]:
        self.began = self.began or now
        return [judged for counter in self.standings for judged in self.step(counter, now)]

    def judge(self, sample: Sample) -> list[JudgedFlip]:
        self.began = self.began or sample.at
        self.standings.setdefault(sample.counter, initial_standing(self.began))
        return self.step(sample.counter, sample.at, sample)

    def step(self, counter: int, now: datetime, sample: Sample | None = None) -> list[JudgedFlip]:
        standing, duty = self.standings[counter], self.duty or ()
        self.standings[counter], flips = step(standing, self.rule, duty, now, sample)
        return [JudgedFlip(counter, flip) for flip in flips]


def _sample(entry: dict[str, Any]) -> Sample:
    if not {"counter", "at", "look"} <= entry.keys() <= SAMPLE_KEYS:
        raise ValueError('neither a header, {"tick"}, nor {"counter", "at", "look", "people", "reason"}')
    counter, people = entry["counter"], entry.get("people", 0)
    _whole_numbers({"counter": counter, "people": people})
    look, reason = Look(entry["look"]), entry.get("reason", "")
    if look is Look.BLIND:
        reason = Blind(reason)
    elif reason:
        raise ValueError("only a blind look has a reason")
    return Sample(counter, _instant(entry["at"]), look, people, reason)


def _duty(rows: object) -> tuple[Interval, ...]:
    intervals = tuple(_each(rows, _interval))
    previous = None
    for interval in intervals:
        if interval.start >= interval.end or (previous and interval.start < previous.end):
            raise ValueError("duty must be in order of time, without overlaps")
        previous = interval
    return intervals


def _interval(row: object) -> Interval:
    match row:
        case [str(begin), str(end), bool(first), bool(last)]:
            return Interval(_instant(begin), _instant(end), first, last)
    raise ValueError("each row of duty is [start, end, first, last]")


def _planned(plan: object, days: object) -> tuple[Interval, ...]:
    known = {"normal": NORMAL.week, "ramadan": RAMADAN_WEEK}
    name = _text(plan)
    week = known[name] if name in known else dict.fromkeys(range(7), parse_spans(name))
    chosen = sorted(set(_each(days, lambda day: date.fromisoformat(_text(day)))))
    hours = [WeeklyPlan("replay", week)]
    return tuple(interval for day in chosen for interval in duty_day(day, hours, {}, {}, (), WIB).intervals)


def _each(rows: object, read: Callable[[object], T]) -> list[T]:
    if not isinstance(rows, list):
        raise ValueError("a list is needed")
    return [read(row) for row in rows]


def _whole_numbers(values: object) -> dict[str, int]:
    if not isinstance(values, dict):
        raise ValueError("an object is needed")
    for name, value in values.items():
        if type(value) is not int or value < 0:
            raise ValueError(f"{name} must be a whole number, not {value!r}")
    return values


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not text")
    return value


def _instant(text: object) -> datetime:
    at = datetime.fromisoformat(_text(text))
    if at.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone; write 2026-11-23T00:30:05Z")
    return at.astimezone(UTC)


def _iso(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
