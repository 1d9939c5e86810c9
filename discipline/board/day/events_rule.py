"""The events of a counter's day, from the pieces of its strip. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from discipline.staffing.day_strip import AHEAD, BREAK, EXCUSED, StripPiece
from discipline.staffing.rule import State

LEFT, RETURNED, NOT_OPENED, UNSEEN, SEEN_STAFFED, SEEN_EMPTY = (
    "left",
    "returned",
    "not_opened",
    "unseen",
    "seen_staffed",
    "seen_empty",
)
RAISED, ENDED = "raised", "ended"  # of an indication
EMPTY = (str(State.GRACE), str(State.ABSENT), EXCUSED)


class Turn(NamedTuple):
    """A change at a counter: one of LEFT … SEEN_EMPTY at `at`."""

    at: datetime
    kind: str


def turns_of(pieces: Sequence[StripPiece]) -> Iterator[Turn]:
    """Yield the changes in order of time. Openings and breaks are none, unless the counter is empty from then on."""
    before = BREAK
    for piece in pieces:
        kind = _turn(before, piece.kind)
        if kind:
            yield Turn(piece.start, kind)
        before = piece.kind


def _turn(before: str, kind: str) -> str:
    """Return the change between the kinds of two pieces, "" for none."""
    if kind in (BREAK, AHEAD):
        return ""
    if kind == State.UNKNOWN:
        return "" if before == State.UNKNOWN else UNSEEN
    if before == State.UNKNOWN:
        return SEEN_EMPTY if kind in EMPTY else SEEN_STAFFED
    if kind in EMPTY:
        return {State.STAFFED.value: LEFT, BREAK: NOT_OPENED}.get(before, "")
    return RETURNED if before in EMPTY else ""
