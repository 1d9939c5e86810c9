"""A pair of UDP sockets for RTP and RTCP of one camera."""

import selectors
import socket
from collections.abc import Callable
from contextlib import suppress

from streams.source.client.errors import SourceError
from streams.source.rtp.reorder import PacketOrder

BUFFER = 1 << 20  # bytes that the system may hold for a stream
MOST_DATAGRAMS = 512  # in one round
LONGEST = 65_536
TRIES = 20
PUNCH = b"\x80\x00\x00\x00" + bytes(8)  # opens the way through a translating router


class UdpPair:
    """Two neighbouring ports, the first even, that take packets from `host` only."""

    def __init__(
        self,
        selector: selectors.BaseSelector,
        family: socket.AddressFamily,
        host: str,
        on_ready: Callable[[], None],
        on_packet: Callable[[bytes], None],
    ) -> None:
        self._selector, self._host = selector, host
        self.order = PacketOrder(on_packet)
        self._rtp, self._rtcp = _bind_pair(family)
        self.ports = self._rtp.getsockname()[1], self._rtcp.getsockname()[1]
        for each in (self._rtp, self._rtcp):
            each.setblocking(False)
            selector.register(each, selectors.EVENT_READ, on_ready)
        with suppress(OSError):
            self._rtp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)

    def read(self, now: float, on_rtcp: Callable[[bytes], None]) -> int:
        """Take what has come; return the number of datagrams."""
        count = 0
        for each in (self._rtp, self._rtcp):
            for _ in range(MOST_DATAGRAMS):
                try:
                    data, origin = each.recvfrom(LONGEST)
                except BlockingIOError:
                    break
                except OSError:  # an answer to something that was sent, as "port unreachable"
                    continue
                count += 1
                if _same_host(origin[0], self._host):
                    if each is self._rtp:
                        self.order.add(data, now)
                    else:
                        on_rtcp(data)
        return count

    def punch(self, ports: tuple[int, int] | None) -> None:
        """Send a packet from each port to the camera's, so that routers let its packets in."""
        if ports:
            with suppress(OSError):
                self._rtp.sendto(PUNCH, (self._host, ports[0]))

    def report(self, data: bytes, ports: tuple[int, int] | None) -> None:
        """Send an RTCP packet."""
        if ports:
            with suppress(OSError):
                self._rtcp.sendto(data, (self._host, ports[1]))

    def close(self) -> None:
        """Close both sockets."""
        for each in (self._rtp, self._rtcp):
            with suppress(KeyError, ValueError):
                self._selector.unregister(each)
            each.close()


def _bind_pair(family: socket.AddressFamily) -> tuple[socket.socket, socket.socket]:
    """Return two sockets at neighbouring free ports, the first even. Raises SourceError."""
    for _ in range(TRIES):
        first = socket.socket(family, socket.SOCK_DGRAM)
        first.bind(("", 0))
        port = first.getsockname()[1]
        if port % 2 == 0:
            second = socket.socket(family, socket.SOCK_DGRAM)
            try:
                second.bind(("", port + 1))
            except OSError:
                second.close()
            else:
                return first, second
        first.close()
    raise SourceError("transport", "no two neighbouring UDP ports are free")


def _same_host(one: str, other: str) -> bool:
    return one.split("%", maxsplit=1)[0] == other.split("%", maxsplit=1)[0]
