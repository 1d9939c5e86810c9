"""Compress text messages of WebSockets, which Daphne does not: a board's snapshot is 92 KB of JSON, compressed 6 KB."""

from typing import Any

from autobahn.websocket.compress import PerMessageDeflateOffer, PerMessageDeflateOfferAccept
from daphne import server, ws_protocol

WORTH_IT = 500  # bytes; shorter ones and binary ones (pictures and video, compressed already) stay as they are
LARGEST = 1024 * 1024  # bytes of a browser's message, decompressed
WINDOW_BITS, MEMORY_LEVEL = 13, 6  # 64 KB for each open socket


class Protocol(ws_protocol.WebSocketProtocol):  # type: ignore[misc]  # Daphne has no types
    """Daphne's connection, which chooses the messages to compress."""

    def sendMessage(self, payload: bytes, isBinary: bool = False, **more: Any) -> None:  # noqa: N802, N803
        """Send a message; compress long text."""
        more.setdefault("doNotCompress", isBinary or len(payload) < WORTH_IT)
        super().sendMessage(payload, isBinary, **more)


class Factory(ws_protocol.WebSocketFactory):  # type: ignore[misc]  # Daphne has no types
    """Daphne's factory, which accepts compression (RFC 7692)."""

    protocol = Protocol

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.setProtocolOptions(perMessageCompressionAccept=_accept)


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
