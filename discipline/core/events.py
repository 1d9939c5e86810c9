"""In-process events: a room publishes an occurrence, and rooms above it subscribe.

ops/wiring.py connects the subscribers once, when Django is ready, so that a publisher never imports its subscribers.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from django.dispatch import Signal

Occurrence = TypeVar("Occurrence")


class Event(Generic[Occurrence]):
    """A kind of occurrence. Delivery is not guaranteed: what must not be lost has to be found again in the database."""

    def __init__(self) -> None:
        self._signal = Signal()

    def subscribe(self, react: Callable[[Occurrence], object]) -> None:
        """Call `react` with each occurrence from now on. Subscribing a function again has no effect."""

        def receive(sender: object, occurrence: Occurrence, **kwargs: object) -> None:
            del sender, kwargs  # unused
            react(occurrence)

        receive.__qualname__ = f"{react.__module__}.{react.__qualname__}"
        self._signal.connect(receive, weak=False, dispatch_uid=receive.__qualname__)

    def publish(self, occurrence: Occurrence) -> None:
        """Call the subscribers in the order in which they subscribed; exceptions are logged and don't stop the others.

        Must be called after the commit, as subscribers read what is stored.
        """
        self._signal.send_robust(sender=self, occurrence=occurrence)
