"""Keep one camera read: by the reading loop or, what that doesn't speak, by FFmpeg in a thread."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol
from urllib.parse import urlsplit

from streams.source.client.connection import CameraConnection
from streams.source.client.errors import SourceError
from streams.source.client.loop import ReadingLoop
from streams.source.client.session import DEFAULT_PORTS
from streams.source.packets import PacketListener
from streams.source.relay import PictureRelay
from streams.source.relay import key_of as relay_key
from streams.source.rtp.clocks import TICKS
from streams.source.rtsp import Source
from streams.watch.retries import RefusedLogins, RetryPace, WaitingCameras, waits_for_network

log = logging.getLogger(__name__)

LOOP, FFMPEG = "loop", "ffmpeg"
TOO_FAR_BEHIND_S = 5.0


class PictureTaker(Protocol):
    """What is done with a camera's pictures. Called in the loop's thread or in FFmpeg's, never in both at once."""

    def begin(self, codec: str, extradata: bytes) -> None:
        """A connection plays, or its parameter sets changed."""

    def take(self, data: bytes, keyframe: bool, damaged: bool, at: float, clock: float) -> bool:
        """Take a picture; return False when the connection should be replaced by a new one. at: see PictureBacklog."""


class CameraReading:
    """Connect to a camera, again and again, from `start` to `stop`.

    problem: a code as in probing.Probe.problem, "" while nothing is known to be wrong; reader: LOOP or FFMPEG;
    pinned: see CameraConnection. waiting: the cameras that are tried again together. listeners: what else takes the
    packets.
    """

    def __init__(
        self,
        name: str,
        url: str,
        taker: PictureTaker,
        loop: ReadingLoop,
        refused: RefusedLogins,
        on_end: Callable[[str], None],
        pinned: str = "",
        relay: PictureRelay | None = None,
        waiting: WaitingCameras | None = None,
        listeners: Sequence[PacketListener] = (),
    ) -> None:
        self.reader = LOOP
        self.reconnects = 0
        self.pinned = pinned
        self._relay, self._relay_key = relay, relay_key(url)
        self._listeners = listeners
        self._name, self._url, self._taker = name, url, taker
        self._context = {"camera": name}  # of log lines
        self._loop, self._refused, self._on_end = loop, refused, on_end
        self._pace = RetryPace()
        self._waiting = waiting if waiting is not None else WaitingCameras()
        self._attempt = 0  # its number; a wait that was cut short must not open a second connection
        self._was_away = False
        self._connection: CameraConnection | None = None
        self._began = 0.0
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None  # FFmpeg's

    def start(self) -> None:
        """Begin to connect."""
        wait_s = self._refused.wait_s(self._url, time.monotonic())
        if wait_s:
            self._on_end("unauthorized")
            self._open_after(wait_s)
        else:
            self._loop.post(self._open)

    def stop(self) -> None:
        """Ask the reader to end. FFmpeg's daemon thread that waits on a dead connection is left to its time-out."""
        self._stopping.set()
        self._loop.post(self._leave)

    def join(self, timeout_s: float) -> None:
        """Wait for FFmpeg's thread, if there is one, at most timeout_s seconds."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout_s)

    # In the loop's thread

    def _open_after(self, wait_s: float) -> None:
        attempt = self._attempt
        self._loop.call_later(wait_s, lambda: self._open() if attempt == self._attempt else None)

    def _open(self) -> None:
        self._waiting.remove(self)
        if self._stopping.is_set():
            return
        self._attempt += 1
        self._began = time.monotonic()
        self.reader = LOOP if urlsplit(self._url).scheme.lower() in DEFAULT_PORTS else FFMPEG
        if self.reader is FFMPEG:
            self._start_ffmpeg()
        else:
            self._connection = self._loop.open(self._url, self, self.pinned)

    def _leave(self) -> None:
        self._waiting.remove(self)
        if self._connection is not None:
            self._connection.leave()
            self._connection = None
            self._end_passing(lost=False)

    def opened(self, codec: str, extradata: bytes) -> None:
        """Take up what the loop reads. See StreamListener."""
        if not self._stopping.is_set():
            self._begin(codec, extradata, 1 / TICKS)
            if self._relay:
                self._relay.begin(self._relay_key, codec, extradata)
            if self._was_away:
                self._was_away = False
                self._waiting.one_returned(time.monotonic())

    def pin(self, certificate: str) -> None:
        """Remember the certificate. See StreamListener."""
        self.pinned = certificate

    def picture(self, data: bytes, at: int, keyframe: bool, damaged: bool, clock: float) -> None:
        """Hand on a picture. See StreamListener."""
        if self._stopping.is_set():
            return
        if self._relay:
            self._relay.add(self._relay_key, data, at, keyframe, damaged, clock)
        if not self._take(data, at, at, keyframe, damaged, at / TICKS, clock):
            raise SourceError("rare_keyframes", "a new connection is to bring a keyframe")

    def ended(self, error: SourceError) -> None:
        """Connect again after a while. See StreamListener."""
        self._connection = None
        self._end_passing(lost=error.problem != "rare_keyframes")
        if self._stopping.is_set():
            return
        if error.problem == "unspoken":
            log.info("camera %s: %s, read by FFmpeg", self._name, error.detail, extra=self._context)
            self.reader = FFMPEG
            self._start_ffmpeg()
        elif error.problem == "rare_keyframes":
            self.reconnects += 1
            self._loop.post(self._open)
        else:
            self._retry(error)

    def _end_passing(self, lost: bool) -> None:
        if self._relay:
            self._relay.end(self._relay_key)
        self._end_listeners(lost)

    def _retry(self, error: SourceError) -> None:
        now = time.monotonic()
        log.info("camera %s: %s (%s)", self._name, error.problem, error.detail, extra=self._context)
        if error.problem == "unauthorized":
            self._refused.remember(self._url, now)
        self._on_end(error.problem)
        self.reconnects += 1
        self._was_away = waits_for_network(error.problem)
        if self._was_away:
            self._waiting.add(self, self._open_after)
        self._open_after(self._pace.after(error.problem, now - self._began))

    # In FFmpeg's thread

    def _start_ffmpeg(self) -> None:
        self._thread = threading.Thread(target=self._run, name=f"camera-{self._name}", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        error = SourceError("broken", "the camera ended the stream")
        try:
            self._read_by_ffmpeg()
        except SourceError as failed:
            error = failed
        except Exception as failed:  # an unexpected error must not end the reading
            log.exception("camera %s", self._name, extra=self._context)
            error = SourceError("broken", repr(failed))
        self._end_listeners(lost=not self._stopping.is_set())
        if not self._stopping.is_set():
            self._loop.post(lambda: self._retry(error))

    def _read_by_ffmpeg(self) -> None:
        """Read until the stream ends or `stop` is called. Raises SourceError."""
        with Source(self._url) as source:
            self._begin(source.codec, source.extradata, source.tick_s)
            for packet in source:
                if self._stopping.is_set():
                    return
                if source.lag_s > TOO_FAR_BEHIND_S:
                    # Buffered while this process was suspended: old pictures must not be taken for current ones.
                    raise SourceError("behind", f"{source.lag_s:.0f} s behind the camera")
                data, at = bytes(packet), source.at
                if not self._take(data, packet.pts, packet.dts, packet.is_keyframe, False, at, source.clock):
                    return

    # In the thread that reads

    def _begin(self, codec: str, extradata: bytes, tick_s: float) -> None:
        self._taker.begin(codec, extradata)
        for listener in self._listeners:
            listener.begin(codec, extradata, tick_s)

    def _take(
        self, data: bytes, pts: int | None, dts: int | None, keyframe: bool, damaged: bool, at: float, clock: float
    ) -> bool:
        for listener in self._listeners:
            listener.add(data, pts, dts, keyframe, damaged, clock)
        return self._taker.take(data, keyframe, damaged, at, clock)

    def _end_listeners(self, lost: bool) -> None:
        for listener in self._listeners:
            listener.end(lost)
