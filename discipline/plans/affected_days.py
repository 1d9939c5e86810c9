"""Which days a changed row touches: what was true of them before, or is now. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RowValidity:
    """What a row says (`what`) and on which days, both inclusive; None is without limit."""

    what: Hashable
    first: date | None
    last: date | None


Range = tuple[date, date]


def touched_ranges(before: RowValidity | None, after: RowValidity | None) -> list[Range]:
    """All its days when a row comes, goes or says something else; when only its dates move, the days that it wins or
    loses. `date.min` and `date.max` stand for no limit."""
    ends = [(held.first or date.min, held.last or date.max) for held in (before, after) if held]
    if before is None or after is None or before.what != after.what:
        return _joined(ends)
    (first, last), (new_first, new_last) = ends
    if new_last < first or last < new_first:
        return _joined(ends)
    moved = []
    if first != new_first:
        moved.append((min(first, new_first), max(first, new_first) - DAY))
    if last != new_last:
        moved.append((min(last, new_last) + DAY, max(last, new_last)))
    return moved


def past_part(ranges: Iterable[Range], known_from: date, today: date) -> Range | None:
    """The days up to today, from the first that anything is known of; None when it is all to come."""
    cut = [(max(first, known_from), min(last, today)) for first, last in ranges]
    cut = [(first, last) for first, last in cut if first <= last]
    return (min(first for first, _ in cut), max(last for _, last in cut)) if cut else None


def _joined(ranges: list[Range]) -> list[Range]:
    if len(ranges) == 2 and ranges[0][0] <= ranges[1][1] and ranges[1][0] <= ranges[0][1]:
        return [(min(ranges[0][0], ranges[1][0]), max(ranges[0][1], ranges[1][1]))]
    return ranges
