"""Items of the queue that rooms after this one have. Each registers its own source when Django is ready."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from discipline.incidents.queue.items_rule import ItemKind, QueueItem
from offices.access.gate import Scope


class QueueSource(Protocol):
    """What another room has for the queue."""

    def items(self, scope: Scope, now: datetime) -> Iterable[QueueItem]:
        """Return the items that wait and that the user may see."""

    def begun_since(self, since: datetime) -> int:
        """Return how many began after that moment, those that have left the queue included."""

    def pin(self, scope: Scope, number: int) -> tuple[float, float] | None:
        """Return where the item with this id is, in degrees; None if there is none that the user may see."""


_sources: dict[ItemKind, QueueSource] = {}


def register(kind: ItemKind, source: QueueSource) -> None:
    """Let the queue show what the source has. One source for each kind."""
    _sources[kind] = source


def source_of(kind: ItemKind) -> QueueSource | None:
    """Return the source that was registered for the kind."""
    return _sources.get(kind)


def all_sources() -> Iterable[QueueSource]:
    """Return the sources."""
    return _sources.values()
