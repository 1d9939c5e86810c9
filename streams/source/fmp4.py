"""Write H.264 and H.265 pictures as fragmented MP4 for Media Source Extensions (ISO/IEC 14496-12 and 14496-15).

FFmpeg's muxer would delay a picture and copy it twice; here a fragment is a header of about 100 bytes followed by the
camera's own bytes. Times are in ticks of 1/TICKS second on the feed's own clock.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from streams.source.codecs.video_format import VideoParameters
from streams.source.h264 import ParameterSets

TICKS = 90_000  # per second
FRAGMENT_TICKS = TICKS // 5  # fragments of 0.2 s need a third of the messages that single pictures would
_KEY, _DELTA = 0x02000000, 0x01010000  # sample_depends_on, is_non_sync
_UNITY = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


@dataclass(frozen=True, slots=True)
class CodedPicture:
    """One picture as length-prefixed NAL units. `dts` and `later` (composition offset: pts - dts) are in ticks."""

    data: bytes
    dts: int
    later: int
    key: bool


@dataclass(frozen=True, slots=True, eq=False)
class Fragment:
    """One moof and mdat, sent to a viewer as one message. `key`: it starts with a keyframe."""

    data: bytes
    key: bool


class Fragmenter:
    """Collect pictures into fragments.

    A fragment is complete once the next picture's dts gives its last picture's duration.
    """

    def __init__(self) -> None:
        self._waiting: list[CodedPicture] = []
        self._number = 0

    def add(self, picture: CodedPicture) -> Fragment | None:
        """Add a picture and return the fragment that it completes, if any.

        dts must grow from picture to picture. Pictures before the first keyframe are dropped.
        """
        completed = None
        if self._waiting:
            first = self._waiting[0]
            # A keyframe is a fragment of its own, so that a new viewer waits for only one more picture.
            if picture.key or first.key or picture.dts - first.dts >= FRAGMENT_TICKS:
                completed = self._close(picture.dts)
        if self._waiting or picture.key or self._number:
            self._waiting.append(picture)
        return completed

    def _close(self, end: int) -> Fragment:
        self._number += 1
        pictures, self._waiting = self._waiting, []
        return Fragment(media_fragment(self._number, pictures, end), pictures[0].key)


def init_segment(parameters: VideoParameters) -> bytes:
    """Return the initialization segment: ftyp and moov. Raises ValueError when the SPS can't be parsed."""
    width, height = parameters.size
    brand = b"avc1" if isinstance(parameters, ParameterSets) else b"hvc1"
    return _box("ftyp", b"iso6\0\0\0\1iso6isommp41", brand) + _box(
        "moov",
        _full_box("mvhd", 0, 0, struct.pack(">4IIH10x", 0, 0, TICKS, 0, 0x10000, 0x100), _UNITY, bytes(24), _u32(2)),
        _box("trak", _tkhd(width, height), _mdia(parameters, width, height)),
        _box("mvex", _full_box("trex", 0, 0, struct.pack(">5I", 1, 1, 0, 0, 0))),
    )


def media_fragment(number: int, pictures: Sequence[CodedPicture], end: int) -> bytes:
    """Return one moof and its mdat. `end`, in ticks, is the dts at which the last picture's duration ends."""
    ends = [picture.dts for picture in pictures[1:]] + [end]
    samples = b"".join(
        struct.pack(">3Ii", until - picture.dts, len(picture.data), _KEY if picture.key else _DELTA, picture.later)
        for picture, until in zip(pictures, ends, strict=True)
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
    return moof + _box("mdat", *(picture.data for picture in pictures))


def _box(kind: str, *parts: bytes) -> bytes:
    return b"".join((_u32(8 + sum(map(len, parts))), kind.encode(), *parts))


def _full_box(kind: str, version: int, flags: int, *parts: bytes) -> bytes:
    return _box(kind, _u32(version << 24 | flags), *parts)


def _u32(value: int) -> bytes:
    return value.to_bytes(4)


def _tkhd(width: int, height: int) -> bytes:
    return _full_box("tkhd", 0, 3, struct.pack(">5I16x", 0, 0, 1, 0, 0), _UNITY, _u32(width << 16), _u32(height << 16))


def _mdia(parameters: VideoParameters, width: int, height: int) -> bytes:
    table = _box(
        "stbl",
        _full_box("stsd", 0, 0, _u32(1), _sample_entry(parameters, width, height)),
        _full_box("stts", 0, 0, _u32(0)),
        _full_box("stsc", 0, 0, _u32(0)),
        _full_box("stsz", 0, 0, _u32(0), _u32(0)),
        _full_box("stco", 0, 0, _u32(0)),
    )
    data_information = _box("dinf", _full_box("dref", 0, 0, _u32(1), _full_box("url ", 0, 1)))
    return _box(
        "mdia",
        _full_box("mdhd", 0, 0, struct.pack(">4IHH", 0, 0, TICKS, 0, 0x55C4, 0)),  # language "und"
        _full_box("hdlr", 0, 0, struct.pack(">I4s12x", 0, b"vide"), b"\0"),
        _box("minf", _full_box("vmhd", 0, 1, bytes(8)), data_information, table),
    )


def _sample_entry(parameters: VideoParameters, width: int, height: int) -> bytes:
    shape = struct.pack(">6xH16xHHIIIH32xHh", 1, width, height, 0x480000, 0x480000, 0, 1, 24, -1)
    if isinstance(parameters, ParameterSets):
        return _box("avc1", shape, _box("avcC", _avc_configuration(parameters)))
    return _box("hvc1", shape, _box("hvcC", parameters.configuration))


def _avc_configuration(parameters: ParameterSets) -> bytes:
    sps, pps = parameters.sps, parameters.pps
    return (
        b"\1" + sps[1:4] + b"\xff\xe1" + len(sps).to_bytes(2) + sps
        + bytes([len(pps)]) + b"".join(len(one).to_bytes(2) + one for one in pps)
    )  # fmt: skip
