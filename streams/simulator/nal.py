"""Common parts of H.264 and H.265: NAL units, reading and writing bits, and the interface of both codecs."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import ClassVar, Protocol, Self

from .clock import Letters

MTU = 1400  # bytes of RTP payload, which fit an Ethernet frame with all headers


class NalKind(Enum):
    """The kind of a NAL unit."""

    SET = auto()  # a parameter set
    KEY = auto()  # a slice of a keyframe
    SLICE = auto()  # a slice of a predicted picture
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class SlicePlace:
    """The fields of a picture that a slice inserted into it must repeat."""

    header: bytes  # of the NAL unit
    key: bool
    agreed: tuple[int, int]  # slice header bits that are equal in all its slices, as (value, bits)
    top: bytes  # the encoder's slice of the top row


class Codec(Protocol):
    """A codec with the parameter sets of one film: everything in the simulator that depends on the codec."""

    name: ClassVar[str]  # in SDP
    header: ClassVar[int]  # bytes of a NAL unit's header
    sets: tuple[bytes, ...]

    @classmethod
    def of(cls, sets: tuple[bytes, ...]) -> Self:
        """Parse parameter sets. Raises ValueError for features that encoders.py does not use."""
        ...

    @staticmethod
    def kind(nal: bytes) -> NalKind:
        """Return the kind of a NAL unit."""
        ...

    @staticmethod
    def payloads(nals: Sequence[bytes], mtu: int = MTU) -> Iterator[bytes]:
        """Yield RTP payloads of one picture's NAL units, each of at most `mtu` bytes."""
        ...

    @classmethod
    def letters(cls, coded: bytes) -> Letters:
        """Parse the output of encoders.letters."""
        ...

    @property
    def fmtp(self) -> str:
        """The value of fmtp in SDP."""
        ...

    def place(self, slices: Sequence[bytes]) -> SlicePlace | None:
        """Parse a picture's first slice. None when the top row is not a separate slice."""
        ...

    def clock(self, place: SlicePlace, letters: Letters, text: str, shown: str) -> list[bytes]:
        """Return the slices of a top row with `text`, when the previous picture showed `shown`."""
        ...


class Bits:
    """Write bits, most significant first (ITU-T H.264, 7.2)."""

    def __init__(self) -> None:
        self._value, self._length, self._done = 0, 0, bytearray()

    def u(self, value: int, bits: int) -> "Bits":
        """Append an unsigned integer of so many bits."""
        self._value, self._length = self._value << bits | value, self._length + bits
        return self

    def ue(self, value: int) -> "Bits":
        """Append an unsigned Exp-Golomb code."""
        return self.u(value + 1, 2 * (value + 1).bit_length() - 1)

    def se(self, value: int) -> "Bits":
        """Append a signed Exp-Golomb code."""
        return self.ue(2 * value - 1 if value > 0 else -2 * value)

    def raw(self, data: bytes) -> "Bits":
        """Append bytes, after zero bits up to the next byte boundary."""
        self.u(0, -self._length % 8)
        self._done += self._value.to_bytes(self._length // 8, "big") + data
        self._value = self._length = 0
        return self

    def escaped(self) -> bytes:
        """Return everything, padded to a whole byte, with emulation prevention bytes."""
        return re.sub(rb"\x00\x00(?=[\x00-\x03])", b"\x00\x00\x03", self.raw(b"")._done)


class Reader:
    """Read bits, most significant first, from data with emulation prevention bytes. `at`: bits read."""

    def __init__(self, escaped: bytes) -> None:
        self._data = escaped.replace(b"\x00\x00\x03", b"\x00\x00")
        self._value, self.at = int.from_bytes(self._data, "big"), 0

    def u(self, bits: int) -> int:
        """Read an unsigned integer of so many bits."""
        self.at += bits
        return self._value >> 8 * len(self._data) - self.at & (1 << bits) - 1

    def ue(self) -> int:
        """Read an unsigned Exp-Golomb code."""
        zeros = 0
        while not self.u(1):
            zeros += 1
        return (1 << zeros) - 1 + self.u(zeros)

    def se(self) -> int:
        """Read a signed Exp-Golomb code."""
        code = self.ue()
        return (code + 1) // 2 if code % 2 else -(code // 2)

    def since(self, start: int) -> tuple[int, int]:
        """Return the bits from number `start` to here, as (value, bits)."""
        bits, self.at = self.at - start, start
        return self.u(bits), bits

    def rest(self) -> bytes:
        """Return the bytes after the one that contains the next bit."""
        return self._data[self.at // 8 + 1 :]


def nal_units(stream: bytes) -> Iterator[bytes]:
    """Yield the NAL units of an Annex B byte stream, without start codes."""
    starts = [m.end() for m in re.finditer(rb"\x00\x00\x01", stream)]
    for start, following in zip(starts, [*starts[1:], len(stream) + 3], strict=True):
        if nal := stream[start : following - 3].rstrip(b"\x00"):
            yield nal


def parameter_sets(nals: Iterable[bytes], codec: type[Codec]) -> tuple[bytes, ...]:
    """Return the parameter sets, each once, in order."""
    return tuple(dict.fromkeys(nal for nal in nals if codec.kind(nal) is NalKind.SET))


def pictures(nals: Iterable[bytes], codec: type[Codec]) -> Iterator[list[bytes]]:
    """Yield the slices of each picture. Only a picture's first slice has its first bit set."""
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
