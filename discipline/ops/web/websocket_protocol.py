"""Daphne's websockets with compressed text, which Daphne has not: a board's snapshot is 92 KB of JSON, compressed 6 KB.

A text that many sockets are sent is compressed once.
"""

import zlib
from functools import lru_cache
from typing import Any

from autobahn.websocket.compress import PerMessageDeflateOffer, PerMessageDeflateOfferAccept
from autobahn.websocket.types import ConnectionDeny
from daphne import server, ws_protocol

from discipline.ops.web.websocket_gate import UNKNOWN

WORTH_IT = 500  # bytes; shorter ones and binary ones (pictures and video, compressed already) stay as they are
LARGEST = 1024 * 1024  # bytes of a browser's message, decompressed
WINDOW_BITS, MEMORY_LEVEL = 13, 6
KEPT = 64  # compressed texts
TEXT_FRAME, COMPRESSED = 1, 4


class Protocol(ws_protocol.WebSocketProtocol):  # type: ignore[misc]  # Daphne has no types
    """Daphne's connection, which chooses the messages to compress."""

    def sendMessage(self, payload: bytes, isBinary: bool = False, **more: Any) -> None:  # noqa: N802, N803
        """Send a message; compress long text."""
        deflate = self._perMessageCompress
        if isBinary or len(payload) < WORTH_IT or deflate is None or self.state != self.STATE_OPEN:
            super().sendMessage(payload, isBinary, **more | {"doNotCompress": True})
        else:
            compressed = _compressed(payload, deflate.server_max_window_bits)
            self.sendFrame(opcode=TEXT_FRAME, payload=compressed, rsv=COMPRESSED)

    def handle_reply(self, message: dict[str, Any]) -> None:
        """Do what the application asks for; refuse an unknown path with 404 instead of Daphne's 403."""
        unknown = message["type"] == "websocket.close" and message.get("code") == UNKNOWN
        if unknown and self.state == self.STATE_CONNECTING:
            self.handshake_deferred.errback(ConnectionDeny(404, "Not Found"))  # type: ignore[no-untyped-call]
            del self.handshake_deferred
            self.server.protocol_disconnected(self)
        else:
            super().handle_reply(message)


class Factory(ws_protocol.WebSocketFactory):  # type: ignore[misc]  # Daphne has no types
    """Daphne's factory, which accepts compression (RFC 7692)."""

    protocol = Protocol

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.setProtocolOptions(perMessageCompressionAccept=_accept)


@lru_cache(maxsize=KEPT)
def _compressed(payload: bytes, window_bits: int) -> bytes:
    """Return the payload of a compressed frame. It refers to no earlier message, so any socket may be sent it."""
    compressor = zlib.compressobj(wbits=-window_bits, memLevel=MEMORY_LEVEL)
    return (compressor.compress(payload) + compressor.flush(zlib.Z_SYNC_FLUSH)).removesuffix(b"\0\0\xff\xff")


def _accept(offers: list[Any]) -> PerMessageDeflateOfferAccept | None:
    """Accept permessage-deflate without context takeover, so that a socket keeps no window between messages."""
    for offer in offers:
        if isinstance(offer, PerMessageDeflateOffer):
            bits = min(WINDOW_BITS, offer.request_max_window_bits or WINDOW_BITS)
            return PerMessageDeflateOfferAccept(  # type: ignore[no-untyped-call]  # autobahn has no types
                offer, no_context_takeover=True, window_bits=bits, mem_level=MEMORY_LEVEL, max_message_size=LARGEST
            )
    return None


def install() -> None:
    """Make Daphne use Factory."""
    server.WebSocketFactory = Factory
