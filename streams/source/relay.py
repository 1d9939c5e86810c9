"""Pass on what `watch` reads to other programs of this machine, so that they need no connection of their own.

Many cameras have room for one or two connections. A program that wants a camera's video names the hash of its address
at the Unix socket of each `watch` on this machine, and gets the pictures as they come from the next keyframe on.
"""

import hashlib
import json
import os
import selectors
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from streams.source.client.loop import ReadingLoop

MOST_UNSENT = 4 * 1024 * 1024  # bytes that a reader may be behind
MOST_REQUEST = 128
SOCKETS = "relay-*.sock"
STREAM, PICTURE = b"S", b"P"
MESSAGE = struct.Struct("!cI")  # kind, bytes that follow
TIMES = struct.Struct("!qd?")  # in 1/90000 s, monotonic seconds of arrival, whether it is a keyframe


def key_of(url: str) -> str:
    """Return by what a camera is asked for: its address with credentials must not travel."""
    return hashlib.sha256(url.encode()).hexdigest()


@dataclass(eq=False, slots=True)
class _Reader:
    connection: socket.socket
    asked: bytes = b""
    key: str = ""
    waits_for_keyframe: bool = True
    unsent: bytearray | None = None


class PictureRelay:
    """The socket of one watch at `path`. `begin`, `add` and `end` are called in the reading loop's thread."""

    def __init__(self, loop: ReadingLoop, folder: Path) -> None:
        self._loop, self.path = loop, folder / f"relay-{os.getpid()}.sock"
        self._streams: dict[str, bytes] = {}
        self._readers: dict[str, list[_Reader]] = {}
        self._server: socket.socket | None = None

    def start(self) -> None:
        """Listen, readable by the same user only. Raises OSError."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.unlink(missing_ok=True)
        self._server = server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        server.bind(str(self.path))
        self.path.chmod(0o600)
        server.setblocking(False)
        server.listen()

        def listen() -> None:
            self._loop.selector.register(server, selectors.EVENT_READ, self._accept)

        self._loop.post(listen)

    def stop(self) -> None:
        """Close the socket and remove it. Called once the loop has ended."""
        for readers in self._readers.values():
            for reader in readers:
                reader.connection.close()
        if self._server is not None:
            self._server.close()
            self.path.unlink(missing_ok=True)

    def begin(self, key: str, codec: str, extradata: bytes) -> None:
        """Note that a camera plays, or that its parameter sets changed."""
        content = json.dumps({"codec": codec, "extradata": extradata.hex()}).encode()
        self._streams[key] = MESSAGE.pack(STREAM, len(content)) + content
        for reader in list(self._readers.get(key, ())):
            reader.waits_for_keyframe = True
            self._send(reader, self._streams[key])

    def add(self, key: str, data: bytes, at: int, keyframe: bool, damaged: bool, clock: float) -> None:
        """Pass a picture on. After a damaged one a reader waits for the next keyframe."""
        readers = self._readers.get(key)
        if not readers:
            return
        message = MESSAGE.pack(PICTURE, TIMES.size + len(data)) + TIMES.pack(at, clock, keyframe) + data
        for reader in list(readers):
            reader.waits_for_keyframe = damaged or (reader.waits_for_keyframe and not keyframe)
            if not reader.waits_for_keyframe:
                self._send(reader, message)

    def end(self, key: str) -> None:
        """Let the readers of a camera go, as its connection ended."""
        self._streams.pop(key, None)
        for reader in list(self._readers.get(key, ())):
            self._close(reader)

    def _accept(self) -> None:
        assert self._server is not None
        with suppress(OSError):
            connection, _ = self._server.accept()
            connection.setblocking(False)
            reader = _Reader(connection)
            self._loop.selector.register(connection, selectors.EVENT_READ, lambda: self._ready(reader))

    def _ready(self, reader: _Reader) -> None:
        """Take the request, then send what waits; anything else that comes is the end."""
        try:
            if reader.unsent:
                self._send(reader, b"")
            came = reader.connection.recv(MOST_REQUEST)
        except BlockingIOError:
            return
        except OSError:
            came = b""
        reader.asked += came
        if not came or reader.key or len(reader.asked) > MOST_REQUEST:
            self._close(reader)
        elif reader.asked.endswith(b"\n"):
            self._answer(reader, reader.asked.decode("ascii", "replace").strip())

    def _answer(self, reader: _Reader, key: str) -> None:
        if key not in self._streams:
            self._close(reader)
            return
        reader.key, reader.unsent = key, bytearray()
        self._readers.setdefault(key, []).append(reader)
        self._send(reader, self._streams[key])

    def _send(self, reader: _Reader, message: bytes) -> None:
        unsent = reader.unsent
        if unsent is None:
            return
        unsent += message
        try:
            while unsent:
                del unsent[: reader.connection.send(unsent)]
        except BlockingIOError:
            if len(unsent) > MOST_UNSENT:
                self._close(reader)
                return
        except OSError:
            self._close(reader)
            return
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if unsent else 0)
        self._loop.selector.modify(reader.connection, events, lambda: self._ready(reader))

    def _close(self, reader: _Reader) -> None:
        reader.unsent = None
        with suppress(ValueError):
            self._readers.get(reader.key, []).remove(reader)
        with suppress(KeyError, ValueError):
            self._loop.selector.unregister(reader.connection)
        reader.connection.close()
