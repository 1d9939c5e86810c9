"""Events inside a process: a room publishes what happened, and rooms above it subscribe.

ops/wiring.py subscribes, once, when Django is ready; so the writer never imports its audience.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.dispatch import Signal

Occurrence = TypeVar("Occurrence")


class Event(Generic[Occurrence]):
    """One kind of occurrence. An event is no outbox: what must not be lost is found again in the database."""

    def __init__(self) -> None:
        self._signal = Signal()

    def subscribe(self, react: Callable[[Occurrence], object]) -> None:
        """Have `react` called with each occurrence. Subscribing a function again changes nothing."""

        def receive(sender: Any, occurrence: Occurrence, **kwargs: Any) -> None:
            react(occurrence)

        receive.__qualname__ = f"{react.__module__}.{react.__qualname__}"
        self._signal.connect(receive, weak=False, dispatch_uid=receive.__qualname__)

    def publish(self, occurrence: Occurrence) -> None:
        """Call the subscribers in the order in which they subscribed. One that raises is logged and stops no other.

        Call it after the commit: subscribers read what is stored.
        """
        self._signal.send_robust(sender=self, occurrence=occurrence)
