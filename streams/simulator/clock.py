"""The clock overlaid on the demo cameras' pictures: its letters, two to a block of the top row."""

from collections.abc import Mapping
from functools import lru_cache

BLOCK = 16  # pixels: a macroblock of H.264, a coding tree block of H.265
CELL = 8  # width of a character in pixels
INK, PAPER = 225, 24  # luma; never 0, so that uncompressed pixels need no emulation prevention
CHARACTERS = " ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:-./"
PAIRS = tuple(one + other for one in CHARACTERS for other in CHARACTERS)
BLANK = "  "
_KNOWN = frozenset(PAIRS)

Letters = Mapping[str, bytes]  # two characters → their block, encoded


@lru_cache(maxsize=1024)
def pairs(text: str, columns: int) -> tuple[str, ...]:
    """Split the text into blocks; at least the last of `columns` stays free. Unknown characters become blank."""
    text = text[: 2 * columns - 2]
    text += " " * (2 - len(text) % 2)
    return tuple(pair if pair in _KNOWN else BLANK for pair in (text[i : i + 2] for i in range(0, len(text), 2)))
