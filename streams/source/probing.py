"""Test an address: a picture with its facts, or the precise reason why there is none."""

import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from streams.pixels.jpeg import encode_jpeg
from streams.source.client.bounds import ReadingBounds
from streams.source.client.errors import SourceError
from streams.source.client.session import DEFAULT_PORTS
from streams.source.decoding import H265, PictureDecoder
from streams.source.gop import CodedRun, GopMeter
from streams.source.own_stream import OwnStream
from streams.source.relayed import RelayedStream, open_relayed
from streams.source.rtp.clocks import TICKS
from streams.source.rtsp import Source
from streams.source.stream_picture import StreamPicture

WATCHING = 0.75  # share of the whole time after which an incomplete measurement is enough
# An FFmpeg reader's time-outs as shares of what time is left, so that it ends in time wherever the camera stalls.
CONNECT_SHARE, OPENING, READING = 0.2, 0.3, 0.2
QUALITY = 80
MEASURED_S = 1.0  # at least, where each picture is a keyframe
SAME = 0.3  # stamps and arrival agree when they differ by less than this share
LONGEST_GOP_S = 60.0


@dataclass(slots=True)
class Probe:
    """The result of testing an address. fps, gop and gop_s are measured; 0.0 and None where time was too short."""

    ok: bool = False
    problem: str = ""  # a key of streams.cameras.words.PROBLEMS
    detail: str = ""
    codec: str = ""
    width: int = 0
    height: int = 0
    fps: float = 0.0
    gop: int | None = None
    gop_s: float | None = None
    jpeg: bytes | None = None
    seconds: float = 0.0
    warnings: list[str] = field(default_factory=list)  # ffmpeg, h265, long_gop


def probe(url: str, timeout_s: float = 10.0, look_s: float = 5.0, relay_folder: Path | None = None) -> Probe:
    """Test an address, in at most timeout_s seconds. A bad camera is reported in the Probe, never raised.

    What a watch with its socket in `relay_folder` reads is taken from it. look_s: seconds between samples; a longer GOP
    is reported as the warning long_gop.
    """
    began = time.monotonic()
    result, meter = Probe(), _Meter()
    try:
        _measure(url, meter, began, timeout_s, relay_folder)
    except SourceError as error:
        result.problem, result.detail = error.problem, error.detail
        if error.problem == "unspoken":
            _probe_by_ffmpeg(url, result, began + timeout_s)
    if meter.image is not None:
        result.problem = result.detail = ""
        result.jpeg = encode_jpeg(meter.image, QUALITY)
        result.codec, (result.width, result.height) = meter.codec, meter.size
        result.gop, result.gop_s = meter.gop.pictures, meter.gop.seconds
        result.fps = _rounded(meter.gop.fps)
        result.warnings += meter.warnings(look_s)
    result.ok = result.jpeg is not None
    result.seconds = time.monotonic() - began
    return result


def _rounded(fps: float) -> float:
    """Return pictures per second as exactly as one group can tell: arrival trembles by some hundredths of a second."""
    return round(fps) if fps >= 8 else round(fps, 1)


def _believed(arrival_s: float, stamped_s: float) -> float:
    """Return how long a group lasts, given how long it took to arrive and what the camera's stamps say.

    Stamps are exact where they are true. They are not where they stand still, jump, or run much slower than the clock.
    Groups that arrive faster than the stamps say were sent at once, as many cameras begin, or were taken late by us.
    """
    agree = abs(stamped_s - arrival_s) < SAME * arrival_s
    return stamped_s if agree or arrival_s < stamped_s < LONGEST_GOP_S else arrival_s


class _Meter:
    """Decodes the first sound keyframe and measures until the second."""

    def __init__(self) -> None:
        self.codec, self.size = "", (0, 0)
        self.image: np.ndarray | None = None
        self.gop, self._stamped = GopMeter(), GopMeter()  # by arrival, and by the camera's stamps
        self.pictures = self.damaged = 0
        self._extradata = b""
        self._first_at = self._at = 0.0

    @property
    def done(self) -> bool:
        return self.image is not None and self.gop.seconds is not None

    def begin(self, codec: str, extradata: bytes) -> None:
        self.codec, self._extradata = codec, extradata

    def take(self, picture: StreamPicture) -> None:
        self.pictures += 1
        self.damaged += picture.damaged
        self._at = picture.clock
        if not picture.keyframe or picture.damaged:
            return
        self.gop.keyframe(self.pictures, picture.clock)
        self._stamped.keyframe(self.pictures, picture.at / TICKS)
        if self.gop.seconds is not None and self._stamped.seconds is not None:
            self.gop.seconds = _believed(self.gop.seconds, self._stamped.seconds)
        if self.image is None:
            decoder = PictureDecoder(self.codec, self._extradata)
            self.image = decoder.newest(CodedRun(self.codec, self._extradata, (picture.data,), True, True, 0.0))
            self.size, self._first_at = decoder.size, picture.clock

    def warnings(self, look_s: float) -> list[str]:
        waited_s = self.gop.seconds if self.gop.seconds is not None else self._at - self._first_at
        return ["h265"] * (self.codec in H265) + ["long_gop"] * (waited_s > look_s)

    def missing(self) -> SourceError:
        """Return why there is no picture, though the camera plays."""
        if self.damaged:
            return SourceError("damaged", f"{self.damaged} of {self.pictures} pictures lack something")
        return SourceError("no_keyframe" if self.pictures else "timeout", f"{self.pictures} pictures and no keyframe")


def _measure(url: str, meter: _Meter, began: float, timeout_s: float, relay_folder: Path | None) -> None:
    """Read the address until all is measured or time is up. Raises SourceError when there is no picture."""
    until, enough = began + timeout_s, began + WATCHING * timeout_s
    stream = open_relayed(relay_folder, url, READING * timeout_s) if relay_folder else None
    if stream is not None:
        with stream, suppress(SourceError):  # a watch that has lost the camera: ask it ourselves
            _read_relayed(stream, meter, enough)
        if meter.image is not None:
            return
    if urlsplit(url).scheme.lower() not in DEFAULT_PORTS:
        raise SourceError("unspoken", "not an RTSP address")
    left_s = max(1.0, until - time.monotonic())
    bounds = ReadingBounds(
        connect_s=CONNECT_SHARE * timeout_s, answer_s=left_s - 0.5, silent_s=0.2 * left_s, picture_s=0.6 * left_s
    )
    with OwnStream(url, bounds) as own:
        _read_own(own, meter, enough, until)


def _read_relayed(stream: RelayedStream, meter: _Meter, enough: float) -> None:
    for picture in stream:
        meter.begin(stream.codec, stream.extradata)
        meter.take(picture)
        if meter.done or time.monotonic() > enough:
            return


def _read_own(stream: OwnStream, meter: _Meter, enough: float, until: float) -> None:
    while not meter.done:
        end = until if meter.image is None else enough
        try:
            picture = stream.wait(max(0.0, end - time.monotonic()))
        except SourceError:
            if meter.image is None:
                raise
            return
        if picture is None:
            if meter.image is None:
                raise meter.missing() if stream.playing else SourceError("slow", "no answer in time")
            return
        meter.begin(stream.codec, stream.extradata)
        meter.take(picture)


def _probe_by_ffmpeg(url: str, result: Probe, until: float) -> None:
    """Look at a form of video that the reading loop doesn't speak."""
    left_s = until - time.monotonic()
    try:
        with Source(url, open_s=OPENING * left_s, read_s=READING * left_s) as source:
            first: tuple[float, float] | None = None
            arrival_s = stamped_s = 0.0
            for packet in source:
                first = first or (source.clock, source.at)
                frame = source.picture(packet, wanted=result.jpeg is None, look_s=0.0)
                if frame is not None:
                    result.codec, (result.width, result.height) = source.codec, source.size
                    result.jpeg = encode_jpeg(frame.image, QUALITY)
                arrival_s, stamped_s = source.clock - first[0], source.at - first[1]
                measured = source.gop.seconds is not None and arrival_s > MEASURED_S
                if time.monotonic() > until - READING * left_s or (result.jpeg and measured):
                    break
            result.gop, result.gop_s = source.gop.pictures, source.gop.seconds
            # FFmpeg keeps back what it reads while it opens, and then gives seconds of video at once.
            measured_s = _believed(arrival_s, stamped_s)
            result.fps = _rounded((source.packets - 1) / measured_s) if source.packets > 1 and measured_s else 0.0
        result.problem, result.detail = "", ""
        result.warnings.append("ffmpeg")
    except SourceError as error:
        result.problem, result.detail = error.problem, error.detail
    if result.jpeg is None and not result.problem:
        result.problem = "no_video"
