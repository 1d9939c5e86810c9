"""Days of counters as strips, drawn from the same flips and decisions that their DayTally rows are computed from."""

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
    """One day of one counter.

    `place` and `day` are the keys of its report; `title` is the counter's name or the day, `office` the counter's
    office or "". `strip` is None on a day without duty or before the counter was watched; `why` names the plan or
    exception behind its hours, "" before it was watched.
    """

    place: str
    day: str
    title: str
    office: str
    indications: int
    strip: Strip | None
    why: str


def strips_of_day(counters: Sequence[ReportLine], day: date, now: datetime) -> list[CounterDayStrip]:
    """Return a strip of the day for each counter (tables.part_lines of COUNTER), in their order."""
    keys = {line.key: _number(line.key) for line in counters}
    basis = TallyBasis(sorted(keys.values()), day, day, now)
    return [
        _draw_day(line, line.key, f"{day}", line.name, line.parent, next(basis.days(keys[line.key]), None), now)
        for line in counters
    ]


def strips_of_counter(place: str, days: Sequence[ReportLine], now: datetime) -> list[CounterDayStrip]:
    """Return a strip for each day of one counter (tables.day_lines), in their order. `place` is its OrgUnit.key."""
    if not days:
        return []
    pk = _number(place)
    basis = TallyBasis([pk], date.fromisoformat(days[0].key), date.fromisoformat(days[-1].key), now)
    facts = {f"{one.day.day}": one for one in basis.days(pk)}
    return [
        _draw_day(line, place, line.key, weekday(date.fromisoformat(line.key)), "", facts.get(line.key), now)
        for line in days
    ]


def _draw_day(
    line: ReportLine, place: str, day: str, title: str, office: str, facts: CounterDayFacts | None, now: datetime
) -> CounterDayStrip:
    strip = draw_strip(facts.flips, facts.day.intervals, now, facts.before, facts.rulings) if facts else None
    return CounterDayStrip(place, day, title, office, line.sums.indications, strip, facts.day.why if facts else "")


def _number(key: str) -> int:
    return int(key.removeprefix(COUNTER_KEY))
