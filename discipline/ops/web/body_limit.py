"""Refuse a request body that is too large while it arrives: Daphne itself would write any length to disk first."""

from typing import Any

from daphne import http_protocol
from django.conf import settings
from twisted.internet import reactor

from discipline.ops.web.handshake_queue import HandshakeQueue

REFUSAL = (
    b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Content-Length: %d\r\n\r\n%s"
)
LINGER_S = 10  # closing at once would reset the connection before a client that still sends has read the response
WORDS = b"Berkas terlalu besar. / The file is too large.\n"

handshakes = HandshakeQueue()


class LimitedRequest(http_protocol.WebRequest):  # type: ignore[misc]  # Daphne has no types
    """Daphne's request, limited to settings.LARGEST_BODY bytes."""

    _received = 0
    _refused = False

    def gotLength(self, length: int | None) -> None:  # noqa: N802 Twisted's name
        """Refuse a declared length beyond the limit, before any of the body."""
        if (length or 0) > settings.LARGEST_BODY:
            self._refuse()
            length = 0
        super().gotLength(length)

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802
        """Count what arrives, with or without a declared length; discard it once refused."""
        self._received += len(data)
        if self._refused:
            return
        if self._received > settings.LARGEST_BODY:
            self._refuse()
        else:
            super().handleContentChunk(data)

    def requestReceived(self, *args: Any) -> None:  # noqa: N802
        """Hand the request to the application unless it was refused."""
        if not self._refused:
            super().requestReceived(*args)

    def process(self) -> None:
        """Answer the request; let a handshake wait its turn."""
        upgrade = self.requestHeaders.getRawHeaders(b"Upgrade") or [b""]
        if upgrade[0].lower() == b"websocket":
            handshakes.add(self._shake_hands)
        else:
            super().process()

    def _shake_hands(self) -> None:
        if not self._disconnected:
            super().process()

    def _refuse(self) -> None:
        self._refused = True
        transport = self.channel.transport
        transport.write(REFUSAL % (len(WORDS), WORDS))
        transport.loseWriteConnection()
        reactor.callLater(LINGER_S, transport.abortConnection)  # type: ignore[attr-defined,arg-type]


def install() -> None:
    """Make Daphne use LimitedRequest."""
    http_protocol.WebRequest = LimitedRequest
