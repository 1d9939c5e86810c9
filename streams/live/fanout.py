"""Share one connection to a camera among many viewers: H.264 passed through as fragmented MP4, never re-encoded.

A camera's feed opens with the first viewer in this process and closes LINGER_S after the last one left. Everything
except the reader's thread runs in the event loop of the sockets. A viewer gets messages (see below) and, as binary
messages, fragments after an `init` or JPEGs after `pictures`.
"""

import asyncio
import time
from base64 import b64encode
from collections.abc import Callable
from typing import Literal, TypedDict

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
GOP_BYTES = 8 * 1024 * 1024  # of a larger group nothing is kept: new viewers wait for the next
BACKLOG = 64  # events that may wait between the reader's thread and a busy event loop


class OpeningMessage(TypedDict):
    """The camera is being opened."""

    type: Literal["opening"]


class InitMessage(TypedDict):
    """Fragments follow, beginning with a keyframe. `head`: the initialization segment in base64; sizes in pixels."""

    type: Literal["init"]
    mime: str
    width: int
    height: int
    head: str


class ClockMessage(TypedDict):
    """Unix times in milliseconds: `zero` that of media time 0, `now` that of the server."""

    type: Literal["clock"]
    zero: int
    now: int


class PicturesMessage(TypedDict):
    """JPEGs follow, because browsers can't play the codec (an FFmpeg name) or the viewer asked for them."""

    type: Literal["pictures"]
    why: Literal["codec", "asked"]
    codec: str


class TroubleMessage(TypedDict):
    """The camera can't be read; `problem` as in probing.Probe. Reading is retried."""

    type: Literal["trouble"]
    problem: str


Message = OpeningMessage | InitMessage | ClockMessage | PicturesMessage | TroubleMessage


class LiveViewer:
    """One viewer's queue. `wake` is set when there is something to send: first `news()`, then from `window`."""

    def __init__(self, *, pictures: bool) -> None:
        self.pictures = pictures
        self.window = SendWindow()
        self.wake = asyncio.Event()
        self._news: dict[str, Message] = {}  # only the newest of each type, so bounded on a slow connection

    def say(self, message: Message) -> None:
        """Queue a message; it replaces a waiting one of the same type."""
        self._news.pop(message["type"], None)
        self._news[message["type"]] = message
        self.wake.set()

    def offer(self, fragment: Fragment) -> None:
        """Queue a fragment."""
        self.window.offer(fragment)
        self.wake.set()

    def news(self) -> list[Message]:
        """Return the waiting messages in order and clear them."""
        messages, self._news = list(self._news.values()), {}
        return messages


class CameraFeed:
    """One camera's stream and its viewers. `closed` is called when the feed closes itself."""

    def __init__(self, name: str, url: str, closed: Callable[["CameraFeed"], None]) -> None:
        self.seats: set[LiveViewer] = set()
        self._closed = closed
        self._loop = asyncio.get_running_loop()
        self._closing: asyncio.TimerHandle | None = None
        self._gop: list[Fragment] = []
        self._gop_bytes = 0
        self._init: InitMessage | None = None
        self._zero = 0.0
        self._state: Message | None = {"type": "opening"}  # None while video or pictures come
        self._codec = ""  # set when browsers can't play the camera's codec
        self._handed = self._taken = 0  # each is written by one thread only
        self._gap = False
        self.tap = CameraReader(name, url, self._on_event)
        self.tap.start()

    # In the reader's thread

    def _on_event(self, event: StreamEvent) -> None:
        if isinstance(event, FragmentCame | PictureCame):
            full = self._handed - self._taken > BACKLOG
            self._gap = full or (self._gap and not (isinstance(event, FragmentCame) and event.fragment.key))
            if self._gap:  # the loop is behind: skip to the next keyframe
                return
        self._handed += 1
        try:
            self._loop.call_soon_threadsafe(self._take, event)
        except RuntimeError:  # the loop has ended
            self.tap.stop()

    # In the loop

    @property
    def ended(self) -> bool:
        """Whether the feed's event loop is closed."""
        return self._loop.is_closed()

    def join(self, seat: LiveViewer) -> None:
        """Add a viewer and queue what it needs to start: the state, or the pictures since the last keyframe."""
        if self._closing:
            self._closing.cancel()
            self._closing = None
        self.seats.add(seat)
        self.tap.pictures = any(viewer.pictures for viewer in self.seats)
        if self._state:
            seat.say(self._state)
        if seat.pictures or self._codec:
            seat.say(self._pictures_message())
        elif self._init:
            seat.say(self._init)
            seat.say(self._clock_message())
            for fragment in self._gop:
                seat.offer(fragment)

    def leave(self, seat: LiveViewer) -> None:
        """Remove a viewer. The feed closes LINGER_S after the last one."""
        self.seats.discard(seat)
        self.tap.pictures = any(viewer.pictures for viewer in self.seats)
        if not self.seats and not self._closing:
            self._closing = self._loop.call_later(LINGER_S, self.close)

    def close(self) -> None:
        """Stop the reader."""
        self.tap.stop()
        self._closed(self)

    def _take(self, event: StreamEvent) -> None:
        self._taken += 1
        match event:
            case StreamOpened(codec, passes):
                before, self._codec = self._codec, "" if passes else codec
                if self._codec:
                    self._broadcast(self._pictures_message())
                elif before and self._init:
                    self._notify_viewers(self._init)
            case StreamBegan(head, codec, (width, height)):
                self._init = {
                    "type": "init",
                    "mime": f'video/mp4; codecs="{codec}"',
                    "width": width,
                    "height": height,
                    "head": b64encode(head).decode(),
                }
                self._drop_gop()
                self._notify_viewers(self._init)
            case FragmentCame(fragment, zero):
                self._state = None
                self._keep(fragment, zero)
            case PictureCame(jpeg):
                self._state = None
                for seat in self.seats:
                    if seat.pictures or self._codec:
                        seat.offer(Fragment(jpeg, key=True))
            case StreamFailed(problem):
                self._state = {"type": "trouble", "problem": problem}
                self._drop_gop()
                self._broadcast(self._state)

    def _keep(self, fragment: Fragment, zero: float) -> None:
        if fragment.key:
            self._drop_gop()
            self._zero = zero
        if fragment.key or self._gop:
            self._gop.append(fragment)
            self._gop_bytes += len(fragment.data)
        if self._gop_bytes > GOP_BYTES:
            self._drop_gop()
        for seat in self._viewers():
            if fragment.key:
                seat.say(self._clock_message())
            seat.offer(fragment)

    def _drop_gop(self) -> None:
        self._gop, self._gop_bytes = [], 0

    def _viewers(self) -> list[LiveViewer]:
        return [seat for seat in self.seats if not seat.pictures]

    def _broadcast(self, message: Message) -> None:
        for seat in self.seats:
            seat.say(message)

    def _notify_viewers(self, init: InitMessage) -> None:
        for seat in self._viewers():
            seat.window.begin()
            seat.say(init)

    def _clock_message(self) -> ClockMessage:
        return {"type": "clock", "zero": round(1000 * self._zero), "now": round(1000 * time.time())}

    def _pictures_message(self) -> PicturesMessage:
        return {"type": "pictures", "why": "codec" if self._codec else "asked", "codec": self._codec}


class FeedHub:
    """All feeds of this process, by name and address."""

    def __init__(self) -> None:
        self._feeds: dict[tuple[str, str], CameraFeed] = {}

    def join(self, name: str, url: str, *, pictures: bool = False) -> tuple[CameraFeed, LiveViewer]:
        """Add a viewer to the camera's feed, opening it if needed, and return both.

        `name` identifies the camera in logs, which never contain the address. Must run in an event loop.
        """
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
        """Number of open feeds."""
        return len(self._feeds)


hub = FeedHub()
