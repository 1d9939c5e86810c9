"""What H.264 and H.265 have in common: NAL units, their bits, and what a demo camera asks of either codec."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import ClassVar, Protocol, Self

from .clock import Letters

MTU = 1400  # bytes of RTP payload: fits an Ethernet frame with every header around it


class NalKind(Enum):
    """Of a NAL unit."""

    SET = auto()  # parameters, without which nothing decodes
    KEY = auto()  # a slice of a picture that stands alone
    SLICE = auto()  # of one that builds on the picture before
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class SlicePlace:
    """Where a picture stands in its stream: what a slice that is put into it has to repeat."""

    header: bytes  # of its NAL units
    key: bool
    agreed: tuple[int, int]  # the bits that all its slices have alike, as (value, bits)
    top: bytes  # the slice that the encoder made of the top row


class Codec(Protocol):
    """A codec as one film uses it, made from the film's parameter sets.

    Of all that the simulator does only this differs from codec to codec.
    """

    name: ClassVar[str]  # as SDP says it
    header: ClassVar[int]  # bytes of a NAL unit's header
    sets: tuple[bytes, ...]

    @classmethod
    def of(cls, sets: tuple[bytes, ...]) -> Self:
        """ValueError: not written as by our own encoder."""
        ...

    @staticmethod
    def kind(nal: bytes) -> NalKind: ...

    @staticmethod
    def payloads(nals: Sequence[bytes], mtu: int = MTU) -> Iterator[bytes]:
        """RTP payloads of units of one picture, each of at most `mtu` bytes."""
        ...

    @classmethod
    def letters(cls, coded: bytes) -> Letters:
        """From what `encoders.letters` wrote."""
        ...

    @property
    def fmtp(self) -> str:
        """The value of SDP's fmtp."""
        ...

    def place(self, slices: Sequence[bytes]) -> SlicePlace | None:
        """Of the picture with these slices; None: it has no slice of its own for the top row."""
        ...

    def clock(self, place: SlicePlace, letters: Letters, text: str, shown: str) -> list[bytes]:
        """The top row of a picture showing `text`, where the picture before showed `shown`."""
        ...


class Bits:
    """Writes bits, most significant first."""

    def __init__(self) -> None:
        self._value, self._length, self._done = 0, 0, bytearray()

    def u(self, value: int, bits: int) -> "Bits":
        self._value, self._length = self._value << bits | value, self._length + bits
        return self

    def ue(self, value: int) -> "Bits":
        return self.u(value + 1, 2 * (value + 1).bit_length() - 1)

    def se(self, value: int) -> "Bits":
        return self.ue(2 * value - 1 if value > 0 else -2 * value)

    def raw(self, data: bytes) -> "Bits":
        """Whole bytes, after zero bits up to the next byte."""
        self.u(0, -self._length % 8)
        self._done += self._value.to_bytes(self._length // 8, "big") + data
        self._value = self._length = 0
        return self

    def escaped(self) -> bytes:
        """All of it up to a whole byte, so that no start code is in it."""
        return re.sub(rb"\x00\x00(?=[\x00-\x03])", b"\x00\x00\x03", self.raw(b"")._done)


class Reader:
    """Reads bits, most significant first."""

    def __init__(self, escaped: bytes) -> None:
        self._data = escaped.replace(b"\x00\x00\x03", b"\x00\x00")
        self._value, self.at = int.from_bytes(self._data, "big"), 0

    def u(self, bits: int) -> int:
        self.at += bits
        return self._value >> 8 * len(self._data) - self.at & (1 << bits) - 1

    def ue(self) -> int:
        zeros = 0
        while not self.u(1):
            zeros += 1
        return (1 << zeros) - 1 + self.u(zeros)

    def se(self) -> int:
        code = self.ue()
        return (code + 1) // 2 if code % 2 else -(code // 2)

    def since(self, start: int) -> tuple[int, int]:
        """The bits from number `start` to here, as (value, bits)."""
        bits, self.at = self.at - start, start
        return self.u(bits), bits

    def rest(self) -> bytes:
        """The bytes after the one with the next bit."""
        return self._data[self.at // 8 + 1 :]


def nal_units(stream: bytes) -> Iterator[bytes]:
    """The NAL units of an Annex B byte stream, without start codes."""
    starts = [m.end() for m in re.finditer(rb"\x00\x00\x01", stream)]
    for start, following in zip(starts, [*starts[1:], len(stream) + 3], strict=True):
        if nal := stream[start : following - 3].rstrip(b"\x00"):
            yield nal


def parameter_sets(nals: Iterable[bytes], codec: type[Codec]) -> tuple[bytes, ...]:
    """Each once, in order."""
    return tuple(dict.fromkeys(nal for nal in nals if codec.kind(nal) is NalKind.SET))


def pictures(nals: Iterable[bytes], codec: type[Codec]) -> Iterator[list[bytes]]:
    """The slices of each picture; the first bit of a picture's first slice is set, and of no other."""
    picture: list[bytes] = []
    for nal in nals:
        if codec.kind(nal) not in (NalKind.KEY, NalKind.SLICE):
            continue
        if picture and nal[codec.header] & 0x80:
            yield picture
            picture = []
        picture.append(nal)
    if picture:
        yield picture
