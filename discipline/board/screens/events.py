"""What the screens tell other rooms, and what they ask them: who may see an item that was put on a screen."""

from collections.abc import Callable
from dataclasses import dataclass

from discipline.core.events import Event
from offices.access.gate import Scope

Access = Callable[[Scope, str], bool]


@dataclass(frozen=True, slots=True)
class ScreensChanged:
    """A screen came on or went off, or what it shows has changed."""


screens_changed: Event[ScreensChanged] = Event()
_accesses: list[Access] = []


def register_access(access: Access) -> None:
    """Let the room whose items are put on screens say who may see the item with a key. Replaces an earlier one."""
    _accesses[:] = [access]


def may_see(scope: Scope, key: str) -> bool:
    """Return whether somebody with this scope may see the item; nobody before a room has registered."""
    return bool(_accesses) and _accesses[0](scope, key)
