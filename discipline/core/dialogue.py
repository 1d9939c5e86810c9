"""Rules of an append-only dialogue between the side that explains and the side that decides. Pure.

A line is never changed: a decision can be undone within UNDO, or replaced by a later one. Each kind of dialogue is one
Dialogue, a table of rules: one for indications (alerts.decisions), one for findings of spot checks
(spotchecks.findings).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

UNDO = timedelta(minutes=10)

Act = TypeVar("Act", bound=StrEnum)
Act_co = TypeVar("Act_co", bound=StrEnum, covariant=True)


class Side(StrEnum):
    """The part that a user has in a dialogue."""

    ASKED = "asked"
    DECIDER = "decider"
    READER = "reader"


@dataclass(frozen=True, slots=True)
class Standpoint:
    """A user's side in a dialogue, and the Membership.Role that gives it to them (empty for readers)."""

    side: Side
    role: str = ""


@dataclass(frozen=True, slots=True)
class Entry(Generic[Act]):
    """One line of a history. `undoes` is the id of the line that an undo reverses, None for other acts."""

    id: int
    at: datetime
    what: Act
    undoes: int | None = None


class Statement(Protocol[Act_co]):
    """A line that a user asks to add. `last_seen` is the id of the newest line on their page, None for none."""

    @property
    def act(self) -> Act_co:
        """The act to add."""

    @property
    def last_seen(self) -> int | None:
        """The id of the newest line that the page showed."""

    @property
    def text(self) -> str:
        """The words that go with it, or empty."""

    @property
    def attachment(self) -> object:
        """The Attachment that goes with it, or None."""


class NotAllowed(Exception):
    """A line may not be added now. `why` is STALE, ROLE, NOTHING_TO_UNDO, TOO_LATE, SAME or NEEDS_TEXT."""

    STALE, ROLE, NOTHING_TO_UNDO, TOO_LATE = "stale", "role", "nothing_to_undo", "too_late"
    SAME, NEEDS_TEXT = "same", "needs_text"

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Dialogue(Generic[Act]):
    """The rules of one kind of dialogue. `undo` reverses one of the `decisions`; `sides` maps each act to its side.

    `allowed` maps the act of the standing line (None while there is none) to the acts that may follow it, each with
    whether it needs a text. Acts that are keys of `allowed` become the standing line when they are added; others
    (remarks) don't. `undo` is not in it, as it depends on the time.
    """

    undo: Act
    decisions: tuple[Act, ...]
    sides: Mapping[Act, Side]
    allowed: Mapping[Act | None, Mapping[Act, bool]]

    def standing(self, history: Sequence[Entry[Act]]) -> Entry[Act] | None:
        """Return the standing line: the newest with a key of `allowed` that was not undone. None for none."""
        undone = {entry.undoes for entry in history if entry.what is self.undo}
        moves = [entry for entry in history if entry.what in self.allowed and entry.id not in undone]
        return moves[-1] if moves else None

    def undoable(self, history: Sequence[Entry[Act]], now: datetime) -> Entry[Act] | None:
        """Return the decision that may be undone: the standing line if it is a decision at most UNDO old, else None."""
        newest = self.standing(history)
        young = newest and newest.what in self.decisions and timedelta(0) <= now - newest.at <= UNDO
        return newest if young else None

    def check(
        self, history: Sequence[Entry[Act]], act: Act, side: Side, now: datetime, last_seen: int | None, text: str
    ) -> None:
        """Raise NotAllowed unless `side` may add `act` now, having seen the history up to line `last_seen`."""
        if side is not self.sides[act]:
            raise NotAllowed(NotAllowed.ROLE)
        if last_seen != (history[-1].id if history else None):
            raise NotAllowed(NotAllowed.STALE)
        newest = self.standing(history)
        if act is self.undo:
            if newest is None or newest.what not in self.decisions:
                raise NotAllowed(NotAllowed.NOTHING_TO_UNDO)
            if self.undoable(history, now) is None:
                raise NotAllowed(NotAllowed.TOO_LATE)
            return
        needs_text = self.allowed[newest.what if newest else None].get(act)
        if needs_text is None:
            raise NotAllowed(NotAllowed.SAME)
        if needs_text and not text.strip():
            raise NotAllowed(NotAllowed.NEEDS_TEXT)
