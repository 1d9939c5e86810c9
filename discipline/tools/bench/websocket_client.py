"""A minimal WebSocket client (RFC 6455) for benches."""

import asyncio
import os
import zlib
from base64 import b64encode

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


async def open_websocket(
    port: int, path: str, cookie: str, *, deflate: bool = False
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Open a websocket of the server on this port of the loopback, as a page of the same server does.

    deflate: accept compressed messages. Raises ConnectionError when the handshake is refused.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        key = b64encode(os.urandom(16)).decode()
        here = f"localhost:{port}"
        lines = [f"GET {path} HTTP/1.1", f"Host: {here}", f"Origin: http://{here}", f"Cookie: {cookie}"]
        lines += ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}"]
        lines += ["Sec-WebSocket-Extensions: permessage-deflate"] if deflate else []
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        status = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[0]
        if b" 101 " not in status:
            raise ConnectionError(status.decode())
    except BaseException:
        writer.close()
        raise
    return reader, writer


async def read_frame(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Read one frame; return its opcode and its payload, decompressed."""
    first, second = await reader.readexactly(2)
    length = second & 127
    if length > 125:
        length = int.from_bytes(await reader.readexactly(2 if length == 126 else 8))
    data = await reader.readexactly(length)
    if first & 0x40:
        data = zlib.decompressobj(-zlib.MAX_WBITS).decompress(data + b"\0\0\xff\xff")
    return first & 15, data


def masked(kind: int, data: bytes) -> bytes:
    """Return a frame of fewer than 126 bytes (RFC 6455, section 5.2); the mask of zeros leaves the data as it is."""
    assert len(data) < 126
    return bytes([0x80 | kind, 0x80 | len(data), 0, 0, 0, 0]) + data
