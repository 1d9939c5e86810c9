"""Read one camera in a thread for its live viewers: as fragments of its H.264, or else as single pictures.

It uses its own connection, separate from that of `watch`, so that viewing neither depends on nor disturbs monitoring.
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
STEADY_S = 30.0  # a connection that lasted this long resets the backoff
TOO_FAR_BEHIND_S = 4.0
# Unix time of media time 0. A fixed origin lets a browser keep its buffer when it reconnects to a feed that another
# process opened, or that this one opened after a restart.
EPOCH = 1_760_000_000.0
PICTURE_S = 0.6  # between two pictures, when pictures are sent

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StreamOpened:
    """The camera is open. `passes`: its video can be passed through; otherwise there are only pictures."""

    codec: str
    passes: bool


@dataclass(frozen=True, slots=True)
class StreamBegan:
    """The initialization segment `head` for the fragments that follow; `size` is width and height in pixels."""

    head: bytes
    codec: str  # avc1.42C01E
    size: tuple[int, int]


@dataclass(frozen=True, slots=True)
class FragmentCame:
    """A fragment. `zero`: the Unix time, in seconds, that its media time 0 stands for."""

    fragment: Fragment
    zero: float


@dataclass(frozen=True, slots=True)
class PictureCame:
    """A single picture."""

    jpeg: bytes


@dataclass(frozen=True, slots=True)
class StreamFailed:
    """Reading failed. `problem` is a code as in rtsp.Probe.problem. The reader retries by itself."""

    problem: str


StreamEvent = StreamOpened | StreamBegan | FragmentCame | PictureCame | StreamFailed


class CameraReader:
    """Read `url` from `start` to `stop` and report events to a callback, which is called in the reader's thread.

    `name` is for logs, which must not contain the address. Set `pictures` to get pictures in addition to fragments.
    """

    def __init__(self, name: str, url: str, on_event: Callable[[StreamEvent], None]) -> None:
        self.pictures = False
        self._name, self._url, self._on_event = name, url, on_event
        self._stopping = threading.Event()
        self._began = time.monotonic() - (time.time() - EPOCH)
        self._timeline, self._fragments = StreamClock(), Fragmenter()
        self._parameters: h264.ParameterSets | None = None
        self._for_key = True
        self._thread = threading.Thread(target=self._run, name=f"live-{name}", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Ask the thread to end. A daemon thread that waits on a dead connection is left to its time-out."""
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
            except Exception:  # an unexpected error must not leave viewers with a picture that looks live
                log.exception("live %s", self._name)
            if self._stopping.is_set():
                return
            self._on_event(StreamFailed(problem))
            if time.monotonic() - began > STEADY_S:
                wait_s = RETRY_FIRST_S
            self._stopping.wait(wait_s * random.uniform(0.7, 1.3))  # noqa: S311 jitter, not a secret
            wait_s = min(RETRY_LONGEST_S, wait_s * 2)

    def _run_once(self) -> None:
        with Source(self._url) as source:
            passes = source.codec == "h264"
            self._on_event(StreamOpened(source.codec, passes))
            self._timeline.restart()
            self._for_key = True
            first: Packet | None = None
            shown_at = -PICTURE_S
            for packet in source:
                if self._stopping.is_set():
                    return
                if source.lag_s > TOO_FAR_BEHIND_S:
                    raise SourceError("timeout", f"{source.lag_s:.0f} s behind the camera")
                if passes and packet.pts is None:
                    first = packet  # its stamp follows from that of the next packet
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
                        self._on_event(PictureCame(encode_preview(frame.image)))

    def _pass_on(self, source: Source, packet: Packet, pts: int) -> None:
        data, key = bytes(packet), packet.is_keyframe
        parameters = h264.parameter_sets_of(data) or h264.parameter_sets_of(source.extradata) if key else None
        changed = parameters is not None and parameters != self._parameters
        if not (parameters or self._parameters) or (self._for_key and not key):
            return
        self._for_key = False
        stamp = packet.dts if packet.dts is not None else pts
        arrived = time.monotonic() - self._began
        at = round(self._timeline.place(stamp * source.tick_s, arrived) * TICKS)
        later = round((pts - stamp) * source.tick_s * TICKS)
        fragment = self._fragments.add(CodedPicture(h264.to_length_prefixed(data), at, later, key))
        if fragment:
            self._on_event(FragmentCame(fragment, time.time() - arrived - self._timeline.ahead_s))
        if parameters and changed:
            self._parameters = parameters
            try:
                self._on_event(StreamBegan(init_segment(parameters), parameters.name, parameters.size))
            except ValueError as error:
                raise SourceError("broken", str(error)) from error
