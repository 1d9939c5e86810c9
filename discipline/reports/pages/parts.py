"""The table of a report's parts: ranked, then sorted by the column and direction that the address asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from discipline.reports.numbers import charts
from discipline.reports.numbers.figures import Sums, ranked
from discipline.reports.numbers.places import Level, OrgUnit
from discipline.reports.numbers.tables import ReportLine
from discipline.reports.pages.weeks import Sparkline

UP, DOWN = "naik", "turun"
LEVELS: dict[Level, Promise] = {
    Level.KECAMATAN: gettext_lazy("Kecamatan"),
    Level.KELURAHAN: gettext_lazy("Kelurahan"),
    Level.COUNTER: gettext_lazy("Loket"),
    Level.KECAMATAN_OFFICE: gettext_lazy("Kantor kecamatan"),
}


@dataclass(frozen=True, slots=True)
class PartsWanted:
    """What the address asks for; an `order` not in ORDERS means by rank.

    Without a `direction` (UP, DOWN) the column decides: numbers begin with the worst, ranks and names with the first.
    """

    level: Level
    order: str = ""
    direction: str = ""


@dataclass(frozen=True, slots=True)
class PartOrder:
    """A column by which parts can be sorted; `first` is the direction in which its header sorts at first."""

    first: str
    value: Callable[[RankedPart], float | str]


@dataclass(frozen=True, slots=True)
class RankedPart:
    """A row of the table of parts; `rank` is None with too little data.

    `bar`: the width of its unstaffed time, in thousandths of the longest one; "" without any or with too little data.
    """

    rank: int | None
    line: ReportLine
    bar: str
    weeks: Sparkline | None


@dataclass(frozen=True, slots=True)
class SortedColumn:
    """How the table is sorted by a column, for its header.

    `sort`: the value of aria-sort, "" where another column sorts; `next`: the direction that its link asks for.
    """

    sort: str
    next: str


@dataclass(frozen=True, slots=True)
class PartsTable:
    """The table of parts: those with a rank, those with too little data, and the levels to choose from."""

    level: Level
    order: str
    direction: str
    columns: dict[str, SortedColumn]  # by ORDERS
    known: list[RankedPart]
    thin: list[RankedPart]
    choices: list[tuple[Level, Promise]]


def _of_sums(get: Callable[[Sums], float | None]) -> Callable[[RankedPart], float | str]:
    return lambda part: get(part.line.sums) or 0


ORDERS = {
    "peringkat": PartOrder(UP, lambda part: part.rank or 0),
    "nama": PartOrder(UP, lambda part: part.line.name.casefold()),
    "ketersediaan": PartOrder(UP, lambda part: (part.rank and part.line.sums.availability) or 0),
    "cakupan": PartOrder(UP, _of_sums(lambda sums: sums.coverage)),
    "kosong": PartOrder(DOWN, _of_sums(lambda sums: sums.absent_s)),
    "indikasi": PartOrder(DOWN, _of_sums(lambda sums: sums.indications)),
}


def parts_table(
    place: OrgUnit, lines: Sequence[ReportLine], wanted: PartsWanted, floor: int, weeks: Mapping[str, Sparkline]
) -> PartsTable:
    """Return the parts of `wanted.level`, which `lines` are, ranked and then sorted. `weeks`: by the lines' keys."""
    order = wanted.order if wanted.order in ORDERS else "peringkat"
    chosen = ORDERS[order]
    direction = wanted.direction if wanted.direction in (UP, DOWN) else chosen.first
    parts = ranked(lines, floor)
    longest = max((one.line.sums.absent_s for one in parts if one.place), default=0)
    rows = [
        RankedPart(
            rank=one.place,
            line=one.line,
            bar=charts.bar(one.line.sums.absent_s, longest if one.place else 0),
            weeks=weeks.get(one.line.key),
        )
        for one in parts
    ]
    # Sorting is stable also in reverse, so that equal ones stay in the order of their names.
    rows.sort(key=lambda part: (part.line.name.casefold(), part.line.parent, part.line.key))
    rows.sort(key=chosen.value, reverse=direction == DOWN)
    return PartsTable(
        level=wanted.level,
        order=order,
        direction=direction,
        columns={name: _column(name, one, order, direction) for name, one in ORDERS.items()},
        known=[row for row in rows if row.rank is not None],
        thin=[row for row in rows if row.rank is None],
        choices=[(one, LEVELS[one]) for one in place.levels],
    )


def _column(name: str, one: PartOrder, order: str, direction: str) -> SortedColumn:
    if name != order:
        return SortedColumn("", one.first)
    return SortedColumn("ascending" if direction == UP else "descending", DOWN if direction == UP else UP)
