"""The differences between two documents of a month: the lines of an amendment. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from discipline.reports.signing.snapshot import MonthFacts

Facts = Mapping[str, object]  # text, whole numbers, and mappings of them; never None


@dataclass(frozen=True, slots=True)
class FactChange:
    """One changed fact; `path` holds its keys: ("days", "loket-5", "2026-11-16", "absent_s").

    `before` is None for a new fact, `after` for a removed one. A mapping that is new or removed is one change.
    """

    path: tuple[str, ...]
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class AmendmentLine:
    """The changes of one subject: a counter's day, an indication, an office. `path` holds the subject's keys.

    `before` and `after` hold only what differs, with None for a fact that is missing on one side. The whole is None
    where the subject itself is new or removed.
    """

    path: tuple[str, ...]
    before: Facts | None
    after: Facts | None


# The length of a subject's path, by its first key.
DEPTH = {"days": 3, "counters": 2, "offices": 2, "indications": 2, "total": 1, "bands": 1}


def fact_changes(before: Facts, after: Facts) -> list[FactChange]:
    """Return the changes in the order of their keys; empty if and only if the two are equal."""
    return list(_walk((), before, after))


def _walk(path: tuple[str, ...], before: object, after: object) -> Iterator[FactChange]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted(before.keys() | after.keys()):
            yield from _walk((*path, key), before.get(key), after.get(key))
    elif before != after:
        yield FactChange(path, before, after)


def amendment_lines(before: Facts, after: Facts) -> list[AmendmentLine]:
    """Return the changes grouped by subject, in the order of their keys; empty if and only if the two are equal."""
    by_subject: dict[tuple[str, ...], list[FactChange]] = {}
    for change in (part for whole in fact_changes(before, after) for part in _split_by_subject(whole)):
        subject = change.path[: DEPTH.get(change.path[0], 1)]
        by_subject.setdefault(subject, []).append(change)
    lines = []
    for subject, changes in by_subject.items():
        if changes[0].path == subject:
            lines.append(AmendmentLine(subject, _mapping(changes[0].before), _mapping(changes[0].after)))
        else:
            names = [".".join(change.path[len(subject) :]) for change in changes]
            lines.append(
                AmendmentLine(
                    subject,
                    dict(zip(names, (change.before for change in changes), strict=True)),
                    dict(zip(names, (change.after for change in changes), strict=True)),
                )
            )
    return lines


def narrow_to(facts: MonthFacts, counters: Collection[str]) -> Facts:
    """Return the days and indications of these counters only."""
    indications = {key: row for key, row in facts["indications"].items() if row["counter"] in counters}
    return {"days": {key: days for key, days in facts["days"].items() if key in counters}, "indications": indications}


def _split_by_subject(change: FactChange) -> Iterator[FactChange]:
    """Split a change above the depth of its subjects: a counter that is new with all its days gives one per day."""
    whole = change.before if change.after is None else change.after
    if len(change.path) >= DEPTH.get(change.path[0], 1) or not isinstance(whole, Mapping) or not whole:
        yield change
        return
    for key in sorted(whole):
        sides = (side.get(key) if isinstance(side, Mapping) else None for side in (change.before, change.after))
        yield from _split_by_subject(FactChange((*change.path, key), *sides))


def _mapping(value: object) -> Facts | None:
    return value if value is None or isinstance(value, Mapping) else {"": value}
