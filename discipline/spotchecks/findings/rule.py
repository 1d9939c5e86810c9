"""What people said to a finding, in order → where it stands, and who may say what next. Pure.

The office answers; who checked accepts the answer, or returns it with words, or withdraws the finding. A decision can
be taken back for a while (verdict.UNDO) as long as nobody has said anything after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from discipline.alerts.decisions.rule import UNDO, NotAllowed


class Act(StrEnum):
    ANSWERED = "answered"  # by the side that is asked
    ACCEPTED = "accepted"  # the rest by the side that checked
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    EXTENDED = "extended"
    UNDONE = "undone"


DECISIONS = (Act.ACCEPTED, Act.RETURNED, Act.WITHDRAWN)


class Status(StrEnum):
    WAITING = "waiting"
    ANSWERED = "answered"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"

    @property
    def closed(self) -> bool:
        return self in (Status.ACCEPTED, Status.WITHDRAWN)

    @property
    def asks(self) -> bool:
        """Somebody's answer is waited for."""
        return self in (Status.WAITING, Status.RETURNED)


class Side(StrEnum):
    """What somebody is to one finding."""

    ASKED = "asked"
    CHECKER = "checker"
    READER = "reader"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history. `undoes` is the id of the decision that an UNDONE takes back."""

    id: int
    at: datetime
    what: Act
    undoes: int | None = None


def _standing(history: Sequence[Entry]) -> Entry | None:
    """The line that says where the finding stands: the newest that was not undone and moves it at all."""
    undone = {entry.undoes for entry in history if entry.what is Act.UNDONE}
    moves = [entry for entry in history if entry.what not in (Act.EXTENDED, Act.UNDONE) and entry.id not in undone]
    return moves[-1] if moves else None


def status(history: Sequence[Entry]) -> Status:
    newest = _standing(history)
    return Status(newest.what) if newest else Status.WAITING


def undoable(history: Sequence[Entry], now: datetime) -> Entry | None:
    """The decision that may still be taken back."""
    newest = _standing(history)
    young = newest and newest.what in DECISIONS and timedelta(0) <= now - newest.at <= UNDO
    return newest if young else None


def check(history: Sequence[Entry], act: Act, side: Side, now: datetime, last_seen: int | None, text: str) -> None:
    """NotAllowed unless `act` may be added now by somebody who saw the history up to `last_seen`."""
    if side is not (Side.ASKED if act is Act.ANSWERED else Side.CHECKER):
        raise NotAllowed(NotAllowed.ROLE)
    if last_seen != (history[-1].id if history else None):
        raise NotAllowed(NotAllowed.STALE)
    stands = status(history)
    if act is Act.UNDONE:
        newest = _standing(history)
        if newest is None or newest.what not in DECISIONS:
            raise NotAllowed(NotAllowed.NOTHING_TO_UNDO)
        if undoable(history, now) is None:
            raise NotAllowed(NotAllowed.TOO_LATE)
        return
    if stands.closed or (act in (Act.ACCEPTED, Act.RETURNED) and stands is not Status.ANSWERED):
        raise NotAllowed(NotAllowed.SAME)
    if act in (Act.ANSWERED, Act.RETURNED, Act.WITHDRAWN) and not text.strip():
        raise NotAllowed(NotAllowed.NEEDS_TEXT)
