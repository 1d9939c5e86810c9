"""What a search found. Pure."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found: its page, its name, and what tells it from others of that name."""

    url: str
    title: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class HitGroup:
    """Hits of one kind, the best first; `icon` is the id of a symbol of the sprite, `total` how many there are."""

    icon: str
    title: Any
    hits: list[Hit]
    total: int
