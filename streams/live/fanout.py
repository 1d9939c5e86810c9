"""One camera, many viewers: H.264 passed through as fragmented MP4, never encoded anew.

A camera's feed opens with the first viewer of this process, however many come, and closes LINGER_S after the last.
All here but the tap's thread runs in the event loop of the sockets. Messages to a viewer, beside binary fragments
(after an `init`) or JPEGs (after `pictures`):

{"type": "opening"}: the camera is being opened.
{"type": "init", "mime", "head" (base64), "width", "height"}: fragments follow, beginning with a keyframe.
{"type": "clock", "zero", "now"}: Unix ms when the media time 0 was taken, and of the server's clock.
{"type": "pictures", "why": "codec" | "asked", "codec"}: JPEGs follow.
{"type": "trouble", "problem"}: the camera can't be read, a code of sources.Probe; it is tried again.
"""

import asyncio
import time
from base64 import b64encode
from collections.abc import Callable
from typing import Any

from streams.live.camera_reader import (
    CameraReader,
    FragmentCame,
    PictureCame,
    StreamBegan,
    StreamEvent,
    StreamFailed,
    StreamOpened,
)
from streams.live.send_window import SendWindow
from streams.source.fmp4 import Fragment

LINGER_S = 10.0
GOP_BYTES = 8 * 1024 * 1024  # of a longer group newcomers wait for the next
BACKLOG = 64  # events on their way from a tap's thread to a loop that is busy elsewhere

Message = dict[str, Any]


class LiveViewer:
    """One viewer's place. `wake` is set when there is something to send: first `news`, then what `lane` gives."""

    def __init__(self, *, pictures: bool) -> None:
        self.pictures = pictures
        self.lane = SendWindow()
        self.wake = asyncio.Event()
        self._news: dict[str, Message] = {}  # the newest of each kind: bounded, however slow the line

    def say(self, message: Message) -> None:
        self._news.pop(message["type"], None)
        self._news[message["type"]] = message
        self.wake.set()

    def offer(self, fragment: Fragment) -> None:
        self.lane.offer(fragment)
        self.wake.set()

    def news(self) -> list[Message]:
        told, self._news = list(self._news.values()), {}
        return told


class CameraFeed:
    """One camera's stream and who watches it."""

    def __init__(self, name: str, url: str, closed: Callable[["CameraFeed"], None]) -> None:
        self.seats: set[LiveViewer] = set()
        self._closed = closed
        self._loop = asyncio.get_running_loop()
        self._closing: asyncio.TimerHandle | None = None
        self._gop: list[Fragment] = []
        self._gop_bytes = 0
        self._init: Message | None = None
        self._zero = 0.0
        self._state: Message = {"type": "opening"}
        self._codec = ""  # of a camera whose video browsers can't be given
        self._handed = self._taken = 0  # each written by one thread
        self._gap = False
        self.tap = CameraReader(name, url, self._on_event)
        self.tap.start()

    # In the tap's thread

    def _on_event(self, event: StreamEvent) -> None:
        if isinstance(event, FragmentCame | PictureCame):
            full = self._handed - self._taken > BACKLOG
            self._gap = full or (self._gap and not (isinstance(event, FragmentCame) and event.fragment.key))
            if self._gap:  # the loop is behind; nothing shows well before the next keyframe
                return
        self._handed += 1
        try:
            self._loop.call_soon_threadsafe(self._take, event)
        except RuntimeError:  # the loop has ended
            self.tap.stop()

    # In the loop

    @property
    def ended(self) -> bool:
        return self._loop.is_closed()

    def join(self, seat: LiveViewer) -> None:
        if self._closing:
            self._closing.cancel()
            self._closing = None
        self.seats.add(seat)
        self.tap.pictures = any(one.pictures for one in self.seats)
        if self._state:
            seat.say(self._state)
        if seat.pictures or self._codec:
            seat.say(self._only_pictures())
        elif self._init:
            seat.say(self._init)
            seat.say(self._clock())
            for fragment in self._gop:
                seat.offer(fragment)

    def leave(self, seat: LiveViewer) -> None:
        self.seats.discard(seat)
        self.tap.pictures = any(one.pictures for one in self.seats)
        if not self.seats and not self._closing:
            self._closing = self._loop.call_later(LINGER_S, self.close)

    def close(self) -> None:
        self.tap.stop()
        self._closed(self)

    def _take(self, event: StreamEvent) -> None:
        self._taken += 1
        match event:
            case StreamOpened(codec, passes):
                before, self._codec = self._codec, "" if passes else codec
                if self._codec:
                    self._tell(self._only_pictures())
                elif before and self._init:
                    self._notify_viewers(self._init)
            case StreamBegan(head, codec, (width, height)):
                mime = f'video/mp4; codecs="{codec}"'
                self._init = {"type": "init", "mime": mime, "width": width, "height": height}
                self._init["head"] = b64encode(head).decode()
                self._forget()
                self._notify_viewers(self._init)
            case FragmentCame(fragment, zero):
                self._state = {}
                self._keep(fragment, zero)
            case PictureCame(jpeg):
                self._state = {}
                for seat in self.seats:
                    if seat.pictures or self._codec:
                        seat.offer(Fragment(jpeg, key=True))
            case StreamFailed(problem):
                self._state = {"type": "trouble", "problem": problem}
                self._forget()
                self._tell(self._state)

    def _keep(self, fragment: Fragment, zero: float) -> None:
        if fragment.key:
            self._forget()
            self._zero = zero
        if fragment.key or self._gop:
            self._gop.append(fragment)
            self._gop_bytes += len(fragment.data)
        if self._gop_bytes > GOP_BYTES:
            self._forget()
        for seat in self._viewers():
            if fragment.key:
                seat.say(self._clock())
            seat.offer(fragment)

    def _forget(self) -> None:
        self._gop, self._gop_bytes = [], 0

    def _viewers(self) -> list[LiveViewer]:
        return [seat for seat in self.seats if not seat.pictures]

    def _tell(self, message: Message) -> None:
        for seat in self.seats:
            seat.say(message)

    def _notify_viewers(self, init: Message) -> None:
        for seat in self._viewers():
            seat.lane.begin()
            seat.say(init)

    def _clock(self) -> Message:
        return {"type": "clock", "zero": round(1000 * self._zero), "now": round(1000 * time.time())}

    def _only_pictures(self) -> Message:
        return {"type": "pictures", "why": "codec" if self._codec else "asked", "codec": self._codec}


class FeedHub:
    """All feeds of this process, by what they open."""

    def __init__(self) -> None:
        self._feeds: dict[tuple[str, str], CameraFeed] = {}

    def join(self, name: str, url: str, *, pictures: bool = False) -> tuple[CameraFeed, LiveViewer]:
        """A place before that camera. `name` goes into logs, the address never."""
        feed = self._feeds.get((name, url))
        if feed is None or feed.ended:
            feed = self._feeds[name, url] = CameraFeed(name, url, lambda ended: self._drop((name, url), ended))
        seat = LiveViewer(pictures=pictures)
        feed.join(seat)
        return feed, seat

    def _drop(self, key: tuple[str, str], feed: CameraFeed) -> None:
        if self._feeds.get(key) is feed:
            del self._feeds[key]

    @property
    def connections(self) -> int:
        """Cameras that are open now."""
        return len(self._feeds)


hub = FeedHub()
