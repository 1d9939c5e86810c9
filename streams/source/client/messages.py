"""Split what an RTSP server sends into messages (RFC 2326) and interleaved packets (10.12). Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from streams.source.client.errors import SourceError

MOST_HEAD, MOST_BODY = 16_384, 131_072  # bytes
MOST_SKIPPED = 262_144  # bytes that are neither a message nor a packet, in one connection
_DOLLAR = 0x24
_END = re.compile(rb"\r?\n\r?\n")
_ANSWER = re.compile(rb"RTSP/1\.\d (\d{3})(?: ([^\r\n]*))?\r?\n")
_REQUEST = re.compile(rb"([A-Z_]{4,16}) [^\r\n]{1,2048} RTSP/1\.\d\r?\n")
_RESUME = re.compile(rb"\$|RTSP/1\.")


@dataclass(frozen=True, slots=True)
class RtspAnswer:
    """An answer. Header names are in lower case; a header may come several times."""

    status: int
    reason: str = ""
    headers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    body: bytes = b""

    def header(self, name: str) -> str:
        """Return the header's first value, or ""."""
        return self.headers.get(name, ("",))[0]


@dataclass(frozen=True, slots=True)
class CameraRequest:
    """A request that the camera sends to us."""

    method: str
    cseq: str


# Buffer, begin and end of the packet in it.
OnPacket = Callable[[bytes, int, int], None]
OnMessage = Callable[[RtspAnswer | CameraRequest], None]


class MessageSplitter:
    """Take bytes as they come; call on_message for each message, and for each packet its channel's entry in `takers`.

    Holds at most one message or packet, MOST_HEAD + MOST_BODY or 65,539 bytes. After bytes that are neither, it goes on
    at the next possible beginning.
    """

    def __init__(self, on_message: OnMessage) -> None:
        self.takers: list[OnPacket] = [_ignore] * 256
        self._on_message = on_message
        self._rest = b""
        self._spoken = False  # whether a message has come
        self.skipped = 0

    @property
    def waiting(self) -> int:
        """Bytes of an incomplete message or packet."""
        return len(self._rest)

    def ignore_packets(self) -> None:
        """Take no more packets."""
        self.takers[:] = [_ignore] * 256

    def feed(self, data: bytes) -> None:
        """Take bytes. Raises SourceError: not_rtsp or broken."""
        if self._rest:
            data = self._rest + data
        at, end = 0, len(data)
        while end - at >= 4:
            if data[at] == _DOLLAR:
                stop = at + 4 + (data[at + 2] << 8 | data[at + 3])
                if stop > end:
                    break
                self.takers[data[at + 1]](data, at + 4, stop)
            else:
                stop = self._take_message(data, at)
                if stop == at:
                    break
            at = stop
        self._rest = data[at:]

    def _take_message(self, data: bytes, at: int) -> int:
        """Take one message; return its end, or `at` while it is incomplete."""
        head_end = _END.search(data, at, at + MOST_HEAD)
        if head_end is None and end_may_come(data, at):
            if len(data) - at >= MOST_HEAD:
                raise SourceError("broken" if self._spoken else "not_rtsp", "an endless head")
            return at
        answer = _ANSWER.match(data, at) if head_end else None
        request = _REQUEST.match(data, at) if head_end and not answer else None
        if head_end is None or not (answer or request):
            return self._skip(data, at)
        headers = _headers(data[at : head_end.start()])
        length = headers.get("content-length", ["0"])[0]
        size = int(length) if length.isascii() and length.isdecimal() and len(length) < 10 else 0
        if size > MOST_BODY:
            raise SourceError("broken", f"an answer of {size} bytes")
        stop = head_end.end() + size
        if stop > len(data):
            return at
        self._spoken = True
        if answer:
            reason = (answer[2] or b"").decode("utf-8", "replace")
            self._on_message(RtspAnswer(int(answer[1]), reason, headers, data[head_end.end() : stop]))
        elif request:
            self._on_message(CameraRequest(request[1].decode(), headers.get("cseq", ["0"])[0]))
        return stop

    def _skip(self, data: bytes, at: int) -> int:
        """Return the next possible beginning after `at`."""
        if not self._spoken:
            raise SourceError("not_rtsp", repr(data[at : at + 40]))
        found = _RESUME.search(data, at + 1)
        stop = found.start() if found else len(data) - 3  # "RTSP/1." may have begun in the last bytes
        stop = max(stop, at + 1)
        self.skipped += stop - at
        if self.skipped > MOST_SKIPPED:
            raise SourceError("broken", "neither answers nor packets")
        return stop


def _ignore(data: bytes, at: int, end: int) -> None:
    """Take a packet of a channel that is not read."""


def end_may_come(data: bytes, at: int) -> bool:
    """Return whether a message may begin at `at` whose end has not come."""
    head = data[at : at + 16]
    return b"RTSP/1."[: len(head)] == head[:7] or re.match(rb"[A-Z_]{4,16}( |$)", head) is not None


def format_request(method: str, url: str, cseq: int, headers: Mapping[str, str]) -> bytes:
    """Return a request's bytes; line breaks in values are removed."""
    lines = [f"{method} {url} RTSP/1.0", f"CSeq: {cseq}", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(re.sub(r"[\r\n]", "", line) for line in lines) + "\r\n\r\n").encode()


def _headers(head: bytes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in head.decode("utf-8", "replace").splitlines()[1:]:
        name, colon, value = line.partition(":")
        if colon:
            found.setdefault(name.strip().lower(), []).append(value.strip())
    return found
