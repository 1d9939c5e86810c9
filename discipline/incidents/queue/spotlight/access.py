"""Who may see an item of the queue that was put on a screen."""

from discipline.incidents.finding import incidents_in
from discipline.incidents.queue.items_rule import ItemKind, parse_key
from discipline.incidents.queue.sources import source_of
from offices.access.gate import Scope


def may_see(scope: Scope, key: str) -> bool:
    """Return whether somebody with this scope may see the item: its title, and where it is."""
    parsed = parse_key(key)
    if parsed is None:
        return False
    kind, number = parsed
    if kind is ItemKind.INCIDENT:
        return incidents_in(scope).filter(pk=number).exists()
    source = source_of(kind)
    return scope.city and (source is None or source.pin(scope, number) is not None)
