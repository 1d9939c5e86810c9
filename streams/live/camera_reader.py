"""A thread that reads one camera for those who look at it live: fragments of its H.264, or pictures where that fails.

Its own connection, beside the one by which `watch` judges: viewing must neither need it nor disturb it.
"""

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from streams.pixels.thumbs import encode_preview
from streams.source import h264
from streams.source.fmp4 import TICKS, CodedPicture, Fragment, Fragmenter, init_segment
from streams.source.rtsp import Packet, Source, SourceError
from streams.source.stream_clock import StreamClock

RETRY_FIRST_S, RETRY_LONGEST_S = 1.0, 15.0
STEADY_S = 30.0  # a connection that held for so long starts the waits anew
TOO_FAR_BEHIND_S = 4.0
# Media time counts from here: a browser that comes again keeps what it has, and a feed that another process began,
# or this one after a restart, goes on behind it.
EPOCH = 1_760_000_000.0
PICTURE_S = 0.6  # between two pictures, where pictures it is

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StreamOpened:
    """The camera answers. `passes`: its video can be handed on as it is; else there are only pictures."""

    codec: str
    passes: bool


@dataclass(frozen=True, slots=True)
class StreamBegan:
    """What a browser needs before the fragments that follow."""

    head: bytes
    codec: str  # avc1.42C01E
    size: tuple[int, int]


@dataclass(frozen=True, slots=True)
class FragmentCame:
    """`zero`: Unix seconds when the media time 0 of these fragments was taken."""

    fragment: Fragment
    zero: float


@dataclass(frozen=True, slots=True)
class PictureCame:
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class StreamFailed:
    """`problem`: a code of sources.Probe. It is tried again by itself."""

    problem: str


StreamEvent = StreamOpened | StreamBegan | FragmentCame | PictureCame | StreamFailed


class CameraReader:
    """Reads `url` from `start` to `stop` and tells what happens, from its own thread.

    `pictures`: somebody wants pictures beside the fragments.
    """

    def __init__(self, name: str, url: str, tell: Callable[[StreamEvent], None]) -> None:
        self.pictures = False
        self._name, self._url, self._tell = name, url, tell
        self._stopping = threading.Event()
        self._began = time.monotonic() - (time.time() - EPOCH)
        self._timeline, self._fragments = StreamClock(), Fragmenter()
        self._parameters: h264.ParameterSets | None = None
        self._for_key = True
        self._thread = threading.Thread(target=self._run, name=f"live-{name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ask it to end. It is a daemon: one that waits in a dead connection is left to its time-out."""
        self._stopping.set()

    def _run(self) -> None:
        wait_s = RETRY_FIRST_S
        while not self._stopping.is_set():
            began = time.monotonic()
            problem = "broken"  # the camera ended the stream by itself
            try:
                self._run_once()
            except SourceError as error:
                problem = error.problem
                log.info("live %s: %s (%s)", self._name, error.problem, error.detail)
            except Exception:  # one camera's surprise must not leave its viewers before a picture that looks alive
                log.exception("live %s", self._name)
            if self._stopping.is_set():
                return
            self._tell(StreamFailed(problem))
            if time.monotonic() - began > STEADY_S:
                wait_s = RETRY_FIRST_S
            self._stopping.wait(wait_s * random.uniform(0.7, 1.3))  # noqa: S311 jitter, not a secret
            wait_s = min(RETRY_LONGEST_S, wait_s * 2)

    def _run_once(self) -> None:
        with Source(self._url) as source:
            passes = source.codec == "h264"
            self._tell(StreamOpened(source.codec, passes))
            self._timeline.anew()
            self._for_key = True
            first: Packet | None = None
            shown_at = -PICTURE_S
            for packet in source:
                if self._stopping.is_set():
                    return
                if source.lag_s > TOO_FAR_BEHIND_S:
                    raise SourceError("timeout", f"{source.lag_s:.0f} s behind the camera")
                if passes and packet.pts is None:
                    first = packet  # without a stamp until the next one tells it
                elif passes:
                    if first is not None and first.duration:
                        self._pass_on(source, first, (packet.pts or 0) - first.duration)
                    first = None
                    self._pass_on(source, packet, packet.pts or 0)
                if self.pictures or not passes:
                    now = time.monotonic()
                    frame = source.picture(packet, now - shown_at >= PICTURE_S, PICTURE_S)
                    if frame is not None:
                        shown_at = now
                        self._tell(PictureCame(encode_preview(frame.image)))

    def _pass_on(self, source: Source, packet: Packet, pts: int) -> None:
        data, key = bytes(packet), packet.is_keyframe
        found = h264.parameter_sets_of(data) or h264.parameter_sets_of(source.extradata) if key else None
        changed = found is not None and found != self._parameters
        if not (found or self._parameters) or (self._for_key and not key):
            return
        self._for_key = False
        stamp = packet.dts if packet.dts is not None else pts
        arrived = time.monotonic() - self._began
        at = round(self._timeline.place(stamp * source.tick_s, arrived) * TICKS)
        later = round((pts - stamp) * source.tick_s * TICKS)
        made = self._fragments.add(CodedPicture(h264.to_length_prefixed(data), at, later, key))
        if made:
            self._tell(FragmentCame(made, time.time() - arrived - self._timeline.ahead_s))
        if found and changed:
            self._parameters = found
            try:
                self._tell(StreamBegan(init_segment(found), found.name, found.size))
            except ValueError as error:
                raise SourceError("broken", str(error)) from error
