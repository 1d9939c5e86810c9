"""Read packets and pictures from an RTSP address. The only module that opens a camera.

Uses PyAV (FFmpeg in a wheel) over TCP. Keyframes are decoded one at a time, only when a picture is wanted;
when keyframes come too rarely for that, every picture is decoded and the newest one kept.
"""

import errno
import math
import re
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Self, TypeAlias
from urllib.parse import urlsplit

import av
import av.error
import cv2
import numpy as np
from numpy.typing import NDArray

from streams.pixels.shapes import Frame
from streams.source.mp4_file import Keyframe

WIDEST = 1280  # pixels; wider pictures are scaled down while converting: the detector gains nothing from them
OPEN_S, READ_S = 5.0, 10.0
H265 = ("hevc", "h265")
# A probe's time-outs as shares of its whole time, chosen so that it ends in time at whichever step the camera stalls.
CONNECT_SHARE, OPENING, READING, WATCHING = 0.2, 0.3, 0.2, 0.75
Packet: TypeAlias = "av.Packet[av.VideoStream]"  # a string: the class is generic in its stubs only
OPTIONS = {
    "rtsp_transport": "tcp",
    "probesize": "32768",
    "analyzeduration": "500000",
    "allowed_media_types": "video",
}


class SourceError(Exception):
    """The camera can't be read. `problem` is a code as in Probe.problem, `detail` FFmpeg's text without passwords."""

    def __init__(self, problem: str, detail: str) -> None:
        super().__init__(detail)
        self.problem, self.detail = problem, re.sub(r"//[^@/]*@", "//", detail)  # never a password in a log


def _problem(error: Exception) -> str:
    if isinstance(error, av.error.HTTPUnauthorizedError | av.error.HTTPForbiddenError):
        return "unauthorized"
    if isinstance(error, av.error.HTTPNotFoundError):
        return "not_found"
    if isinstance(error, av.error.HTTPError):
        return "broken"
    if isinstance(error, TimeoutError | av.error.ExitError) or getattr(error, "errno", None) == errno.ETIMEDOUT:
        return "timeout"
    if isinstance(error, ConnectionRefusedError):
        return "refused"
    if getattr(error, "errno", None) in (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EIO, errno.EADDRNOTAVAIL):
        return "no_route"
    if isinstance(error, av.error.InvalidDataError | av.error.ProtocolNotFoundError):
        return "not_rtsp"
    return "broken"


@dataclass(slots=True)
class GopMeter:
    """Measure the group of pictures: pictures and seconds between the last two keyframes, None before there are two."""

    pictures: int | None = None
    seconds: float | None = None
    _number: int = 0
    _at: float | None = None

    def keyframe(self, number: int, at: float) -> None:
        """Record that packet `number`, at `at` seconds of the stream's own clock, is a keyframe."""
        if self._at is not None:
            self.pictures, self.seconds = number - self._number, max(0.0, at - self._at)
        self._number, self._at = number, at


class Source:
    """An open camera: iterate over its packets and call picture() when one is wanted.

    Raises SourceError on opening and while reading. Every wait is bounded: open_s and read_s are in seconds.
    """

    def __init__(self, url: str, open_s: float = OPEN_S, read_s: float = READ_S) -> None:
        try:
            self._container = av.open(url, timeout=(open_s, read_s), options=OPTIONS)
        except (av.error.FFmpegError, OSError) as error:
            raise SourceError(_problem(error), str(error)) from error
        if not self._container.streams.video:
            self._container.close()
            raise SourceError("no_video", "no video stream")
        self._stream = self._container.streams.video[0]
        # Copied as plain values: other threads read them, and those of a closed container would crash the process.
        coded = self._stream.codec_context  # never used for decoding
        self.codec, self.extradata = str(coded.name), bytes(coded.extradata or b"")
        self.tick_s = float(self._stream.time_base or 0)  # seconds per unit of the packets' stamps
        self.size = coded.width, coded.height  # pixels, as last decoded
        self.fps = float(self._stream.average_rate or self._stream.guessed_rate or 0)
        self.gop = GopMeter()
        self.packets = 0
        self.broken_pictures = 0
        self.decode_s = 0.0  # processor time spent on decoding and converting
        self.lag_s = 0.0  # how far reading has fallen behind: after a stall, buffered packets are old pictures
        self.clock = 0.0  # monotonic time of the newest packet's arrival
        self._clock_offset = math.inf
        self._decoder: av.VideoCodecContext | None = None  # kept only while every picture is decoded
        self._newest: av.VideoFrame | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._container.close()

    def __iter__(self) -> Iterator[Packet]:
        """Yield packets as they arrive; ends when the camera ends the stream. A hundred cameras send 1,600 a second."""
        try:
            for packet in self._container.demux(self._stream):
                if packet.size == 0:  # the flush packet at the end
                    return
                self.packets += 1
                self.clock = time.monotonic()
                stamp = packet.pts if packet.pts is not None else packet.dts
                if stamp is not None:  # the first packets may have none
                    seconds = stamp * self.tick_s
                    offset = self.clock - seconds
                    self._clock_offset = min(self._clock_offset, offset)
                    self.lag_s = offset - self._clock_offset
                    if packet.is_keyframe:
                        self.gop.keyframe(self.packets, seconds)
                yield packet
        except (av.error.FFmpegError, OSError) as error:
            raise SourceError(_problem(error), str(error)) from error

    def shows(self, packet: Packet) -> bool:
        """Return whether picture() must be called with this packet."""
        return packet.is_keyframe or self._decoder is not None

    def picture(self, packet: Packet, wanted: bool, look_s: float) -> Frame | None:
        """Decode the packet as far as needed and return a Frame when `wanted` and one is available.

        With a GOP shorter than look_s seconds only a wanted keyframe is decoded; with a longer one, every picture.
        """
        if not self.shows(packet):
            return None
        every_picture = self.gop.seconds is not None and self.gop.seconds > look_s
        if not every_picture:
            self._decoder = self._newest = None
            if not (wanted and packet.is_keyframe):
                return None
        began = time.thread_time()
        try:
            return self._decode(packet, wanted, every_picture)
        finally:
            self.decode_s += time.thread_time() - began

    def keyframe(self, packet: Packet) -> Keyframe | None:
        """Return the packet as a Keyframe when picture() decoded its Frame from this packet alone, else None."""
        return None if self._decoder else Keyframe(self.codec, self.extradata, bytes(packet))

    def _decode(self, packet: Packet, wanted: bool, every_picture: bool) -> Frame | None:
        # A decoder keeps a pool of pictures, 2 MB per camera. Creating one per keyframe takes no longer and halves the
        # memory of a hundred cameras.
        decoder = self._decoder or self._new_decoder()
        try:
            frames = decoder.decode(packet)
            if not every_picture:
                frames = frames or decoder.decode(None)  # with reordering the only picture is held back
        except av.error.FFmpegError:  # InvalidData, or whatever else a decoder raises for damaged data
            self.broken_pictures += 1
            self._decoder = self._newest = None  # pictures predicted from this one are broken too
            return None
        self._decoder = decoder if every_picture else None
        sound = [frame for frame in frames if not frame.is_corrupt]
        self.broken_pictures += len(frames) - len(sound)
        if sound:
            self._newest = sound[-1]
        if not wanted or self._newest is None:
            return None
        newest, self._newest = self._newest, None
        self.size = newest.width, newest.height
        return Frame(_pixels(newest), datetime.now(UTC))

    def _new_decoder(self) -> av.VideoCodecContext:
        decoder = av.VideoCodecContext.create(self.codec, "r")
        assert isinstance(decoder, av.VideoCodecContext)
        decoder.extradata = self.extradata or None
        decoder.thread_count = 1
        if self.codec in H265:
            # FFmpeg flags a damaged H.264 picture, but returns a damaged H.265 one as sound; the counter then looks
            # empty.
            decoder.options = {"err_detect": "explode"}
        return decoder


def _pixels(frame: av.VideoFrame) -> NDArray[np.uint8]:
    """Return the frame as height x width x 3 uint8 BGR, at most WIDEST wide."""
    if frame.width > WIDEST:
        height = round(frame.height * WIDEST / frame.width / 2) * 2
        frame = frame.reformat(width=WIDEST, height=height, format="bgr24", threads=1)
    # More threads would be started again for each picture.
    return frame.to_ndarray(format="bgr24", threads=1).astype(np.uint8, copy=False)


@dataclass(slots=True)
class Probe:
    """The result of testing an address: a picture with its facts, or the precise reason why there is none."""

    ok: bool = False
    problem: str = ""  # refused no_route unauthorized not_found not_rtsp no_video no_keyframe timeout broken
    detail: str = ""
    codec: str = ""
    width: int = 0
    height: int = 0
    fps: float = 0.0
    gop: int | None = None
    gop_s: float | None = None
    jpeg: bytes | None = None
    seconds: float = 0.0
    warnings: list[str] = field(default_factory=list)  # h265, long_gop


def probe(url: str, timeout_s: float = 10.0, look_s: float = 5.0) -> Probe:
    """Test an address, in at most timeout_s seconds. A bad camera is reported in the Probe, never raised.

    look_s: seconds between samples; a longer GOP is reported as the warning long_gop.
    """
    began = time.monotonic()
    result = Probe()
    try:
        _check_reachable(url, CONNECT_SHARE * timeout_s)
        with Source(url, open_s=OPENING * timeout_s, read_s=READING * timeout_s) as source:
            _watch_one_gop(source, result, began + WATCHING * timeout_s, look_s)
    except SourceError as error:
        if result.jpeg is None:
            result.problem, result.detail = error.problem, error.detail
    result.ok = result.jpeg is not None
    if not result.ok and not result.problem:
        result.problem = "no_video"
    result.seconds = time.monotonic() - began
    return result


def _check_reachable(url: str, timeout_s: float) -> None:
    """Try a plain TCP connection, as FFmpeg reports only "I/O error" for a missing host name or route.

    Raises SourceError: refused or no_route.
    """
    parts = urlsplit(url)
    default = 322 if parts.scheme == "rtsps" else 554
    try:
        socket.create_connection((parts.hostname or "", parts.port or default), timeout_s).close()
    except ConnectionRefusedError as error:
        raise SourceError("refused", str(error)) from error
    except (OSError, ValueError) as error:
        raise SourceError("no_route", str(error)) from error


def _watch_one_gop(source: Source, result: Probe, until: float, look_s: float) -> None:
    for packet in source:
        frame = source.picture(packet, wanted=result.jpeg is None, look_s=look_s)
        if frame is not None:
            result.codec, (result.width, result.height), result.fps = source.codec, source.size, source.fps
            result.jpeg = cv2.imencode(".jpg", frame.image, [cv2.IMWRITE_JPEG_QUALITY, 80])[1].tobytes()
        measured = source.gop.seconds is not None
        if time.monotonic() > until or (measured and result.jpeg):
            break
    if result.jpeg is None and source.packets and not source.broken_pictures:
        result.problem = "no_keyframe"  # packets came, but no keyframe
    result.gop, result.gop_s = source.gop.pictures, source.gop.seconds
    if source.codec in H265:
        result.warnings.append("h265")
    if result.jpeg and (result.gop_s is None or result.gop_s > look_s):
        result.warnings.append("long_gop")
