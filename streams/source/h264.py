"""Parse H.264 headers: NAL units, parameter sets, picture size, codec string (ITU-T H.264, 7.3)."""

from collections.abc import Iterator
from dataclasses import dataclass

from streams.source.codecs.bits import BitReader

SPS, PPS, DELIMITER = 7, 8, 9
_HIGH = (
    100,
    110,
    122,
    244,
    44,
    83,
    86,
    118,
    128,
    138,
    139,
    134,
    135,
)  # profile_idc values with chroma_format_idc in the SPS
_START = b"\0\0\1"


@dataclass(frozen=True, slots=True)
class ParameterSets:
    """One SPS and all PPS, without start codes: what a decoder needs before the first picture."""

    sps: bytes
    pps: tuple[bytes, ...]

    @property
    def name(self) -> str:
        """Codec string for browsers, as avc1.42C01E (RFC 6381, 3.3)."""
        return f"avc1.{self.sps[1:4].hex().upper()}"

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels. Raises ValueError when the SPS can't be parsed."""
        return _size(self.sps)


def nal_units(stream: bytes) -> Iterator[bytes]:
    """Yield the NAL units of an Annex B stream, without start codes."""
    at = stream.find(_START)
    while at >= 0:
        following = stream.find(_START, at + 3)
        unit = stream[at + 3 : following if following >= 0 else None].rstrip(b"\0")
        if unit:
            yield unit
        at = following


def parameter_sets_of(stream: bytes) -> ParameterSets | None:
    """Return the parameter sets of an Annex B stream, or None when it lacks an SPS or a PPS."""
    sps, pps = b"", []
    for unit in nal_units(stream):
        if unit[0] & 31 == SPS:
            sps = unit
        elif unit[0] & 31 == PPS:
            pps.append(unit)
    return ParameterSets(sps, tuple(pps)) if len(sps) > 3 and pps else None


def to_length_prefixed(picture: bytes) -> bytes:
    """Convert a picture from Annex B to length-prefixed NAL units (ISO/IEC 14496-15).

    Parameter sets and access unit delimiters are dropped: the parameter sets belong in the avcC box.
    """
    kept = (unit for unit in nal_units(picture) if unit[0] & 31 not in (SPS, PPS, DELIMITER))
    return b"".join(len(unit).to_bytes(4) + unit for unit in kept)


def _size(sps: bytes) -> tuple[int, int]:
    bits = BitReader(sps[1:])
    profile = bits.take(8)
    bits.take(16)  # constraints, level
    bits.golomb()  # seq_parameter_set_id
    chroma = _chroma(bits) if profile in _HIGH else 1
    bits.golomb()  # log2_max_frame_num
    order = bits.golomb()
    if order == 0:
        bits.golomb()
    elif order == 1:
        bits.take(1)
        bits.signed()
        bits.signed()
        for _ in range(bits.golomb()):
            bits.signed()
    bits.golomb()  # max_num_ref_frames
    bits.take(1)
    width, height = 16 * (bits.golomb() + 1), 16 * (bits.golomb() + 1)
    fields = 2 - bits.take(1)  # 2: interlaced, height counts the map units of one field
    if fields == 2:
        bits.take(1)
    bits.take(1)  # direct_8x8_inference
    left, right, top, bottom = (bits.golomb() for _ in range(4)) if bits.take(1) else (0, 0, 0, 0)
    across, down = 2 if chroma in (1, 2) else 1, 2 if chroma == 1 else 1
    return width - across * (left + right), fields * (height - down * (top + bottom))


def _chroma(bits: BitReader) -> int:
    """Return chroma_format_idc and skip the other fields that only high profiles have."""
    chroma = bits.golomb()
    if chroma == 3:
        bits.take(1)
    bits.golomb()  # bit_depth_luma_minus8
    bits.golomb()  # bit_depth_chroma_minus8
    bits.take(1)
    if bits.take(1):
        for number in range(8 if chroma != 3 else 12):
            if bits.take(1):
                _skip_scaling(bits, 16 if number < 6 else 64)
    return chroma


def _skip_scaling(bits: BitReader, count: int) -> None:
    last = following = 8
    for _ in range(count):
        if following:
            following = (last + bits.signed()) % 256
        last = following or last
