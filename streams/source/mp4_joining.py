"""Join pieces of fragmented MP4 of one camera to one MP4 file, without encoding anything again."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.video.stream import VideoStream

from streams.source.mp4_file import TAGS, TICKS, MuxError, check_pictures

TOUCHING = TICKS // 2  # pieces that are no farther apart follow one another


class FormatChanged(MuxError):
    """A piece has other parameter sets than those before it, which one MP4 file can't hold."""


@dataclass(frozen=True, slots=True)
class JoinedRun:
    """Pictures without a gap, in ticks. at: where they begin in the joined file; begins, ends: the pieces' times."""

    at: int
    begins: int
    ends: int


@dataclass(frozen=True, slots=True)
class JoinedFile:
    """What was written: the runs, how many pictures, FFmpeg's name of the codec, and the size in pixels."""

    runs: tuple[JoinedRun, ...]
    pictures: int
    codec: str
    width: int
    height: int

    @property
    def seconds(self) -> float:
        """How long it plays."""
        last = self.runs[-1]
        return (last.at + last.ends - last.begins) / TICKS


class _Joiner:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = av.open(str(path), "w", format="mp4", options={"movflags": "faststart"})
        self._stream: VideoStream | None = None
        self._extradata: bytes | None = b""
        self.runs: list[JoinedRun] = []
        self.pictures = 0
        self.facts = ("", 0, 0)

    def add(self, piece: bytes) -> None:
        with av.open(io.BytesIO(piece), "r", format="mp4") as source:
            (video,) = source.streams.video
            self._take_up(video)
            for packet in source.demux(video):
                if packet.size:
                    self._mux(packet)

    def _take_up(self, video: VideoStream) -> None:
        context = video.codec_context
        if self._stream is None:
            self._stream = self._file.add_stream_from_template(video)
            self._stream.time_base = Fraction(1, TICKS)
            if context.name in TAGS:
                self._stream.codec_context.codec_tag = TAGS[context.name]
            self._extradata = context.extradata
            self.facts = (context.name, context.width, context.height)
        elif context.extradata != self._extradata:
            raise FormatChanged("the parameter sets change")

    def _mux(self, packet: "av.Packet[VideoStream]") -> None:
        assert packet.dts is not None
        assert packet.pts is not None
        assert packet.time_base is not None
        scale = packet.time_base * TICKS
        sent, shown = round(packet.dts * scale), round(packet.pts * scale)
        lasts = max(1, round((packet.duration or 0) * scale))
        run = self.runs[-1] if self.runs else None
        if run is None or sent - run.ends > TOUCHING or sent < run.ends - TOUCHING:
            at = run.at + run.ends - run.begins if run else 0
            run = JoinedRun(at, sent, sent)
            self.runs.append(run)
        moved = run.at + sent - run.begins
        assert self._stream is not None
        packet.stream, packet.time_base = self._stream, Fraction(1, TICKS)
        packet.dts, packet.pts, packet.duration = moved, moved + shown - sent, lasts
        self._file.mux(packet)
        self.runs[-1] = JoinedRun(run.at, run.begins, sent + lasts)
        self.pictures += 1

    def close(self) -> None:
        self._file.close()


def join_mp4(pieces: Iterable[bytes], path: Path) -> JoinedFile:
    """Write the pieces, in their order, to one MP4 file. Gaps between them are left out; there is no sound.

    Raises FormatChanged, MuxError when there is no picture or a piece is broken, and OSError when writing fails.
    """
    joiner = _Joiner(path)
    try:
        try:
            for piece in pieces:
                joiner.add(piece)
        finally:
            joiner.close()
    except av.error.FFmpegError as error:
        if isinstance(error, OSError):  # a full or failing disk
            raise
        raise MuxError(str(error)) from error
    if not joiner.pictures:
        raise MuxError("no pictures")
    check_pictures(path, joiner.pictures)
    return JoinedFile(tuple(joiner.runs), joiner.pictures, *joiner.facts)
