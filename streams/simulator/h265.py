"""H.265 (ITU-T H.265, main): RTP payloads (RFC 7798), and just enough syntax to write a live clock.

The encoder puts the top row of blocks into a separate slice. Where the clock has changed, that slice is replaced by one
slice per two characters. Those were encoded beforehand, each as a picture of one block; as a slice does not depend on
its neighbours, only its header must be rewritten with its position and picture.
"""

import base64
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from streams.simulator.nal import MTU, Bits, Codec, NalKind, Reader, SlicePlace, nal_units, parameter_sets

from .clock import BLANK, BLOCK, PAIRS, Letters, pairs

LETTER_QP = 22
_KINDS = {1: NalKind.SLICE, 19: NalKind.KEY, 20: NalKind.KEY, 32: NalKind.SET, 33: NalKind.SET, 34: NalKind.SET}
_TOGETHER, _FRAGMENT = 48, 49
_INTRA = 2


def _type(nal: bytes) -> int:
    return nal[0] >> 1 & 0x3F


@dataclass(frozen=True)
class H265(Codec):
    """H.265 with one film's parameter sets. `columns`: in blocks; flags: slice header fields that the PPS requires."""

    name: ClassVar[str] = "H265"
    header: ClassVar[int] = 2
    sets: tuple[bytes, ...]
    columns: int
    address_bits: int
    order_bits: int
    first_qp: int
    filter_flag: bool
    entry_points: bool

    @classmethod
    def of(cls, sets: tuple[bytes, ...]) -> Self:
        """See Codec."""
        _, sps, pps = sets
        columns, rows, order_bits = _sequence(Reader(sps[2:]))
        read = Reader(pps[2:])
        read.ue(), read.ue()
        if read.u(5):
            raise ValueError("slice headers with extra fields are not supported")
        read.u(2), read.ue(), read.ue()
        first_qp = 26 + read.se()
        read.u(2)
        if read.u(1):
            read.ue()
        read.se(), read.se()
        if read.u(5):
            raise ValueError("weights, tiles and separate chroma QPs are not supported")
        entry_points, filter_flag = bool(read.u(1)), bool(read.u(1))
        if read.u(1):
            raise ValueError("deblocking control per slice is not supported")
        return cls(sets, columns, (columns * rows - 1).bit_length(), order_bits, first_qp, filter_flag, entry_points)

    @staticmethod
    def kind(nal: bytes) -> NalKind:
        """See Codec."""
        return _KINDS.get(_type(nal), NalKind.OTHER)

    @staticmethod
    def payloads(nals: Sequence[bytes], mtu: int = MTU) -> Iterator[bytes]:
        """Yield RTP payloads: small units aggregated, large ones in fragments."""
        together: list[bytes] = []
        for nal in nals:
            if together and 2 + sum(2 + len(unit) for unit in (*together, nal)) > mtu:
                yield _together(together)
                together = []
            if len(nal) <= mtu:
                together.append(nal)
            else:
                yield from _fragments(nal, mtu)
        if together:
            yield _together(together)

    @classmethod
    def letters(cls, coded: bytes) -> Letters:
        """See Codec."""
        nals = list(nal_units(coded))
        codec = cls.of(parameter_sets(nals, cls))
        blocks = [codec._data(nal) for nal in nals if cls.kind(nal) is NalKind.KEY]
        return dict(zip(PAIRS, blocks, strict=True))

    @property
    def fmtp(self) -> str:
        """See Codec."""
        names = ("sprop-vps", "sprop-sps", "sprop-pps")
        coded = (base64.b64encode(nal).decode() for nal in self.sets)
        return ";".join(f"{name}={nal}" for name, nal in zip(names, coded, strict=True))

    def place(self, slices: Sequence[bytes]) -> SlicePlace | None:
        """See Codec."""
        if len(slices) < 2 or self._starts_at(slices[1]) != self.columns:
            return None
        first = slices[0]
        key = self.kind(first) is NalKind.KEY
        read = Reader(first[2:40])
        read.u(2 if key else 1), read.ue(), read.ue()
        start = read.at
        if not key:
            read.u(self.order_bits)
            if read.u(1):
                raise ValueError("reference picture sets in the SPS are not supported")
            for _ in range(read.ue() + read.ue()):
                read.ue(), read.u(1)
        return SlicePlace(first[:2], key, read.since(start), first)

    def clock(self, place: SlicePlace, letters: Letters, text: str, shown: str) -> list[bytes]:
        """See Codec."""
        if text == shown and not place.key:
            return [place.top]
        wanted = pairs(text, self.columns)
        wanted += (BLANK,) * (self.columns - len(wanted))
        return [self._slice(place, column, letters[pair]) for column, pair in enumerate(wanted)]

    def _slice(self, place: SlicePlace, column: int, data: bytes) -> bytes:
        bits = Bits().u(column == 0, 1)
        if place.key:
            bits.u(0, 1)
        bits.ue(0)
        if column:
            bits.u(column, self.address_bits)
        bits.ue(_INTRA).u(*place.agreed).se(LETTER_QP - self.first_qp)
        if self.filter_flag:
            bits.u(0, 1)
        if self.entry_points:
            bits.ue(0)
        return place.header + bits.u(1, 1).raw(data).escaped()

    def _data(self, nal: bytes) -> bytes:
        """Return the data after the header of a keyframe's only slice."""
        read = Reader(nal[2:])
        if (read.u(2), read.ue(), read.ue(), read.se()) != (0b10, 0, _INTRA, LETTER_QP - self.first_qp):
            raise ValueError(f"a letter is not one intra slice with QP {LETTER_QP}")
        if self.filter_flag:
            read.u(1)
        if self.entry_points:
            read.ue()
        return read.rest()

    def _starts_at(self, nal: bytes) -> int:
        """Return the number of a slice's first block."""
        read = Reader(nal[2:20])
        first = read.u(1)
        if self.kind(nal) is NalKind.KEY:
            read.u(1)
        read.ue()
        return 0 if first else read.u(self.address_bits)


def _sequence(read: Reader) -> tuple[int, int, int]:
    """Parse an SPS: return columns, rows, and bits of the picture order count."""
    if read.u(7) & 0b111:
        raise ValueError("layers are not supported")
    read.u(1 + 96), read.ue(), read.ue()  # the profile
    width, height = read.ue(), read.ue()
    if read.u(1):
        read.ue(), read.ue(), read.ue(), read.ue()
    read.ue(), read.ue()
    order_bits = 4 + read.ue()
    read.u(1), read.ue(), read.ue(), read.ue()
    if (8 << read.ue(), read.ue()) != (BLOCK, 0):
        raise ValueError(f"blocks are not {BLOCK}×{BLOCK}")
    read.ue(), read.ue(), read.ue(), read.ue()
    if read.u(2) & 0b10:
        raise ValueError("scaling lists are not supported")
    if read.u(2):
        raise ValueError("sample adaptive offsets and PCM blocks are not supported")
    if read.ue() or read.u(2):
        raise ValueError("reference picture sets in the SPS are not supported")
    return width // BLOCK, height // BLOCK, order_bits


def _together(nals: Sequence[bytes]) -> bytes:
    """Return a single unit unchanged, several as an aggregation packet."""
    if len(nals) == 1:
        return nals[0]
    header = bytes([_TOGETHER << 1, nals[0][1]])
    return header + b"".join(struct.pack("!H", len(nal)) + nal for nal in nals)


def _fragments(nal: bytes, mtu: int) -> Iterator[bytes]:
    header = bytes([nal[0] & 0x81 | _FRAGMENT << 1, nal[1]])
    step = mtu - 3
    for at in range(2, len(nal), step):
        first, last = at == 2, at + step >= len(nal)
        yield header + bytes([first << 7 | last << 6 | _type(nal)]) + nal[at : at + step]
