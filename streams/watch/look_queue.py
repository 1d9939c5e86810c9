"""Which camera's picture is examined next: that whose look is due first."""

import heapq
import itertools
import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class LookQueue(Generic[T]):
    """Cameras with a picture that waits, in the order in which their looks are due. Thread-safe.

    Under overload all looks become late, those that are rare because nothing is expected to change more than others,
    and none waits for ever.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[float, int, T]] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._closed = False

    def put(self, camera: T, due: float) -> None:
        """Add a camera. due: when the look should be done, in monotonic seconds."""
        with self._changed:
            heapq.heappush(self._waiting, (due, next(self._numbers), camera))
            self._changed.notify()

    def get(self) -> T | None:
        """Wait for a camera and remove it; None once the queue is closed."""
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait()
            return None if self._closed else heapq.heappop(self._waiting)[2]

    def close(self) -> None:
        """Let all that wait in `get` go, now and later."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
