"""Pictures of a wall: small, each with the moment it shows, many in one message. Pure.

A message is one record after another: office (uint32), moment (float64, milliseconds since 1970), length (uint32), all
big-endian, and as many bytes of JPEG. Length 0: there is no picture of this office any more.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

HEAD = struct.Struct(">IdI")
STAMP = struct.Struct(">d")


@dataclass(frozen=True, slots=True)
class Tile:
    """A JPEG and the moment it shows, in milliseconds since 1970."""

    at_ms: float
    jpeg: bytes

    def stored(self) -> bytes:
        return STAMP.pack(self.at_ms) + self.jpeg


def stamp_tile(at: datetime, jpeg: bytes) -> Tile:
    return Tile(at.timestamp() * 1000, jpeg)


def read_tile(stored: bytes) -> Tile:
    """What Tile.stored wrote."""
    return Tile(STAMP.unpack_from(stored)[0], stored[STAMP.size :])


def pack_tiles(records: Iterable[tuple[int, Tile | None]]) -> bytes:
    """Offices with their newest pictures, or None."""
    parts: list[bytes] = []
    for office, tile in records:
        at_ms, jpeg = (tile.at_ms, tile.jpeg) if tile else (0.0, b"")
        parts += (HEAD.pack(office, at_ms, len(jpeg)), jpeg)
    return b"".join(parts)
