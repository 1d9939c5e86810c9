"""Parse H.265 headers: parameter sets, picture size, and the hvcC box (ITU-T H.265, 7.3; ISO/IEC 14496-15, 8.3.3)."""

from dataclasses import dataclass

from streams.source.codecs.bits import BitReader
from streams.source.h264 import nal_units

VPS, SPS, PPS, DELIMITER = 32, 33, 34, 35
PROFILE = slice(1, 13)  # bytes of an SPS without its NAL header: profile, compatibility, constraints, level


@dataclass(frozen=True, slots=True)
class HevcParameterSets:
    """VPS, SPS and all PPS, without start codes: what a decoder needs before the first picture."""

    vps: bytes
    sps: bytes
    pps: tuple[bytes, ...]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels. Raises ValueError when the SPS can't be parsed."""
        return _parse(self.sps).size

    @property
    def configuration(self) -> bytes:
        """The content of the hvcC box. Raises ValueError when the SPS can't be parsed."""
        facts = _parse(self.sps)
        head = (
            b"\1" + facts.profile + b"\xf0\0\xfc"
            + bytes((0xFC | facts.chroma, 0xF8 | facts.luma_bits - 8, 0xF8 | facts.chroma_bits - 8, 0, 0))
            + bytes((facts.layers << 3 | facts.nested << 2 | 3, 3))
        )  # fmt: skip
        arrays = ((VPS, (self.vps,)), (SPS, (self.sps,)), (PPS, self.pps))
        return head + b"".join(
            bytes((0x80 | kind,)) + len(units).to_bytes(2) + b"".join(len(one).to_bytes(2) + one for one in units)
            for kind, units in arrays
        )


@dataclass(frozen=True, slots=True)
class _SpsFacts:
    profile: bytes
    layers: int
    nested: int
    chroma: int
    size: tuple[int, int]
    luma_bits: int
    chroma_bits: int


def parameter_sets_of(stream: bytes) -> HevcParameterSets | None:
    """Return the parameter sets of an Annex B stream, or None when it lacks one of the three kinds."""
    vps, sps, pps = b"", b"", []
    for unit in nal_units(stream):
        kind = unit[0] >> 1 & 63
        if kind == VPS:
            vps = unit
        elif kind == SPS:
            sps = unit
        elif kind == PPS:
            pps.append(unit)
    return HevcParameterSets(vps, sps, tuple(pps)) if vps and sps and pps else None


def to_length_prefixed(picture: bytes) -> bytes:
    """Convert a picture from Annex B to length-prefixed NAL units, without parameter sets and delimiters."""
    kept = (unit for unit in nal_units(picture) if unit[0] >> 1 & 63 not in (VPS, SPS, PPS, DELIMITER))
    return b"".join(len(unit).to_bytes(4) + unit for unit in kept)


def _parse(sps: bytes) -> _SpsFacts:
    plain = sps[2:].replace(b"\0\0\3", b"\0\0")
    bits = BitReader(sps[2:])
    bits.take(4)  # sps_video_parameter_set_id
    below = bits.take(3)  # sps_max_sub_layers_minus1
    nested = bits.take(1)
    bits.take(96)  # general profile, compatibility, constraints, level
    _skip_sub_layers(bits, below)
    bits.golomb()  # sps_seq_parameter_set_id
    chroma = bits.golomb()
    if chroma == 3:
        bits.take(1)
    if chroma > 3:
        raise ValueError("the parameter set is none of H.265")
    width, height = bits.golomb(), bits.golomb()
    if bits.take(1):
        left, right, top, bottom = (bits.golomb() for _ in range(4))
        width -= (2 if chroma in (1, 2) else 1) * (left + right)
        height -= (2 if chroma == 1 else 1) * (top + bottom)
    depths = 8 + bits.golomb(), 8 + bits.golomb()
    if not (0 < width < 1 << 16 and 0 < height < 1 << 16 and max(depths) <= 16):
        raise ValueError("the parameter set is none of H.265")
    return _SpsFacts(plain[PROFILE], below + 1, nested, chroma, (width, height), *depths)


def _skip_sub_layers(bits: BitReader, below: int) -> None:
    there = [(bits.take(1), bits.take(1)) for _ in range(below)]
    if below:
        bits.take(2 * (8 - below))
    for profile, level in there:
        bits.take(88 * profile + 8 * level)
