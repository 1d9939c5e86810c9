"""The days of counters as strips, drawn from the very flips and decisions that their rows were worked out from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from discipline.reports.places import COUNTER_KEY
from discipline.reports.rollups import Basis
from discipline.reports.tables import Line
from discipline.strip import Strip, strip


@dataclass(frozen=True, slots=True)
class CounterDay:
    """`strip` is None on a day without duty, or before the counter was watched; `why` is what shaped its hours."""

    line: Line
    strip: Strip | None
    why: str


def strips(counters: Sequence[Line], day: date, now: datetime) -> list[CounterDay]:
    """Of these lines of counters, in their order."""
    keys = {line.key: int(line.key.removeprefix(COUNTER_KEY)) for line in counters}
    basis = Basis(sorted(keys.values()), day, day, now)
    found = []
    for line in counters:
        told = next(basis.days(keys[line.key]), None)
        drawn = strip(told.flips, told.day.intervals, now, told.before, told.rulings) if told else None
        found.append(CounterDay(line, drawn, told.day.why if told else ""))
    return found
