"""Encode the wall's tiles: small pictures, each with its time, many in one message. Pure.

A message is a sequence of records: office id (uint32), time (float64, milliseconds since 1970), length (uint32), all
big-endian, then `length` bytes of JPEG. Length 0 means that the office no longer has a picture.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

HEAD = struct.Struct(">idI")
STAMP = struct.Struct(">d")


@dataclass(frozen=True, slots=True)
class Tile:
    """A JPEG and its time in milliseconds since 1970."""

    at_ms: float
    jpeg: bytes

    def stored(self) -> bytes:
        """Return the tile as bytes for Valkey; read_tile reverses it."""
        return STAMP.pack(self.at_ms) + self.jpeg


def stamp_tile(at: datetime, jpeg: bytes) -> Tile:
    """Return a tile of this JPEG, taken `at`."""
    return Tile(at.timestamp() * 1000, jpeg)


def read_tile(stored: bytes) -> Tile:
    """Read what Tile.stored returned."""
    return Tile(STAMP.unpack_from(stored)[0], stored[STAMP.size :])


def pack_tiles(records: Iterable[tuple[int, Tile | None]]) -> bytes:
    """Encode one message from office ids and their newest tiles (None: no picture)."""
    parts: list[bytes] = []
    for office, tile in records:
        at_ms, jpeg = (tile.at_ms, tile.jpeg) if tile else (0.0, b"")
        parts += (HEAD.pack(office, at_ms, len(jpeg)), jpeg)
    return b"".join(parts)
