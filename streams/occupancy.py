"""What one look at one counter says. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Look(StrEnum):
    STAFFED = "staffed"
    EMPTY = "empty"
    BLIND = "blind"


class Blind(StrEnum):
    OFFLINE = "offline"
    STALE = "stale"
    FROZEN = "frozen"
    DARK = "dark"
    COVERED = "covered"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Sample:
    counter: int
    at: datetime
    look: Look
    people: int = 0
    reason: str = ""
