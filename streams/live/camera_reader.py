"""Read one camera in a thread for its live viewers: as fragments of its H.264, or else as single pictures.

What a `watch` on this machine reads is taken from it, as many cameras have room for one connection only. Otherwise, and
when that watch stands still, the camera is read by a connection of its own: viewing does not depend on monitoring.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from streams.pixels.thumbs import encode_preview
from streams.source import h264
from streams.source.client.bounds import ReadingBounds
from streams.source.client.errors import SourceError, UnspokenError
from streams.source.decoding import PictureDecoder
from streams.source.fmp4 import TICKS, CodedPicture, Fragment, Fragmenter, init_segment
from streams.source.gop import PictureBacklog
from streams.source.own_stream import OwnStream
from streams.source.relayed import RelayedStream, open_relayed
from streams.source.rtsp import Packet, Source
from streams.source.stream_clock import StreamClock
from streams.source.stream_picture import StreamPicture
from streams.watch.retries import RefusedLogins, RetryPace

RETRY_LONGEST_S = 15.0  # somebody is waiting; a refused login is not tried again nevertheless, see _run_once
TOO_FAR_BEHIND_S = 4.0
# Unix time of media time 0. A fixed origin lets a browser keep its buffer when it reconnects to a feed that another
# process opened, or that this one opened after a restart.
EPOCH = 1_760_000_000.0
MOST_REORDERED = 5  # pictures that are shown before those sent before them
BOUNDS = ReadingBounds(answer_s=15.0)
PICTURE_S = 0.6  # between two pictures, when pictures are sent

log = logging.getLogger(__name__)

_refused = RefusedLogins()  # some cameras lock the account after a few


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
    """Reading failed. `problem` is a code as in probing.Probe.problem. The reader retries by itself."""

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
        self._by_ffmpeg = False  # as the camera's form of video needs it
        self._thread = threading.Thread(target=self._run, name=f"live-{name}", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Ask the thread to end. A daemon thread that waits on a dead connection is left to its time-out."""
        self._stopping.set()

    def _run(self) -> None:
        pace = RetryPace()
        while not self._stopping.is_set():
            began = time.monotonic()
            problem, detail = "broken", "the camera ended the stream"
            try:
                self._run_once()
            except SourceError as error:
                problem, detail = error.problem, error.detail
            except Exception as error:  # an unexpected error must not leave viewers with a picture that looks live
                log.exception("live %s", self._name)
                detail = repr(error)
            if self._stopping.is_set():
                return
            log.info("live %s: %s (%s)", self._name, problem, detail)
            self._on_event(StreamFailed(problem))
            self._stopping.wait(min(RETRY_LONGEST_S, pace.after(problem, time.monotonic() - began)))

    def _run_once(self) -> None:
        relayed = None if self._by_ffmpeg else open_relayed(settings.RELAY_DIR, self._url)
        if relayed is None and _refused.wait_s(self._url, time.monotonic()):
            raise SourceError("unauthorized", "the camera refused this login before")
        if not self._by_ffmpeg:
            try:
                with relayed or OwnStream(self._url, BOUNDS) as stream:
                    self._read_stream(stream)
            except UnspokenError:
                self._by_ffmpeg = True
            except SourceError as error:
                if error.problem == "unauthorized":
                    _refused.remember(self._url, time.monotonic())
                raise
        if self._by_ffmpeg:
            with Source(self._url) as source:
                self._read_by_ffmpeg(source)

    def _opened(self, codec: str) -> bool:
        """Announce a connection; return whether its video can be passed through."""
        passes = codec == "h264"
        self._on_event(StreamOpened(codec, passes))
        self._timeline.restart()
        self._for_key = True
        return passes

    def _read_stream(self, stream: RelayedStream | OwnStream) -> None:
        """Pass pictures on. Raises SourceError when no more come, UnspokenError when FFmpeg should read the camera."""
        passes: bool | None = None
        before = reordered = 0
        snapshots = _Snapshots()
        for picture in stream:
            if self._stopping.is_set():
                return
            if passes is None:
                passes = self._opened(stream.codec)
            reordered += picture.at < before
            before = picture.at
            if passes and reordered >= MOST_REORDERED:
                raise UnspokenError("B pictures: only FFmpeg knows when they were sent")
            if time.monotonic() - picture.clock > TOO_FAR_BEHIND_S:
                raise SourceError("behind", "pictures are old")
            at_s = picture.at / TICKS
            if passes:
                self._pass_on(picture.data, picture.keyframe, at_s, at_s, stream.extradata)
            if (self.pictures or not passes) and (jpeg := snapshots.take(stream.codec, stream.extradata, picture)):
                self._on_event(PictureCame(jpeg))

    def _read_by_ffmpeg(self, source: Source) -> None:
        passes = self._opened(source.codec)
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
                    self._pass_packet_on(source, first, (packet.pts or 0) - first.duration)
                first = None
                self._pass_packet_on(source, packet, packet.pts or 0)
            if self.pictures or not passes:
                now = time.monotonic()
                frame = source.picture(packet, now - shown_at >= PICTURE_S, PICTURE_S)
                if frame is not None:
                    shown_at = now
                    self._on_event(PictureCame(encode_preview(frame.image)))

    def _pass_packet_on(self, source: Source, packet: Packet, pts: int) -> None:
        sent = packet.dts if packet.dts is not None else pts
        shown_s, sent_s = pts * source.tick_s, sent * source.tick_s
        self._pass_on(bytes(packet), packet.is_keyframe, sent_s, shown_s, source.extradata)

    def _pass_on(self, data: bytes, key: bool, sent_s: float, shown_s: float, extradata: bytes) -> None:
        """Put a picture into a fragment. sent_s, shown_s: when the camera sent it and shows it, by its own clock."""
        parameters = h264.parameter_sets_of(data) or h264.parameter_sets_of(extradata) if key else None
        changed = parameters is not None and parameters != self._parameters
        if not (parameters or self._parameters) or (self._for_key and not key):
            return
        self._for_key = False
        arrived = time.monotonic() - self._began
        at = round(self._timeline.place(sent_s, arrived) * TICKS)
        later = round((shown_s - sent_s) * TICKS)
        fragment = self._fragments.add(CodedPicture(h264.to_length_prefixed(data), at, later, key))
        if fragment:
            self._on_event(FragmentCame(fragment, time.time() - arrived - self._timeline.ahead_s))
        if parameters and changed:
            self._parameters = parameters
            try:
                self._on_event(StreamBegan(init_segment(parameters), parameters.name, parameters.size))
            except ValueError as error:
                raise SourceError("broken", str(error)) from error


class _Snapshots:
    """Decodes a picture every PICTURE_S."""

    def __init__(self) -> None:
        self._backlog, self._decoder = PictureBacklog(), PictureDecoder("", b"")
        self._shown_at = -PICTURE_S

    def take(self, codec: str, extradata: bytes, picture: StreamPicture) -> bytes | None:
        """Take the next picture of a stream; return a JPEG if one is due."""
        if (codec, extradata) != (self._backlog.codec, self._backlog.extradata):
            self._backlog.begin(codec, extradata)
            self._decoder = PictureDecoder(codec, extradata)
        at_s, clock = picture.at / TICKS, picture.clock
        wanted = clock - self._shown_at >= PICTURE_S
        if not self._backlog.take(picture.data, at_s, picture.keyframe, picture.damaged, clock, PICTURE_S, wanted):
            return None
        run = self._backlog.collect()
        image = self._decoder.newest(run) if run else None
        if image is None:
            return None
        self._shown_at = clock
        return encode_preview(image)
