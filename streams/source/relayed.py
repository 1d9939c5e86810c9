"""Read a camera from a `watch` of this machine that reads it already."""

import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from streams.source.client.errors import SourceError
from streams.source.relay import MESSAGE, PICTURE, SOCKETS, STREAM, TIMES, key_of
from streams.source.stream_picture import StreamPicture

ANSWER_S = 1.0
LONGEST = 16 * 1024 * 1024  # bytes of one message


class RelayedStream:
    """A camera's pictures: iterate over them. Raises SourceError when none comes for read_s seconds, or no more will.

    codec and extradata may change with a keyframe.
    """

    def __init__(self, connection: socket.socket, read_s: float) -> None:
        self._connection = connection
        self._file = connection.makefile("rb")
        self.codec, self.extradata = "", b""
        kind, content = self._message()
        if kind != STREAM:
            raise SourceError("broken", "no stream")
        self._begin(content)
        connection.settimeout(read_s)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._file.close()
        self._connection.close()

    def __iter__(self) -> Iterator[StreamPicture]:
        while True:
            kind, content = self._message()
            if kind == PICTURE:
                at, clock, keyframe = TIMES.unpack_from(content)
                yield StreamPicture(content[TIMES.size :], at, keyframe, False, clock)
            elif kind == STREAM:
                self._begin(content)

    def _begin(self, content: bytes) -> None:
        said = json.loads(content)
        self.codec, self.extradata = str(said["codec"]), bytes.fromhex(said["extradata"])

    def _message(self) -> tuple[bytes, bytes]:
        kind, length = MESSAGE.unpack(self._exactly(MESSAGE.size))
        if length > LONGEST:
            raise SourceError("broken", f"a message of {length} bytes")
        return kind, self._exactly(length)

    def _exactly(self, size: int) -> bytes:
        try:
            data = self._file.read(size)
        except TimeoutError as error:
            raise SourceError("timeout", "no picture from watch") from error
        except OSError as error:
            raise SourceError("broken", str(error)) from error
        if len(data) < size:
            raise SourceError("broken", "watch has lost the camera")
        return data


def open_relayed(folder: Path, url: str, read_s: float = 10.0) -> RelayedStream | None:
    """Return the stream of this address from a watch whose socket is in `folder`; None when none reads it."""
    for path in sorted(folder.glob(SOCKETS)):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(ANSWER_S)
        with suppress(OSError, SourceError):
            connection.connect(str(path))
            connection.sendall(key_of(url).encode() + b"\n")
            return RelayedStream(connection, read_s)
        connection.close()
    return None
