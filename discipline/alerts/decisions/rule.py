"""What people said to an indication, in order → what stands, and who may say what next. Pure.

A decision is never changed: it is undone within UNDO, or later replaced by another that gives its reason. Everything
stays in the history.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

UNDO = timedelta(minutes=10)
WORKING_DAYS = 3  # to explain in, after the day it was raised
FARTHEST_DAYS = 60  # no run of holidays is longer


class Act(StrEnum):
    EXPLAINED = "explained"  # by the lurah
    CONFIRMED = "confirmed"  # the rest by the camat
    EXCUSED = "excused"
    FALSE_ALARM = "false_alarm"
    UNDONE = "undone"


DECISIONS = (Act.CONFIRMED, Act.EXCUSED, Act.FALSE_ALARM)


class Role(StrEnum):
    """What somebody is to one indication."""

    CAMAT = "camat"  # of its kecamatan
    LURAH = "lurah"  # of its office
    READER = "reader"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history. `undoes` is the id of the decision that an UNDONE takes back."""

    id: int
    at: datetime
    what: Act
    undoes: int | None = None


class NotAllowed(Exception):
    """Why something can't be said now: STALE, ROLE, NOTHING_TO_UNDO, TOO_LATE, SAME, NEEDS_TEXT."""

    STALE, ROLE, NOTHING_TO_UNDO, TOO_LATE = "stale", "role", "nothing_to_undo", "too_late"
    SAME, NEEDS_TEXT = "same", "needs_text"

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def standing(history: Sequence[Entry]) -> Entry | None:
    """The decision that counts: the newest that was not undone."""
    undone = {entry.undoes for entry in history if entry.what is Act.UNDONE}
    decisions = [entry for entry in history if entry.what in DECISIONS and entry.id not in undone]
    return decisions[-1] if decisions else None


def undoable(history: Sequence[Entry], now: datetime) -> Entry | None:
    """The decision that may still be taken back: the one that counts, while it is young."""
    newest = standing(history)
    return newest if newest and timedelta(0) <= now - newest.at <= UNDO else None


def explained(history: Sequence[Entry]) -> bool:
    return any(entry.what is Act.EXPLAINED for entry in history)


def check(history: Sequence[Entry], act: Act, role: Role, now: datetime, last_seen: int | None, text: str) -> None:
    """NotAllowed unless `act` may be added now by somebody who saw the history up to `last_seen`."""
    if role is not (Role.LURAH if act is Act.EXPLAINED else Role.CAMAT):
        raise NotAllowed(NotAllowed.ROLE)
    if last_seen != (history[-1].id if history else None):
        raise NotAllowed(NotAllowed.STALE)
    counts = standing(history)
    if act is Act.UNDONE:
        if counts is None:
            raise NotAllowed(NotAllowed.NOTHING_TO_UNDO)
        if undoable(history, now) is None:
            raise NotAllowed(NotAllowed.TOO_LATE)
    elif act in DECISIONS and counts is not None:
        if counts.what is act:
            raise NotAllowed(NotAllowed.SAME)
        if not text.strip():
            raise NotAllowed(NotAllowed.NEEDS_TEXT)  # what is decided anew says why


def deadline(raised: date, works: Callable[[date], bool]) -> date:
    """The third working day after the day it was raised. `works(day)` tells the office's working days."""
    return _walk(raised, timedelta(days=1), WORKING_DAYS, works)


def reminder(last: date, works: Callable[[date], bool]) -> date:
    """The working day before the last on which one may explain: Friday for a Monday."""
    return _walk(last, timedelta(days=-1), 1, works)


def _walk(day: date, step: timedelta, left: int, works: Callable[[date], bool]) -> date:
    for _ in range(FARTHEST_DAYS):
        day += step
        left -= works(day)
        if left == 0:
            break
    return day
