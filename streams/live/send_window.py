"""What waits for one viewer, and how much may be on its way: a slow line skips to the newest keyframe.

A websocket takes whatever it is given and keeps it in memory, so the viewer says how many bytes have arrived.
"""

from collections import deque

from streams.source.fmp4 import Fragment

WINDOW = 64 * 1024  # bytes on their way: a second at 500 kbit/s
PATIENCE_S = 1.0  # nothing more is sent while something has been on its way for so long
MOST = 8 * 1024 * 1024  # bytes that wait: more than any group of pictures at a camera's pace


class SendWindow:
    """Fragments for one viewer, from a keyframe on. `now`: any clock that only grows, in seconds."""

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
        """Bytes that wait."""
        return self._size

    def begin(self) -> None:
        """What waits is of no use any more; the next is a keyframe."""
        self._drop()
        self._for_key = True

    def offer(self, fragment: Fragment) -> None:
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
        """The next to send, as if it were sent at once; None when there is none or the line is full."""
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
        """The viewer has got so many bytes since it came."""
        self._arrived = max(self._arrived, min(total, self._sent))
        while self._on_its_way and self._on_its_way[0][1] <= self._arrived:
            self._on_its_way.popleft()

    def _drop(self) -> None:
        self._waiting.clear()
        self._size = 0
