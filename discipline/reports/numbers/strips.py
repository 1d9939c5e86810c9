"""The days of counters as strips, drawn from the very flips and decisions that their rows were worked out from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from discipline.core.wording import weekday
from discipline.reports.numbers.places import COUNTER_KEY
from discipline.reports.numbers.rollups import Basis, Told
from discipline.reports.numbers.tables import Line
from discipline.staffing.day_strip import Strip, strip


@dataclass(frozen=True, slots=True)
class CounterDay:
    """`place` and `day` name its report, `title` and `office` say which it is. `strip` is None on a day without duty,
    or before the counter was watched; `why` is what shaped its hours."""

    place: str
    day: str
    title: str
    office: str
    indications: int
    strip: Strip | None
    why: str


def of_day(counters: Sequence[Line], day: date, now: datetime) -> list[CounterDay]:
    """Of these lines of counters, in their order."""
    keys = {line.key: _number(line.key) for line in counters}
    basis = Basis(sorted(keys.values()), day, day, now)
    return [
        _drawn(line, line.key, f"{day}", line.name, line.parent, next(basis.days(keys[line.key]), None), now)
        for line in counters
    ]


def of_counter(place: str, days: Sequence[Line], now: datetime) -> list[CounterDay]:
    """The days of one counter, tables.days of it."""
    if not days:
        return []
    pk = _number(place)
    basis = Basis([pk], date.fromisoformat(days[0].key), date.fromisoformat(days[-1].key), now)
    told = {f"{one.day.day}": one for one in basis.days(pk)}
    return [
        _drawn(line, place, line.key, weekday(date.fromisoformat(line.key)), "", told.get(line.key), now)
        for line in days
    ]


def _drawn(line: Line, place: str, day: str, title: str, office: str, told: Told | None, now: datetime) -> CounterDay:
    drawn = strip(told.flips, told.day.intervals, now, told.before, told.rulings) if told else None
    return CounterDay(place, day, title, office, line.sums.indications, drawn, told.day.why if told else "")


def _number(key: str) -> int:
    return int(key.removeprefix(COUNTER_KEY))
