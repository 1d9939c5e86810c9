"""Compute the days affected by a change of a plan, holiday or closure: those it covered before or covers now. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RowValidity:
    """The content of a row (`what`) and the days it covers, inclusive; None means unlimited."""

    what: Hashable
    first: date | None
    last: date | None


Range = tuple[date, date]


def touched_ranges(before: RowValidity | None, after: RowValidity | None) -> list[Range]:
    """Return the day ranges that a change of one row affects; `before` or `after` is None when it is added or removed.

    These are all its days when the row is added, removed or changed in content, and only the days gained or lost when
    just its dates move. `date.min` and `date.max` stand for no limit.
    """
    ends = [(validity.first or date.min, validity.last or date.max) for validity in (before, after) if validity]
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
    """Return the first and last day of the ranges within `known_from` to today; None when there is none."""
    clipped = [(max(first, known_from), min(last, today)) for first, last in ranges]
    clipped = [(first, last) for first, last in clipped if first <= last]
    return (min(first for first, _ in clipped), max(last for _, last in clipped)) if clipped else None


def _joined(ranges: list[Range]) -> list[Range]:
    if len(ranges) == 2 and ranges[0][0] <= ranges[1][1] and ranges[1][0] <= ranges[0][1]:
        return [(min(ranges[0][0], ranges[1][0]), max(ranges[0][1], ranges[1][1]))]
    return ranges
