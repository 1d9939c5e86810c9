"""Read one keyframe out of a minute file, without reading the rest."""

import struct
from collections.abc import Sequence
from pathlib import Path

from streams.evidence.recording.minute_file import IndexedKeyframe
from streams.source.mp4_file import Keyframe

CONFIGURATIONS = {b"avcC": "h264", b"hvcC": "hevc"}  # the box with the parameter sets, and FFmpeg's name
MOST_BYTES = 8 << 20  # of one keyframe: one of 4K is a tenth of it
_BOX = struct.Struct(">I4s")


class BrokenFile(Exception):
    """The file is not what its row says."""


def read_keyframe(path: Path, head_size: int, offset: int) -> Keyframe:
    """Return the keyframe whose fragment begins at `offset`; the file's head has `head_size` bytes.

    Raises BrokenFile, or OSError when the file can't be read.
    """
    with path.open("rb") as file:
        head = file.read(head_size)
        file.seek(offset)
        size, kind = _box(file.read(8))
        if kind != b"moof" or size > MOST_BYTES:
            raise BrokenFile(f"{path}: no fragment at {offset}")
        length = _first_size(file.read(size - 8))
        if _box(file.read(8))[1] != b"mdat" or not 0 < length <= MOST_BYTES:
            raise BrokenFile(f"{path}: no picture at {offset}")
        data = file.read(length)
    if len(data) < length:
        raise BrokenFile(f"{path} is torn")
    codec, configuration = _configuration(head)
    return Keyframe(codec, configuration, data)


def keyframe_before(keyframes: Sequence[IndexedKeyframe], at: int) -> IndexedKeyframe:
    """Return the last keyframe that is not later than `at`, in ticks, or the first one. There must be one."""
    return next((one for one in reversed(keyframes) if one.at <= at), keyframes[0])


def _box(data: bytes) -> tuple[int, bytes]:
    if len(data) < 8:
        raise BrokenFile("the file is torn")
    size, kind = _BOX.unpack(data)
    return size, kind


def _first_size(moof: bytes) -> int:
    at = moof.find(b"trun")
    if at < 0 or len(moof) < at + 24:
        raise BrokenFile("no picture in the fragment")
    (size,) = struct.unpack_from(">I", moof, at + 20)
    return int(size)


def _configuration(head: bytes) -> tuple[str, bytes]:
    for kind, codec in CONFIGURATIONS.items():
        at = head.find(kind)
        if at >= 4:
            (size,) = struct.unpack_from(">I", head, at - 4)
            return codec, head[at + 4 : at - 4 + size]
    raise BrokenFile("no parameter sets")
