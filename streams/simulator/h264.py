"""H.264 (ITU-T H.264, baseline): RTP payloads (RFC 6184), and just enough syntax to write a live clock.

The encoder puts the top row of macroblocks into a separate slice. Here that slice is replaced: uncompressed
macroblocks (I_PCM) where a character of the clock is or has changed, skipped ones elsewhere. So clips are encoded once
and shared, and still every camera shows its own name and the current time.
"""

import base64
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from streams.simulator.nal import MTU, Bits, Codec, NalKind, Reader, SlicePlace

from .clock import BLANK, BLOCK, PAIRS, Letters, pairs

_KINDS = {1: NalKind.SLICE, 5: NalKind.KEY, 7: NalKind.SET, 8: NalKind.SET}
_STAP_A, _FU_A = 24, 28
_PCM_BYTES = BLOCK * BLOCK * 3 // 2


def _type(nal: bytes) -> int:
    return nal[0] & 0x1F


@dataclass(frozen=True)
class H264(Codec):
    """H.264 with one film's parameter sets. `columns`: width in macroblocks."""

    name: ClassVar[str] = "H264"
    header: ClassVar[int] = 1
    sets: tuple[bytes, ...]
    columns: int
    frame_num_bits: int
    deblocking_control: bool

    @classmethod
    def of(cls, sets: tuple[bytes, ...]) -> Self:
        """See Codec."""
        sps, pps = sets
        read = Reader(sps[4:])
        if sps[1] not in (66, 77):
            raise ValueError(f"profile {sps[1]} is not baseline or main")
        read.ue()
        frame_num_bits = read.ue() + 4
        if read.ue() != 2:
            raise ValueError("pictures are not in output order")
        read.ue(), read.u(1)
        columns = read.ue() + 1
        read = Reader(pps[1:])
        read.ue(), read.ue()
        if read.u(1):
            raise ValueError("CABAC is not supported")
        read.u(1), read.ue(), read.ue(), read.ue()
        if read.u(1):
            raise ValueError("weighted prediction is not supported")
        read.u(2), read.se(), read.se(), read.se()
        return cls(sets, columns, frame_num_bits, bool(read.u(1)))

    @staticmethod
    def kind(nal: bytes) -> NalKind:
        """See Codec."""
        return _KINDS.get(_type(nal), NalKind.OTHER)

    @staticmethod
    def payloads(nals: Sequence[bytes], mtu: int = MTU) -> Iterator[bytes]:
        """Yield RTP payloads: parameter sets as one STAP-A, large units as FU-A, others as single units."""
        sets = [nal for nal in nals if H264.kind(nal) is NalKind.SET]
        if len(sets) > 1:
            reference = max(nal[0] & 0x60 for nal in sets)
            yield bytes([reference | _STAP_A]) + b"".join(struct.pack("!H", len(nal)) + nal for nal in sets)
        else:
            yield from sets
        for nal in nals:
            if H264.kind(nal) is NalKind.SET:
                continue
            if len(nal) <= mtu:
                yield nal
                continue
            indicator = nal[0] & 0xE0 | _FU_A
            step = mtu - 2
            for at in range(1, len(nal), step):
                first, last = at == 1, at + step >= len(nal)
                yield bytes([indicator, first << 7 | last << 6 | _type(nal)]) + nal[at : at + step]

    @classmethod
    def letters(cls, coded: bytes) -> Letters:
        """See Codec."""
        return {pair: coded[at * _PCM_BYTES : (at + 1) * _PCM_BYTES] for at, pair in enumerate(PAIRS)}

    @property
    def fmtp(self) -> str:
        """See Codec."""
        sets = ",".join(base64.b64encode(nal).decode() for nal in self.sets)
        profile = self.sets[0][1:4].hex().upper()
        return f"packetization-mode=1;profile-level-id={profile};sprop-parameter-sets={sets}"

    def place(self, slices: Sequence[bytes]) -> SlicePlace | None:
        """See Codec."""
        if len(slices) < 2:
            return None
        key = self.kind(slices[0]) is NalKind.KEY
        read = Reader(slices[0][1:40])
        read.ue(), read.ue(), read.ue()
        start = read.at
        read.u(self.frame_num_bits)
        if key:
            read.ue()
        return SlicePlace(slices[0][:1], key, read.since(start), slices[0])

    def clock(self, place: SlicePlace, letters: Letters, text: str, shown: str) -> list[bytes]:
        """See Codec."""
        bits = self._slice(place)
        wanted = pairs(text, self.columns)
        free = self.columns - len(wanted)
        if place.key:
            for pair in wanted:
                bits.ue(25).raw(letters[pair])
            for column in range(free):
                # Predicted from the left without residual; the code for "none" depends on whether that one is I_PCM.
                bits.ue(3).ue(0).se(0).u(3 if column == 0 else 1, 6 if column == 0 else 1)
        else:
            skipped = 0
            before = pairs(shown, self.columns)
            before += (BLANK,) * (len(wanted) - len(before))
            for pair, old in zip(wanted, before, strict=False):
                if pair == old:
                    skipped += 1
                else:
                    bits.ue(skipped).ue(30).raw(letters[pair])
                    skipped = 0
            bits.ue(skipped + free)
        return [place.header + bits.u(1, 1).escaped()]

    def _slice(self, place: SlicePlace) -> Bits:
        bits = Bits().ue(0).ue(7 if place.key else 5).ue(0).u(*place.agreed)
        # dec_ref_pic_marking of an IDR picture; or default references, in default order, with default marking.
        bits.u(0, 2 if place.key else 3).se(0)
        if self.deblocking_control:
            bits.ue(1)
        return bits
