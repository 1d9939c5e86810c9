"""Viewers of the public's files without a browser, for benches: they ask as a page or a player does.

Each has an address of its own on the loopback, as nginx limits what one address may ask.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from streams.source.hls.playlist_rule import PLAYLIST, SHORTEST_S, STILL, parse_playlist

STILL_S = 10.0  # between two pictures of a point on a page
CHUNK = 2**16


@dataclass(slots=True)
class Fetched:
    """What all viewers have received. Times in milliseconds from the request to the last byte."""

    segments_ms: list[float] = field(default_factory=list)
    stills_ms: list[float] = field(default_factory=list)
    playlists_ms: list[float] = field(default_factory=list)
    total: int = 0  # bytes
    failed: int = 0  # answers other than 200, and connections that broke


class _Connection:
    """A connection that is kept open. Raises OSError or EOFError when it breaks."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, fetched: Fetched) -> None:
        self._reader, self._writer, self._fetched = reader, writer, fetched

    async def get(self, path: str, times_ms: list[float], *, keep: bool = False) -> bytes:
        """Return the content of a file if `keep`, else b""; b"" too where there is none."""
        began = time.monotonic()
        self._writer.write(f"GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode())
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        content = await self._reader.readexactly(length) if keep else await self._drop(length)
        self._fetched.total += len(head) + length
        if b" 200 " not in head.split(b"\r\n", 1)[0]:
            self._fetched.failed += 1
            return b""
        times_ms.append((time.monotonic() - began) * 1000)
        return content

    async def _drop(self, length: int) -> bytes:
        while length:
            part = await self._reader.read(min(length, CHUNK))
            if not part:
                raise EOFError
            length -= len(part)
        return b""


async def _connect(port: int, number: int, fetched: Fetched) -> _Connection:
    own = f"127.{1 + number // 62500}.{number // 250 % 250}.{1 + number % 250}"
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(own, 0))
    return _Connection(reader, writer, fetched)


async def watch_stills(port: int, number: int, code: str, fetched: Fetched) -> None:
    """Ask for the still of a point every STILL_S, until cancelled. `number` is the viewer's own."""
    await _until_cancelled(port, number, fetched, lambda one: _still(one, code, fetched))


async def watch_live(port: int, number: int, code: str, fetched: Fetched) -> None:
    """Play the live video of a point, until cancelled: its playlist, and each new segment once."""
    played = 0

    async def turn(one: _Connection) -> float:
        nonlocal played
        began = time.monotonic()
        text = await one.get(f"/langsung/{code}/{PLAYLIST}", fetched.playlists_ms, keep=True)
        listed = parse_playlist(text.decode()).segments if text else ()
        # The first time only the newest, later each that is new.
        for segment in [new for new in listed if new.number > played] if played else listed[-1:]:
            await one.get(f"/langsung/{code}/{segment.name}", fetched.segments_ms)
            played = segment.number
        return max(0.0, SHORTEST_S - (time.monotonic() - began))

    await _until_cancelled(port, number, fetched, turn)


async def _still(one: _Connection, code: str, fetched: Fetched) -> float:
    await one.get(f"/langsung/{code}/{STILL}?{random.random()}", fetched.stills_ms)  # noqa: S311 no cache answers
    return STILL_S


async def _until_cancelled(
    port: int, number: int, fetched: Fetched, turn: Callable[[_Connection], Awaitable[float]]
) -> None:
    """Make a turn again and again, each after the seconds that the one before returned; connect again when it fails."""
    await asyncio.sleep(random.random() * STILL_S)  # noqa: S311 people come one after the other
    one: _Connection | None = None
    while True:
        try:
            one = one or await _connect(port, number, fetched)
            pause = await turn(one)
        except (OSError, EOFError, ValueError):
            fetched.failed += 1
            one, pause = None, 1.0
        await asyncio.sleep(pause)
