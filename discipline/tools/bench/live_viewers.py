"""A live viewer without a browser, for benches: a minimal WebSocket client that counts fragments and drops them."""

import asyncio
import json
import os
import time
from base64 import b64encode
from dataclasses import dataclass, field

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


@dataclass(slots=True)
class BenchViewer:
    """What one viewer has received. Times in seconds."""

    first_s: float | None = None  # from connecting to the first fragment
    fragments: int = 0
    total: int = 0  # bytes
    closed: int | None = None  # the close code, when the server closed the connection
    waits_s: list[float] = field(default_factory=list)  # between two fragments


async def watch_stream(port: int, path: str, cookie: str, viewer: BenchViewer) -> None:
    """Watch until cancelled or closed by the server. Raises ConnectionError when the handshake is refused."""
    began = time.monotonic()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        key = b64encode(os.urandom(16)).decode()
        here = f"localhost:{port}"
        lines = [f"GET {path} HTTP/1.1", f"Host: {here}", f"Origin: http://{here}", f"Cookie: {cookie}"]
        lines += ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}"]
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        answer = await reader.readuntil(b"\r\n\r\n")
        if b" 101 " not in answer.split(b"\r\n")[0]:
            raise ConnectionError(answer.split(b"\r\n")[0].decode())
        last = None
        while True:
            kind, data = await _frame(reader)
            if kind == BINARY:
                now = time.monotonic()
                viewer.first_s = viewer.first_s or now - began
                viewer.fragments += 1
                viewer.total += len(data)
                if last:
                    viewer.waits_s.append(now - last)
                last = now
                writer.write(_masked(TEXT, json.dumps({"got": viewer.total}).encode()))
            elif kind == PING:
                writer.write(_masked(PONG, data))
            elif kind == CLOSE:
                viewer.closed = int.from_bytes(data[:2])
                return
    finally:
        writer.close()


async def _frame(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Read one frame; return its opcode and payload."""
    first, second = await reader.readexactly(2)
    length = second & 127
    if length > 125:
        length = int.from_bytes(await reader.readexactly(2 if length == 126 else 8))
    return first & 15, await reader.readexactly(length)


def _masked(kind: int, data: bytes) -> bytes:
    """Return a frame of fewer than 126 bytes (RFC 6455, section 5.2); the mask of zeros leaves the data as it is."""
    assert len(data) < 126
    return bytes([0x80 | kind, 0x80 | len(data), 0, 0, 0, 0]) + data
