"""The days of counters as strips, drawn from the very flips and decisions that their rows were worked out from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from discipline.core.wording import weekday
from discipline.reports.numbers.places import COUNTER_KEY
from discipline.reports.numbers.rollups import CounterDayFacts, TallyBasis
from discipline.reports.numbers.tables import ReportLine
from discipline.staffing.day_strip import Strip, draw_strip


@dataclass(frozen=True, slots=True)
class CounterDayStrip:
    """`place` and `day` name its report, `title` and `office` say which it is. `strip` is None on a day without duty,
    or before the counter was watched; `why` is what shaped its hours."""

    place: str
    day: str
    title: str
    office: str
    indications: int
    strip: Strip | None
    why: str


def strips_of_day(counters: Sequence[ReportLine], day: date, now: datetime) -> list[CounterDayStrip]:
    """Of these lines of counters, in their order."""
    keys = {line.key: _number(line.key) for line in counters}
    basis = TallyBasis(sorted(keys.values()), day, day, now)
    return [
        _draw_day(line, line.key, f"{day}", line.name, line.parent, next(basis.days(keys[line.key]), None), now)
        for line in counters
    ]


def strips_of_counter(place: str, days: Sequence[ReportLine], now: datetime) -> list[CounterDayStrip]:
    """The days of one counter, tables.day_lines of it."""
    if not days:
        return []
    pk = _number(place)
    basis = TallyBasis([pk], date.fromisoformat(days[0].key), date.fromisoformat(days[-1].key), now)
    told = {f"{one.day.day}": one for one in basis.days(pk)}
    return [
        _draw_day(line, place, line.key, weekday(date.fromisoformat(line.key)), "", told.get(line.key), now)
        for line in days
    ]


def _draw_day(
    line: ReportLine, place: str, day: str, title: str, office: str, told: CounterDayFacts | None, now: datetime
) -> CounterDayStrip:
    drawn = draw_strip(told.flips, told.day.intervals, now, told.before, told.rulings) if told else None
    return CounterDayStrip(place, day, title, office, line.sums.indications, drawn, told.day.why if told else "")


def _number(key: str) -> int:
    return int(key.removeprefix(COUNTER_KEY))
