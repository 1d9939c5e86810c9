"""What is different between two documents of a month: the lines of an amendment. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Facts = Mapping[str, Any]  # text, whole numbers, and mappings of them; never None


@dataclass(frozen=True, slots=True)
class FactChange:
    """One fact, by the keys that lead to it: ("days", "loket-5", "2026-11-16", "absent_s"). None: there was none, or
    there is none any more; where a whole mapping came or went it is one change."""

    path: tuple[str, ...]
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class AmendmentLine:
    """Changes that one sentence tells: of one counter's day, one indication, one office. `path` leads to their subject,
    and the mappings hold only what differs; None where the whole subject came or went."""

    path: tuple[str, ...]
    before: Facts | None
    after: Facts | None


DEPTH = {"days": 3, "counters": 2, "offices": 2, "indications": 2, "total": 1, "bands": 1}


def fact_changes(before: Facts, after: Facts) -> list[FactChange]:
    """In the order of their keys; empty when, and only when, the two are equal."""
    return list(_walk((), before, after))


def _walk(path: tuple[str, ...], before: Any, after: Any) -> Iterator[FactChange]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted(before.keys() | after.keys()):
            yield from _walk((*path, key), before.get(key), after.get(key))
    elif before != after:
        yield FactChange(path, before, after)


def amendment_lines(before: Facts, after: Facts) -> list[AmendmentLine]:
    """The changes gathered by their subjects, in the order of their keys. As empty as `changes`."""
    gathered: dict[tuple[str, ...], list[FactChange]] = {}
    for change in (deep for one in fact_changes(before, after) for deep in _opened(one)):
        subject = change.path[: DEPTH.get(change.path[0], 1)]
        gathered.setdefault(subject, []).append(change)
    found = []
    for subject, those in gathered.items():
        if those[0].path == subject:
            found.append(AmendmentLine(subject, _mapping(those[0].before), _mapping(those[0].after)))
        else:
            names = [".".join(one.path[len(subject) :]) for one in those]
            found.append(
                AmendmentLine(
                    subject,
                    dict(zip(names, (one.before for one in those), strict=True)),
                    dict(zip(names, (one.after for one in those), strict=True)),
                )
            )
    return found


def narrow_to(facts: Facts, counters: Collection[str]) -> Facts:
    """What the facts say of these counters: their days and indications."""
    indications = {key: told for key, told in facts["indications"].items() if told["counter"] in counters}
    return {"days": {key: days for key, days in facts["days"].items() if key in counters}, "indications": indications}


def _opened(change: FactChange) -> Iterator[FactChange]:
    """A counter that came with all its days is told day by day."""
    whole = change.before if change.after is None else change.after
    if len(change.path) >= DEPTH.get(change.path[0], 1) or not isinstance(whole, Mapping) or not whole:
        yield change
        return
    for key in sorted(whole):
        sides = (side.get(key) if isinstance(side, Mapping) else None for side in (change.before, change.after))
        yield from _opened(FactChange((*change.path, key), *sides))


def _mapping(value: Any) -> Facts | None:
    return value if value is None or isinstance(value, Mapping) else {"": value}
