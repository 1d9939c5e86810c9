"""A bad line to PostgreSQL: a proxy on the loopback that delays, throttles or swallows what passes."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

PIECE = 1400  # bytes of a packet


class BadLine:
    """A proxy from `port` to a Unix socket, served in a thread. Use as a context manager."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._delay_s, self._bytes_per_s = 0.0, 0
        self._mended = asyncio.Event()
        self._mended.set()
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="bad-line", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *error: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    @contextmanager
    def thin(self, delay_s: float, bytes_per_s: int) -> Iterator[None]:
        """Delay each piece, and pass on no more than so much."""
        self._delay_s, self._bytes_per_s = delay_s, bytes_per_s
        try:
            yield
        finally:
            self._delay_s, self._bytes_per_s = 0.0, 0

    @contextmanager
    def cut(self) -> Iterator[None]:
        """Let nothing pass, as a network that is gone: connections neither end nor answer."""
        self._loop.call_soon_threadsafe(self._mended.clear)
        try:
            yield
        finally:
            self._loop.call_soon_threadsafe(self._mended.set)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._connect, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_unix_connection(str(self._socket))
        except OSError:
            writer.close()
            return
        await asyncio.gather(self._pass(reader, far_writer), self._pass(far_reader, writer))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await reader.read(PIECE):
                await asyncio.sleep(self._delay_s + (len(piece) / self._bytes_per_s if self._bytes_per_s else 0.0))
                await self._mended.wait()
                writer.write(piece)
                await writer.drain()
        writer.close()
