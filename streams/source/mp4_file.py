"""Write stored packets to an MP4 file without re-encoding, and decode single keyframes."""

import errno
import io
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TypedDict

import av
import numpy as np
from numpy.typing import NDArray

from streams.source.decoding import BOUNDED
from streams.source.ring import Clip, Packet, parameter_sets

TICKS = 90_000  # per second, in the file
RAW = {"h264": "h264", "hevc": "hevc"}  # FFmpeg's demuxers of elementary streams
TAGS = {"hevc": "hvc1"}  # the sample entry that browsers and Apple's players expect
# Fragments, so that a truncated file still plays; their index at the front, so that a player knows the duration.
FLAGS = "frag_keyframe+empty_moov+default_base_moof+global_sidx"


class MuxError(Exception):
    """The packets can't be muxed or decoded."""


@dataclass(frozen=True, slots=True)
class Keyframe:
    """One keyframe as the camera sent it, decoded on demand. `codec` is FFmpeg's name: h264 or hevc."""

    codec: str
    extradata: bytes
    data: bytes


class Mp4Facts(TypedDict):
    """Facts about a file that was written. width and height are in pixels."""

    duration_s: float
    pictures: int
    width: int
    height: int
    codec: str


def decode_keyframe(keyframe: Keyframe) -> NDArray[np.uint8]:
    """Return the picture as height x width x 3 uint8 BGR, in the camera's own size.

    Raises MuxError when it can't be decoded.
    """
    decoder = av.VideoCodecContext.create(keyframe.codec, "r")
    assert isinstance(decoder, av.VideoCodecContext)
    decoder.extradata = keyframe.extradata or None
    decoder.thread_count = 1
    decoder.options = dict(BOUNDED)
    try:
        frames = [*decoder.decode(av.Packet(keyframe.data)), *decoder.decode(None)]
    except av.error.FFmpegError as error:
        raise MuxError(str(error)) from error
    if not frames:
        raise MuxError("no picture in the keyframe")
    return frames[0].to_ndarray(format="bgr24").astype(np.uint8, copy=False)


def write_mp4(clip: Clip, path: Path) -> Mp4Facts:
    """Write a fragmented MP4 and return its facts.

    Raises MuxError when the packets are not H.264 or H.265 video, OSError when writing fails.
    """
    codec, packets = clip.stream.codec, clip.packets
    if codec not in RAW or not packets:
        raise MuxError(f"can't write {len(packets)} packets of {codec}")
    first = packets[0].data
    if not parameter_sets(first, codec):  # some cameras send them once, in the SDP
        first = clip.stream.extradata + first
    stamps = _stamps(packets, clip.stream.tick_s)
    picture_ticks = _step(stamps)
    try:
        with (
            av.open(io.BytesIO(first), format=RAW[codec]) as bare,
            av.open(str(path), "w", format="mp4", options={"movflags": FLAGS}) as file,
        ):
            stream = file.add_stream_from_template(bare.streams.video[0])
            stream.time_base = Fraction(1, TICKS)
            if codec in TAGS:
                stream.codec_context.codec_tag = TAGS[codec]
            size = stream.codec_context.width, stream.codec_context.height
            for index, (packet, (pts, dts)) in enumerate(zip(packets, stamps, strict=True)):
                copy = av.Packet(first if index == 0 else packet.data)
                copy.stream, copy.time_base = stream, stream.time_base
                copy.pts, copy.dts, copy.duration = pts, dts, picture_ticks
                copy.is_keyframe = packet.keyframe
                file.mux(copy)
    except av.error.FFmpegError as error:
        if isinstance(error, OSError):  # a full or failing disk
            raise
        raise MuxError(str(error)) from error
    check_pictures(path, len(packets))
    last = max(pts for pts, _ in stamps) + picture_ticks
    return {
        "duration_s": round(last / TICKS, 3),
        "pictures": len(packets),
        "width": size[0],
        "height": size[1],
        "codec": codec,
    }


def check_pictures(path: Path, packets: int) -> None:
    """Raise OSError unless the file holds this many packets.

    FFmpeg reports no error when the disk fills up while it writes the index.
    """
    try:
        with av.open(str(path), "r") as file:
            found = sum(packet.size > 0 for packet in file.demux(video=0))
    except av.error.FFmpegError:
        found = 0
    if found != packets:
        raise OSError(errno.EIO, f"only {found} of {packets} pictures reached the disk")


def _stamps(packets: Sequence[Packet], tick_s: float) -> list[tuple[int, int]]:
    """Return (pts, dts) of each packet in the file's ticks: from 0, dts strictly increasing and never above pts."""
    scale = tick_s * TICKS
    begin = packets[0].pts or 0
    pts = [round(((packet.pts or 0) - begin) * scale) for packet in packets]
    dts = sorted(pts)  # with B-frames the sending order differs from the display order
    for index in range(1, len(dts)):
        dts[index] = max(dts[index], dts[index - 1] + 1)
    late = max(d - p for d, p in zip(dts, pts, strict=True))
    return [(p + late, d) for p, d in zip(pts, dts, strict=True)]


def _step(stamps: Sequence[tuple[int, int]]) -> int:
    """Return one picture's duration in ticks: the median distance between pictures."""
    gaps = sorted(after - before for (_, before), (_, after) in pairwise(stamps))
    return gaps[len(gaps) // 2] if gaps else TICKS // 25
