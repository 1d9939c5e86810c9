"""Just enough H.264 syntax (ITU-T H.264, baseline) to write a live clock into pre-encoded pictures.

The encoder puts the top row of macroblocks into a slice of its own. Here that slice is replaced: uncompressed
macroblocks (I_PCM) where a character of the clock is or has changed, skipped ones elsewhere. So clips are
encoded once and shared, and yet every camera shows its own name and the true time.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

MACROBLOCK = 16
CELL = 8  # pixels a character is wide: two characters to a macroblock
INK, PAPER = 225, 24  # luma; never 0, so that uncompressed pixels need no emulation prevention


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

    def rbsp(self) -> bytes:
        self.u(1, 1).raw(b"")
        return bytes(self._done)


class Reader:
    """Reads bits, most significant first."""

    def __init__(self, data: bytes) -> None:
        self._value, self._left = int.from_bytes(data, "big"), 8 * len(data)

    def u(self, bits: int) -> int:
        self._left -= bits
        return self._value >> self._left & (1 << bits) - 1

    def ue(self) -> int:
        zeros = 0
        while not self.u(1):
            zeros += 1
        return (1 << zeros) - 1 + self.u(zeros)

    def se(self) -> int:
        code = self.ue()
        return (code + 1) // 2 if code % 2 else -(code // 2)


def escaped(rbsp: bytes) -> bytes:
    return re.sub(rb"\x00\x00(?=[\x00-\x03])", b"\x00\x00\x03", rbsp)


def unescaped(nal: bytes) -> bytes:
    return nal.replace(b"\x00\x00\x03", b"\x00\x00")


@dataclass(frozen=True, slots=True)
class Format:
    """What the parameter sets say that a slice header needs; sizes in macroblocks."""

    columns: int
    rows: int
    frame_num_bits: int
    deblocking_control: bool

    @classmethod
    def parse(cls, sps: bytes, pps: bytes) -> "Format":
        """Raises ValueError for what is not baseline as our own encoder writes it."""
        read = Reader(unescaped(sps[4:]))
        if sps[1] not in (66, 77):
            raise ValueError(f"profile {sps[1]} is not baseline or main")
        read.ue()
        frame_num_bits = read.ue() + 4
        if read.ue() != 2:
            raise ValueError("pictures are not in output order")
        read.ue(), read.u(1)
        columns, rows = read.ue() + 1, read.ue() + 1
        read = Reader(unescaped(pps[1:]))
        read.ue(), read.ue()
        if read.u(1):
            raise ValueError("CABAC cannot be written here")
        read.u(1), read.ue(), read.ue(), read.ue()
        if read.u(1):
            raise ValueError("weighted prediction cannot be written here")
        read.u(2), read.se(), read.se(), read.se()
        return cls(columns, rows, frame_num_bits, bool(read.u(1)))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a picture stands in its stream: what all its slices must agree on."""

    header: int  # the NAL header byte
    frame_num: int
    idr_id: int

    @property
    def key(self) -> bool:
        return self.header & 0x1F == 5

    @classmethod
    def parse(cls, slice_nal: bytes, form: Format) -> "Place":
        read = Reader(unescaped(slice_nal[1:40]))
        read.ue(), read.ue(), read.ue()
        frame_num = read.u(form.frame_num_bits)
        return cls(slice_nal[0], frame_num, read.ue() if slice_nal[0] & 0x1F == 5 else 0)


def _slice(form: Format, place: Place) -> Bits:
    bits = Bits().ue(0).ue(7 if place.key else 5).ue(0).u(place.frame_num, form.frame_num_bits)
    if place.key:
        bits.ue(place.idr_id).u(0, 2)  # keep nothing special of earlier pictures
    else:
        bits.u(0, 3)  # usual references, in usual order, marked as usual
    bits.se(0)
    if form.deblocking_control:
        bits.ue(1)
    return bits


def _nal(place: Place, bits: Bits) -> bytes:
    return bytes([place.header]) + escaped(bits.rbsp())


@lru_cache(maxsize=1024)
def skipped_picture(form: Format, place: Place) -> bytes:
    """One slice that repeats the picture before it, whole."""
    return _nal(place, _slice(form, place).ue(form.columns * form.rows))


@lru_cache(maxsize=4096)
def _characters(pair: str, glyphs: "Glyphs") -> bytes:
    luma = np.concatenate([glyphs.of(c) for c in pair], axis=1)
    return luma.tobytes() + bytes([128]) * 128


class Glyphs:
    """Letters of the clock: 16×8 luma each, from a dict of uint8 arrays."""

    def __init__(self, letters: dict[str, np.ndarray]) -> None:
        self._letters = letters
        self._blank = np.full((MACROBLOCK, CELL), PAPER, np.uint8)

    def of(self, character: str) -> np.ndarray:
        return self._letters.get(character, self._blank)


def _pairs(text: str, columns: int) -> list[str]:
    text = text[: 2 * columns - 2]
    text += " " * (2 - len(text) % 2)  # the last column stays paper: the rest of the row is predicted from it
    return [text[i : i + 2] for i in range(0, len(text), 2)]


def clock_slice(form: Format, place: Place, glyphs: Glyphs, text: str, shown: str) -> bytes:
    """The top row of a picture showing `text`, where the picture before showed `shown`."""
    bits, pairs = _slice(form, place), _pairs(text, form.columns)
    if place.key:
        for pair in pairs:
            bits.ue(25).raw(_characters(pair, glyphs))
        for column in range(form.columns - len(pairs)):
            # As its left neighbour, no residual; the code for "none" depends on that neighbour being I_PCM.
            bits.ue(3).ue(0).se(0).u(3 if column == 0 else 1, 6 if column == 0 else 1)
        return _nal(place, bits)
    skipped = 0
    before = _pairs(shown, form.columns)
    before += ["  "] * (len(pairs) - len(before))
    for pair, old in zip(pairs, before, strict=False):
        if pair == old:
            skipped += 1
        else:
            bits.ue(skipped).ue(30).raw(_characters(pair, glyphs))
            skipped = 0
    return _nal(place, bits.ue(skipped + form.columns - len(pairs)))
