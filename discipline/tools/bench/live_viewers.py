"""A live viewer without a browser, for benches: it counts fragments and drops them."""

import asyncio
import json
import time
from dataclasses import dataclass, field

from discipline.tools.bench.websocket_client import BINARY, CLOSE, PING, PONG, TEXT, masked, open_websocket, read_frame


@dataclass(slots=True)
class BenchViewer:
    """What one viewer has received. Times in seconds."""

    first_s: float | None = None  # from connecting to the first fragment
    fragments: int = 0
    total: int = 0  # bytes
    closed: int | None = None  # the close code, when the server closed the connection
    waits_s: list[float] = field(default_factory=list)  # between two fragments
    started: asyncio.Event = field(default_factory=asyncio.Event)  # set with the first fragment, or at the end


async def watch_stream(port: int, path: str, cookie: str, viewer: BenchViewer) -> None:
    """Watch until cancelled or closed by the server. Raises ConnectionError when the handshake is refused."""
    began = time.monotonic()
    try:
        reader, writer = await open_websocket(port, path, cookie)
    except BaseException:
        viewer.started.set()
        raise
    try:
        last = None
        while True:
            kind, data = await read_frame(reader)
            if kind == BINARY:
                now = time.monotonic()
                viewer.first_s = viewer.first_s or now - began
                viewer.fragments += 1
                viewer.started.set()
                viewer.total += len(data)
                if last:
                    viewer.waits_s.append(now - last)
                last = now
                writer.write(masked(TEXT, json.dumps({"got": viewer.total}).encode()))
            elif kind == PING:
                writer.write(masked(PONG, data))
            elif kind == CLOSE:
                viewer.closed = int.from_bytes(data[:2])
                return
    finally:
        viewer.started.set()
        writer.close()
