"""Kept packets → an MP4 file, or one picture. Packets are passed through: nothing is encoded anew."""

import errno
import io
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np

from streams.source.ring import Clip, Packet, parameter_sets

TICKS = 90_000  # a second, in the file
RAW = {"h264": "h264", "hevc": "hevc"}  # FFmpeg's demuxers of bare streams
TAGS = {"hevc": "hvc1"}  # what browsers and Apple's players ask for
# Fragments, so that a file cut short still plays; their index at the front, so that a player knows the duration.
FLAGS = "frag_keyframe+empty_moov+default_base_moof+global_sidx"


class MuxError(Exception):
    """These packets can't become a file or a picture."""


@dataclass(frozen=True, slots=True)
class Keyframe:
    """One picture as the camera sent it, decoded only when somebody wants it."""

    codec: str
    extradata: bytes
    data: bytes


def decode_keyframe(keyframe: Keyframe) -> np.ndarray[Any, Any]:
    """Height x width x 3 uint8 BGR, in the camera's own size."""
    decoder = av.VideoCodecContext.create(keyframe.codec, "r")
    assert isinstance(decoder, av.VideoCodecContext)
    decoder.extradata = keyframe.extradata or None
    decoder.thread_count = 1
    try:
        frames = [*decoder.decode(av.Packet(keyframe.data)), *decoder.decode(None)]
    except av.error.FFmpegError as error:
        raise MuxError(str(error)) from error
    if not frames:
        raise MuxError("no picture in the keyframe")
    return frames[0].to_ndarray(format="bgr24")


def write_mp4(clip: Clip, path: Path) -> dict[str, Any]:
    """Write a fragmented MP4. Returns its facts: duration_s, pictures, width, height, codec.

    MuxError when the packets are no video of a known kind; OSError when the disk refuses.
    """
    codec, packets = clip.stream.codec, clip.packets
    if codec not in RAW or not packets:
        raise MuxError(f"no way to write {len(packets)} packets of {codec}")
    first = packets[0].data
    if not parameter_sets(first, codec):  # some cameras tell them once, beside the stream
        first = clip.stream.extradata + first
    stamps = _stamps(packets, clip.stream.tick_s)
    shown_s = _step(stamps)
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
                made = av.Packet(first if index == 0 else packet.data)
                made.stream, made.time_base = stream, stream.time_base
                made.pts, made.dts, made.duration = pts, dts, shown_s
                made.is_keyframe = packet.keyframe
                file.mux(made)
    except av.error.FFmpegError as error:
        if isinstance(error, OSError):  # the disk
            raise
        raise MuxError(str(error)) from error
    _check(path, len(packets))
    last = max(pts for pts, _ in stamps) + shown_s
    return {
        "duration_s": round(last / TICKS, 3),
        "pictures": len(packets),
        "width": size[0],
        "height": size[1],
        "codec": codec,
    }


def _check(path: Path, packets: int) -> None:
    """OSError when the file does not hold so many: FFmpeg says nothing of a disk that fills while it adds the index."""
    try:
        with av.open(str(path), "r") as file:
            found = sum(packet.size > 0 for packet in file.demux(video=0))
    except av.error.FFmpegError:
        found = 0
    if found != packets:
        raise OSError(errno.EIO, f"only {found} of {packets} pictures reached the disk")


def _stamps(packets: Sequence[Packet], tick_s: float) -> list[tuple[int, int]]:
    """pts and dts of each packet in the file's ticks: from 0, dts strictly growing and never after its pts."""
    scale = tick_s * TICKS
    begin = packets[0].pts or 0
    pts = [round(((packet.pts or 0) - begin) * scale) for packet in packets]
    dts = sorted(pts)  # a camera that reorders sends pictures in another order than it shows them
    for index in range(1, len(dts)):
        dts[index] = max(dts[index], dts[index - 1] + 1)
    late = max(d - p for d, p in zip(dts, pts, strict=True))
    return [(p + late, d) for p, d in zip(pts, dts, strict=True)]


def _step(stamps: Sequence[tuple[int, int]]) -> int:
    """How long one picture is shown: the middle one of the distances."""
    gaps = sorted(after - before for (_, before), (_, after) in pairwise(stamps))
    return gaps[len(gaps) // 2] if gaps else TICKS // 25
