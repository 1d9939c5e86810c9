"""Take up handshakes of websockets a few at a time, so that pages are served between those of a crowd."""

from collections import deque
from collections.abc import Callable

from twisted.internet import reactor

AT_ONCE = 2  # per pass of the event loop; each takes a millisecond or two


class HandshakeQueue:
    """Calls its entries in their order, AT_ONCE in each pass of the event loop."""

    def __init__(self) -> None:
        self._waiting: deque[Callable[[], object]] = deque()

    def add(self, handshake: Callable[[], object]) -> None:
        """Call `handshake` when its turn comes."""
        self._waiting.append(handshake)
        if len(self._waiting) == 1:
            self._continue_soon()

    def _take_some(self) -> None:
        for _ in range(min(AT_ONCE, len(self._waiting))):
            self._waiting[0]()
            self._waiting.popleft()
        if self._waiting:
            self._continue_soon()

    def _continue_soon(self) -> None:
        reactor.callLater(0, self._take_some)  # type: ignore[attr-defined,arg-type]
