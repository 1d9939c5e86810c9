"""The offices that stand out in a report: the lowest, those that changed most, and those without an indication.

Only offices with enough coverage are named: an office that could not be seen is neither low nor praised.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from discipline.reports.numbers import tables
from discipline.reports.numbers.figures import percent
from discipline.reports.numbers.period import Period, PeriodKind
from discipline.reports.numbers.places import Level
from discipline.reports.numbers.tables import OfficeSums, ReportData, ReportLine
from discipline.reports.numbers.words import period_title
from offices.hours.schedule import local_day

NAMED = 5  # offices on a card; of fewer than twice as many, half
SHORTEST_DAYS = 7  # a shorter period names nobody
PRAISED = 4  # offices praised that are shown at once
PRAISE_DAYS = 30
LATEST_START = timedelta(days=6)  # of the days in PRAISE_DAYS that an office was watched, at either end


@dataclass(frozen=True, slots=True)
class Standout:
    """An office with its availability in percent, and its change in points (None without enough data before)."""

    line: ReportLine
    availability: Decimal
    change: Decimal | None

    @property
    def points(self) -> Decimal:
        """The size of the change in percentage points."""
        return abs(self.change or Decimal(0))


@dataclass(frozen=True, slots=True)
class Praise:
    """The offices without an indication in PRAISE_DAYS until `period.last`, best first, of `judged` offices."""

    period: Period
    offices: list[ReportLine]
    judged: int

    @property
    def title(self) -> str:
        """The days in words."""
        return period_title(self.period)

    @property
    def first(self) -> list[ReportLine]:
        """The offices that are shown at once."""
        return self.offices[:PRAISED]

    @property
    def others(self) -> list[ReportLine]:
        """The offices that are folded away."""
        return self.offices[PRAISED:]


@dataclass(frozen=True, slots=True)
class Standouts:
    """The offices that stand out, the most extreme first.

    `judged`, `unjudged`: the number of offices with and without enough coverage; `compared`: of those judged, how many
    had enough in the period before too.
    """

    lowest: list[Standout]
    improved: list[Standout]
    worsened: list[Standout]
    praise: Praise
    judged: int
    unjudged: int
    compared: int


def standouts(report: ReportData) -> Standouts | None:
    """Return the offices that stand out; None for a single office, and for less than SHORTEST_DAYS.

    Asks two queries, however many offices there are.
    """
    place, period = report.place, report.period
    if place.level not in (Level.CITY, Level.KECAMATAN) or report.until is None or not _long_enough(period):
        return None
    lines = report.lines_of(Level.KELURAHAN)
    before = _by_code(report, period.before)
    judged = [_standout(line, before.get(line.key), report.floor) for line in lines if line.sums.enough(report.floor)]
    most = min(NAMED, len(judged) // 2)
    changed = [one for one in judged if one.change is not None]
    lowest = sorted((one for one in judged if one.availability < 100), key=_by_availability)[:most]
    return Standouts(
        lowest=lowest,
        improved=sorted((one for one in changed if one.change and one.change > 0), key=_by_change)[:NAMED],
        worsened=sorted((one for one in changed if one.change and one.change < 0), key=_by_change)[:NAMED],
        praise=_praise(report, lines, {one.line.key for one in lowest}),
        judged=len(judged),
        unjudged=len(lines) - len(judged),
        compared=len(changed),
    )


def _long_enough(period: Period) -> bool:
    return period.kind is not PeriodKind.DAY and period.days >= SHORTEST_DAYS


def _by_code(report: ReportData, period: Period) -> dict[str, OfficeSums]:
    return {report.offices[pk].code: sums for pk, sums in tables.office_sums(report.place, period).items()}


def _standout(line: ReportLine, before: OfficeSums | None, floor: int) -> Standout:
    now = percent(line.sums.availability) or Decimal(0)
    then = percent(before.sums.availability) if before and before.sums.enough(floor) else None
    return Standout(line, now, None if then is None else now - then)


def _by_availability(one: Standout) -> tuple[float, str]:
    return one.line.sums.availability or 0, one.line.name


def _by_change(one: Standout) -> tuple[Decimal, str]:
    return -one.points, one.line.name


def _praise(report: ReportData, lines: Sequence[ReportLine], lowest: Set[str]) -> Praise:
    """Return the praise of the offices that were watched in the whole time, with enough coverage; never of `lowest`."""
    last = min(report.period.last, local_day(report.until)) if report.until else report.period.last
    period = Period(PeriodKind.RANGE, last - timedelta(days=PRAISE_DAYS - 1), last)
    throughout = {
        code: office.sums
        for code, office in _by_code(report, period).items()
        if office.oldest <= period.first + LATEST_START and office.newest >= period.last - LATEST_START
    }
    judged = [
        ReportLine(line.key, line.name, throughout[line.key], line.code, line.parent)
        for line in lines
        if line.key in throughout and throughout[line.key].enough(report.floor)
    ]
    praised = [line for line in judged if not line.sums.indications and line.key not in lowest]
    return Praise(period, sorted(praised, key=lambda line: (-(line.sums.availability or 0), line.name)), len(judged))
