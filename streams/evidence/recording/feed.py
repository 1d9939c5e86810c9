"""Take a recorded camera's packets in the reading thread and queue them for the writer, within bounded memory."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from streams.evidence.recording.models import RecordedMinute
from streams.source.codecs.video_format import FORMATS

Gap = RecordedMinute.Gap


@dataclass(frozen=True, slots=True)
class FeedBegan:
    """A camera's pictures come from now on, with these parameter sets unless a keyframe brings its own."""

    camera: int
    codec: str  # of FORMATS
    extradata: bytes


class FeedPicture(NamedTuple):  # some thousands a second: a frozen dataclass takes four times as long to make
    """A sound picture. at: the camera's time of it in seconds; clock: monotonic seconds when it came."""

    camera: int
    kept_as: str
    data: bytes
    at: float
    keyframe: bool
    clock: float


@dataclass(frozen=True, slots=True)
class FeedEnded:
    """No pictures come, for a reason that the next minute will name."""

    camera: int
    gap: Gap


FeedMessage = FeedBegan | FeedPicture | FeedEnded


class PacketQueue:
    """Messages for the writer: at most most_bytes of pictures wait, and as many are being written."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._waiting: list[FeedMessage] = []
        self._lock = threading.Lock()

    def put(self, message: FeedMessage, size: int = 0) -> bool:
        """Queue a message; return False when there is no room for it, which one without size always has."""
        with self._lock:
            if size and self._bytes + size > self._most_bytes:
                return False
            self._bytes += size
            self._waiting.append(message)
            return True

    def take(self) -> list[FeedMessage]:
        """Return what waits, and forget it."""
        with self._lock:
            taken, self._waiting, self._bytes = self._waiting, [], 0
        return taken


class RecordedCamera:
    """The PacketListener of one camera. class_of: returns by which class a camera is kept, None if it is not recorded.

    lost: pictures for which there was no room.
    """

    def __init__(self, camera: int, queue: PacketQueue, class_of: Callable[[int], str | None]) -> None:
        self._camera, self._queue, self._class_of = camera, queue, class_of
        self._codec = ""
        self._extradata: bytes | None = None  # None while it can't be recorded
        self._tick_s = 1.0
        self._fed = False
        self.lost = 0

    def begin(self, codec: str, extradata: bytes, tick_s: float) -> None:
        """Take up a connection, or other parameter sets. See PacketListener."""
        self._tick_s = tick_s
        self._codec, self._extradata = codec, extradata if codec in FORMATS else None
        self._stop(Gap.FORMAT if self._extradata is None else Gap.NONE)

    def add(self, data: bytes, pts: int | None, dts: int | None, keyframe: bool, damaged: bool, clock: float) -> None:
        """Queue a picture, from a keyframe on until one is damaged. See PacketListener."""
        stamp = dts if pts is None else pts
        if self._extradata is None or stamp is None:
            return
        kept_as = self._class_of(self._camera)
        if kept_as is None:
            if self._fed:
                self._stop(Gap.OFF)
            return
        if damaged or not (self._fed or keyframe):
            self._fed = False
            return
        if not self._fed:
            self._fed = True
            self._queue.put(FeedBegan(self._camera, self._codec, self._extradata))
        picture = FeedPicture(self._camera, kept_as, data, stamp * self._tick_s, keyframe, clock)
        if not self._queue.put(picture, len(data)):
            self.lost += 1
            self._stop(Gap.SYSTEM)

    def end(self, lost: bool) -> None:
        """Note that the connection ended. See PacketListener."""
        self._stop(Gap.CAMERA if lost else Gap.SYSTEM)

    def _stop(self, gap: Gap) -> None:
        self._fed = False
        if gap:
            self._queue.put(FeedEnded(self._camera, gap))
