"""The last twelve weeks of each part of a place as a line so small that it fits a table's cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from discipline.reports.numbers import tables
from discipline.reports.numbers.charts import share
from discipline.reports.numbers.figures import Sums, percent
from discipline.reports.numbers.numerals import share as share_word
from discipline.reports.numbers.period import DAY, Period, PeriodKind, period_of
from discipline.reports.numbers.places import Level, OrgUnit

WEEKS = 12
STEP, HEIGHT, EDGE = 10, 24, 3  # of a line, in its own units; EDGE: kept free for dots
LOWEST = 0.9  # the foot of a line, unless a share is lower


@dataclass(frozen=True, slots=True)
class Sparkline:
    """A line of weekly availability: points of polylines, interrupted by weeks with too little data, and dots.

    Dots stand on weeks between two such weeks, and on the newest one. `words`: the text alternative.
    """

    lines: list[str]
    dots: list[tuple[str, str]]
    words: str
    width: int = WEEKS * STEP
    height: int = HEIGHT


def weeks_until(last: date) -> Period:
    """Return the twelve weeks of which `last` is in the last one, up to that day."""
    monday = period_of(PeriodKind.WEEK, last).first
    return Period(PeriodKind.RANGE, monday - timedelta(weeks=WEEKS - 1), last)


def sparklines(place: OrgUnit, last: date, level: Level, floor: int) -> dict[str, Sparkline]:
    """Return a line by OrgUnit.key for each part of the place that had duty, all to one scale, in one query."""
    period = weeks_until(last)
    sums = tables.weekly_sums(place, period, level)
    shares = {key: _shares(weeks, period.first, floor) for key, weeks in sums.items()}
    foot = _foot(value for weeks in shares.values() for value in weeks)
    return {key: sparkline(weeks, foot) for key, weeks in shares.items()}


def _shares(weeks: Mapping[date, Sums], first: date, floor: int) -> list[float | None]:
    return [share(weeks.get(first + 7 * number * DAY, Sums()), floor) for number in range(WEEKS)]


def _foot(shares: Iterable[float | None]) -> float:
    return min((value for value in shares if value is not None), default=LOWEST)


def sparkline(shares: Sequence[float | None], foot: float) -> Sparkline:
    """Lay out shares (0 to 1, None: too little data) from the oldest to the newest week; `foot`: the lowest drawn."""
    foot = min(foot, LOWEST)
    runs: list[list[tuple[str, str]]] = [[]]
    for number, value in enumerate(shares):
        if value is None:
            runs.append([])
            continue
        y = EDGE + (HEIGHT - 2 * EDGE) * (1 - value) / (1 - foot)
        runs[-1].append((f"{(number + 0.5) * STEP:.1f}", f"{y:.1f}"))
    runs = [run for run in runs if run]
    dots = [run[0] for run in runs if len(run) == 1]
    if runs and runs[-1][-1] not in dots:
        dots.append(runs[-1][-1])
    lines = [" ".join(",".join(point) for point in run) for run in runs if len(run) > 1]
    return Sparkline(lines, dots, sparkline_words(shares))


def sparkline_words(shares: Sequence[float | None]) -> str:
    """Return what a line says in words: the oldest, lowest and newest share, and how many weeks are missing."""
    known = [value for value in shares if value is not None]
    if not known:
        return _("12 minggu: tidak cukup data")
    words = _("12 minggu: awal %(first)s, terendah %(lowest)s, terakhir %(last)s") % {
        "first": share_word(percent(known[0])),
        "lowest": share_word(percent(min(known))),
        "last": share_word(percent(known[-1])),
    }
    missing = len(shares) - len(known)
    if not missing:
        return words
    without = ngettext("%(n)s minggu tidak cukup data", "%(n)s minggu tidak cukup data", missing) % {"n": missing}
    return f"{words}; {without}"
