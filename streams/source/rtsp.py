"""Read packets and pictures from an address by FFmpeg, in the caller's thread. `watch` reads by client/ first.

Uses PyAV (FFmpeg in a wheel) over TCP. Keyframes are decoded one at a time, only when a picture is wanted;
when keyframes come too rarely for that, every picture is decoded and the newest one kept.
"""

import errno
import math
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import Self, TypeAlias, cast
from urllib.parse import urlsplit

import av
import av.error

from streams.cameras.networks import is_allowed_host
from streams.pixels.shapes import Frame
from streams.source.client.bounds import ReadingBounds
from streams.source.client.errors import SourceError, UnspokenError
from streams.source.client.session import DEFAULT_PORTS
from streams.source.decoding import PictureDecoder
from streams.source.gop import GopMeter
from streams.source.own_stream import OwnStream
from streams.source.rtp.clocks import TICKS, PictureTimes

OPEN_S, READ_S = 5.0, 10.0
STALL_S = 1.0  # a longer gap between packets may be a stall of this process
Packet: TypeAlias = "av.Packet[av.VideoStream]"  # a string: the class is generic in its stubs only
OPTIONS = {
    "rtsp_transport": "tcp",
    "probesize": "32768",
    "analyzeduration": "500000",
    "allowed_media_types": "video",
}


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


class Source:
    """An open camera: iterate over its packets and call picture() when one is wanted.

    Raises SourceError on opening and while reading. Every wait is bounded: open_s and read_s are in seconds.
    """

    def __init__(self, url: str, open_s: float = OPEN_S, read_s: float = READ_S) -> None:
        self._read_s = read_s
        try:
            if urlsplit(url).scheme.lower() in DEFAULT_PORTS:
                _ask_first(url, open_s)
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
        self.gop = GopMeter()
        self.at = 0.0  # the newest packet's time for measuring, see PictureTimes
        self._times = PictureTimes(1 / self.tick_s if self.tick_s else 1.0)
        self.packets = 0
        self.lag_s = 0.0  # how far reading has fallen behind: after a stall, buffered packets are old pictures
        self.clock = time.monotonic()  # monotonic time of the newest packet's arrival
        self._clock_offset = math.inf
        self._decoder = PictureDecoder(self.codec, self.extradata)
        self._decoder.size = coded.width, coded.height

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels, as last decoded."""
        return self._decoder.size

    @property
    def broken_pictures(self) -> int:
        """Pictures that could not be decoded."""
        return self._decoder.broken_pictures

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._container.close()

    def __iter__(self) -> Iterator[Packet]:
        """Yield packets as they arrive; ends when the camera ends the stream. A hundred cameras send 1,600 a second."""
        try:
            # Of all streams: PyAV would wait for this one without end while another one sends.
            for packet in self._container.demux():
                if packet.size == 0:  # the flush packet at the end
                    return
                now = time.monotonic()
                if packet.stream.index != self._stream.index:
                    if now - self.clock > self._read_s:
                        raise SourceError("timeout", "only other streams of the camera send")
                    continue
                self.packets += 1
                before, self.clock = self.clock, now
                stamp = packet.pts if packet.pts is not None else packet.dts
                if stamp is not None:  # the first packets may have none
                    seconds = stamp * self.tick_s
                    offset = self.clock - seconds
                    # While packets come steadily nothing is buffered, however slowly the camera's clock may run.
                    steady_s = self.clock - before if self.clock - before < STALL_S else 0.0
                    self._clock_offset = min(self._clock_offset + steady_s, offset)
                    self.lag_s = offset - self._clock_offset
                self.at = self._times.place(stamp or 0, self.clock) / TICKS
                if packet.is_keyframe:
                    self.gop.keyframe(self.packets, self.at)
                yield cast("Packet", packet)
        except (av.error.FFmpegError, OSError) as error:
            raise SourceError(_problem(error), str(error)) from error

    def picture(self, packet: Packet, wanted: bool, look_s: float) -> Frame | None:
        """Decode the packet as far as needed and return a Frame when `wanted` and one is available.

        With a GOP shorter than look_s seconds only a wanted keyframe is decoded; with a longer one, every picture.
        """
        if not (packet.is_keyframe or self._decoder.continuous):
            return None
        every_picture = self.gop.seconds is not None and self.gop.seconds > look_s
        if not every_picture:
            self._decoder.reset()
            if not (wanted and packet.is_keyframe):
                return None
        image = self._decoder.decode(packet, wanted, every_picture)
        return None if image is None else Frame(image, datetime.now(UTC))


def _ask_first(url: str, wait_s: float) -> None:
    """Have Sidak's own client ask the camera, and refuse what FFmpeg would not: it follows a redirect to any host, with
    the login, and connects to any address of a name. Raises SourceError.
    """
    host = urlsplit(url).hostname or ""
    with OwnStream(url, ReadingBounds(connect_s=wait_s, answer_s=wait_s, redirects=0)) as own, suppress(UnspokenError):
        own.begin(wait_s)
    addresses = {str(place[0]) for *_, place in socket.getaddrinfo(host, None)}
    if not all(is_allowed_host(address) for address in addresses):
        raise SourceError("not_allowed", f"{host} is also outside the networks of CAMERA_NETWORKS")
