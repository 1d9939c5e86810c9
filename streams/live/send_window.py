"""Queue fragments for one viewer and limit the bytes in flight; a slow connection skips to the newest keyframe.

A websocket buffers everything it is given in memory, so the viewer acknowledges the bytes that have arrived.
"""

from collections import deque

from streams.source.fmp4 import Fragment

WINDOW = 64 * 1024  # bytes in flight: a second at 500 kbit/s
PATIENCE_S = 1.0  # nothing more is sent while something has been in flight for longer
MOST = 8 * 1024 * 1024  # bytes in the queue: more than any group of pictures at a camera's bit rate


class SendWindow:
    """Fragments for one viewer, starting with a keyframe. `now` is monotonic seconds. `skips` counts skipped groups."""

    def __init__(self) -> None:
        self._waiting: deque[Fragment] = deque()
        self._size = 0
        self._on_its_way: deque[tuple[float, int]] = deque()  # when sent, bytes sent by then
        self._sent = self._arrived = 0
        self._blocked = False
        self._for_key = True
        self.skips = 0

    @property
    def size(self) -> int:
        """Bytes in the queue."""
        return self._size

    def begin(self) -> None:
        """Clear the queue and wait for the next keyframe."""
        self._drop()
        self._for_key = True

    def offer(self, fragment: Fragment) -> None:
        """Queue a fragment. A keyframe replaces what waits while the connection is blocked."""
        if fragment.key:
            if self._waiting and self._blocked:
                self._drop()
                self.skips += 1
            self._for_key = False
        elif self._for_key:
            return
        elif self._size + len(fragment.data) > MOST:
            self.begin()
            self.skips += 1
            return
        self._waiting.append(fragment)
        self._size += len(fragment.data)

    def take(self, now: float) -> Fragment | None:
        """Return the next fragment and count it as sent; None when there is none or the window is full."""
        self._blocked = False
        if not self._waiting:
            return None
        following = len(self._waiting[0].data)
        if self._on_its_way:
            full = self._sent - self._arrived + following > WINDOW
            self._blocked = full or now - self._on_its_way[0][0] > PATIENCE_S
        if self._blocked:
            return None
        fragment = self._waiting.popleft()
        self._size -= following
        self._sent += following
        self._on_its_way.append((now, self._sent))
        return fragment

    def arrived(self, total: int) -> None:
        """Record how many bytes in all the viewer has received."""
        self._arrived = max(self._arrived, min(total, self._sent))
        while self._on_its_way and self._on_its_way[0][1] <= self._arrived:
            self._on_its_way.popleft()

    def _drop(self) -> None:
        self._waiting.clear()
        self._size = 0
