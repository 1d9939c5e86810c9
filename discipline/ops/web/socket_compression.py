"""Compresses what sockets say in text, which Daphne does not: a board's snapshot is 92 KB of JSON, 6 KB on the line."""

from typing import Any

from autobahn.websocket.compress import PerMessageDeflateOffer, PerMessageDeflateOfferAccept
from daphne import server, ws_protocol

WORTH_IT = 500  # bytes; pictures and video are binary, and compressed already
LARGEST = 1024 * 1024  # bytes of a browser's message, unpacked
WINDOW_BITS, MEMORY_LEVEL = 13, 6  # 64 KB for each open socket


class Protocol(ws_protocol.WebSocketProtocol):
    def sendMessage(self, payload: bytes, isBinary: bool = False, **more: Any) -> None:  # noqa: N802, N803
        more.setdefault("doNotCompress", isBinary or len(payload) < WORTH_IT)
        super().sendMessage(payload, isBinary, **more)


class Factory(ws_protocol.WebSocketFactory):
    protocol = Protocol

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.setProtocolOptions(perMessageCompressionAccept=_accept)


def _accept(offers: list[Any]) -> PerMessageDeflateOfferAccept | None:
    """Each message on its own: no socket keeps what it said before."""
    for offer in offers:
        if isinstance(offer, PerMessageDeflateOffer):
            bits = min(WINDOW_BITS, offer.request_max_window_bits or WINDOW_BITS)
            return PerMessageDeflateOfferAccept(
                offer, no_context_takeover=True, window_bits=bits, mem_level=MEMORY_LEVEL, max_message_size=LARGEST
            )
    return None


def install() -> None:
    server.WebSocketFactory = Factory
