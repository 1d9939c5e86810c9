"""What the board's headline counts: the offices that serve, of those that can be seen. Pure.

As on its tile, an office is what its worst counter is. While a counter is unknown and none is absent, it is unseen: it
counts neither as serving nor as not serving. static/js/board/headline.js does the same for open pages;
tests/browser/js/headline_cases.json holds the cases of both.
"""

from collections import Counter as Tally
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Literal, TypedDict

from discipline.staffing.rule import State

ATTENDED = frozenset({State.STAFFED.value, State.GRACE.value})

OfficeVisibility = Literal["seen", "unseen", ""]
HeadlineKind = Literal["seen", "unseen", "closed", "none"]


class Headline(TypedDict):
    """The numbers of offices in a headline; `serving` is part of `seen`, closed offices are neither seen nor unseen.

    kind: "seen" has figures; otherwise a sentence replaces them: "unseen", nothing is seen of what should be;
    "closed", no office is in service hours; "none", no office is watched.
    """

    serving: int
    seen: int
    unseen: int
    closed: int
    kind: HeadlineKind


def office_visibility(states: Collection[str]) -> OfficeVisibility:
    """Return "unseen" if it can't be known whether each counter on duty is attended, "" if none is on duty.

    `states` are the State values of an office's counters. One absent counter is enough to know.
    """
    if State.ABSENT.value in states:
        return "seen"
    if State.UNKNOWN.value in states:
        return "unseen"
    return "" if ATTENDED.isdisjoint(states) else "seen"


def is_serving(states: Collection[str]) -> bool:
    """Return whether each counter on duty is seen and none is absent."""
    return office_visibility(states) == "seen" and State.ABSENT.value not in states


def headline(rows: Iterable[Mapping[str, Any]]) -> Headline:
    """Count offices by their `visibility`, `serving` and `group` (board.payloads.OfficeRow)."""
    rows = list(rows)
    visibilities = Tally(row["visibility"] for row in rows)
    closed = sum(row["group"] == State.CLOSED.value for row in rows)
    kind: HeadlineKind = "none"
    if visibilities["seen"]:
        kind = "seen"
    elif visibilities["unseen"]:
        kind = "unseen"
    elif closed:
        kind = "closed"
    return {
        "serving": sum(row["serving"] for row in rows),
        "seen": visibilities["seen"],
        "unseen": visibilities["unseen"],
        "closed": closed,
        "kind": kind,
    }
