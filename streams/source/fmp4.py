"""H.264 pictures → fragmented MP4 for Media Source Extensions (ISO/IEC 14496-12 and -15), byte by byte.

FFmpeg's muxer would hold a picture back and copy it twice; here a fragment is a head of 100 bytes and what the camera
sent. Times are in TICKS of the feed's own clock.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from streams.source.h264 import ParameterSets

TICKS = 90_000  # a second
FRAGMENT_TICKS = TICKS // 5  # pictures that go together: a fifth of a second costs a third of the messages
_KEY, _DELTA = 0x02000000, 0x01010000  # sample_depends_on, is_non_sync
_UNITY = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


@dataclass(frozen=True, slots=True)
class CodedPicture:
    """One picture, its units after their lengths; `dts` in TICKS, `later` from there to when it is shown."""

    data: bytes
    dts: int
    later: int
    key: bool


@dataclass(frozen=True, slots=True, eq=False)
class Fragment:
    """What goes to a viewer in one piece. `key`: it can be shown without those before."""

    data: bytes
    key: bool


class Fragmenter:
    """Gathers pictures into fragments, each when the picture after it tells how long its last one is shown."""

    def __init__(self) -> None:
        self._waiting: list[CodedPicture] = []
        self._number = 0

    def add(self, picture: CodedPicture) -> Fragment | None:
        """The fragment that this picture completes. Pictures come with growing dts; nothing before a keyframe."""
        made = None
        if self._waiting:
            first = self._waiting[0]
            # A keyframe goes alone: whoever waits for a picture has it a picture later.
            if picture.key or first.key or picture.dts - first.dts >= FRAGMENT_TICKS:
                made = self._close(picture.dts)
        if self._waiting or picture.key or self._number:
            self._waiting.append(picture)
        return made

    def _close(self, end: int) -> Fragment:
        self._number += 1
        pictures, self._waiting = self._waiting, []
        return Fragment(media_fragment(self._number, pictures, end), pictures[0].key)


def init_segment(parameters: ParameterSets) -> bytes:
    """The initialization segment."""
    width, height = parameters.size
    return _box("ftyp", b"iso6\0\0\0\1iso6isommp41avc1") + _box(
        "moov",
        _full_box("mvhd", 0, 0, struct.pack(">4IIH10x", 0, 0, TICKS, 0, 0x10000, 0x100), _UNITY, bytes(24), _u32(2)),
        _box("trak", _tkhd(width, height), _mdia(parameters, width, height)),
        _box("mvex", _full_box("trex", 0, 0, struct.pack(">5I", 1, 1, 0, 0, 0))),
    )


def media_fragment(number: int, pictures: Sequence[CodedPicture], end: int) -> bytes:
    """One moof and its mdat; `end` is when the last picture stops being shown."""
    ends = [picture.dts for picture in pictures[1:]] + [end]
    samples = b"".join(
        struct.pack(">3Ii", until - one.dts, len(one.data), _KEY if one.key else _DELTA, one.later)
        for one, until in zip(pictures, ends, strict=True)
    )
    before = struct.pack(">II", len(pictures), 8 + 16 + 8 + 16 + 20 + 12 + 8 + len(samples) + 8)
    moof = _box(
        "moof",
        _full_box("mfhd", 0, 0, _u32(number)),
        _box(
            "traf",
            _full_box("tfhd", 0, 0x020000, _u32(1)),
            _full_box("tfdt", 1, 0, struct.pack(">Q", pictures[0].dts)),
            _full_box("trun", 1, 0x000F01, before, samples),
        ),
    )
    return moof + _box("mdat", *(one.data for one in pictures))


def _box(kind: str, *parts: bytes) -> bytes:
    return b"".join((_u32(8 + sum(map(len, parts))), kind.encode(), *parts))


def _full_box(kind: str, version: int, flags: int, *parts: bytes) -> bytes:
    return _box(kind, _u32(version << 24 | flags), *parts)


def _u32(value: int) -> bytes:
    return value.to_bytes(4)


def _tkhd(width: int, height: int) -> bytes:
    return _full_box("tkhd", 0, 3, struct.pack(">5I16x", 0, 0, 1, 0, 0), _UNITY, _u32(width << 16), _u32(height << 16))


def _mdia(parameters: ParameterSets, width: int, height: int) -> bytes:
    table = _box(
        "stbl",
        _full_box("stsd", 0, 0, _u32(1), _avc1(parameters, width, height)),
        _full_box("stts", 0, 0, _u32(0)),
        _full_box("stsc", 0, 0, _u32(0)),
        _full_box("stsz", 0, 0, _u32(0), _u32(0)),
        _full_box("stco", 0, 0, _u32(0)),
    )
    here = _box("dinf", _full_box("dref", 0, 0, _u32(1), _full_box("url ", 0, 1)))
    return _box(
        "mdia",
        _full_box("mdhd", 0, 0, struct.pack(">4IHH", 0, 0, TICKS, 0, 0x55C4, 0)),  # no language
        _full_box("hdlr", 0, 0, struct.pack(">I4s12x", 0, b"vide"), b"\0"),
        _box("minf", _full_box("vmhd", 0, 1, bytes(8)), here, table),
    )


def _avc1(parameters: ParameterSets, width: int, height: int) -> bytes:
    sps, pps = parameters.sps, parameters.pps
    configuration = (
        b"\1" + sps[1:4] + b"\xff\xe1" + len(sps).to_bytes(2) + sps
        + bytes([len(pps)]) + b"".join(len(one).to_bytes(2) + one for one in pps)
    )  # fmt: skip
    shape = struct.pack(">6xH16xHHIIIH32xHh", 1, width, height, 0x480000, 0x480000, 0, 1, 24, -1)
    return _box("avc1", shape, _box("avcC", configuration))
