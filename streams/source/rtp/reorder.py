"""Put RTP packets that came by UDP back in order. Pure."""

from collections.abc import Callable

MOST_HELD, MOST_BYTES = 128, 512 * 1024
PATIENCE_S = 0.2  # how long a missing packet is waited for


class PacketOrder:
    """Call on_packet with packets in the order of their sequence numbers; a missing one is given up after PATIENCE_S.

    Holds at most MOST_HELD packets and MOST_BYTES bytes.
    """

    def __init__(self, on_packet: Callable[[bytes], None]) -> None:
        self._on_packet = on_packet
        self._next: int | None = None
        self._held: dict[int, bytes] = {}
        self._bytes = 0
        self._since = 0.0

    @property
    def waiting(self) -> int:
        """Bytes that are held."""
        return self._bytes

    def add(self, packet: bytes, now: float) -> None:
        """Take a datagram that came at `now`, on any clock in seconds."""
        if len(packet) < 12:
            return
        sequence = packet[2] << 8 | packet[3]
        if self._next is None or sequence == self._next:
            self._next = sequence + 1 & 0xFFFF
            self._on_packet(packet)
        elif sequence - self._next & 0xFFFF >= 0x8000:
            self._on_packet(packet)  # late, repeated, or numbered anew: PictureAssembler tells them apart
            if not self._held:
                return
        elif sequence not in self._held:
            if not self._held:
                self._since = now
            self._held[sequence] = packet
            self._bytes += len(packet)
        self._release(now)

    def _release(self, now: float) -> None:
        while self._held and self._next is not None:
            if self._next not in self._held:
                patient = now - self._since < PATIENCE_S
                if patient and len(self._held) < MOST_HELD and self._bytes < MOST_BYTES:
                    return
                began = self._next
                self._next = min(self._held, key=lambda sequence: sequence - began & 0xFFFF)
            packet = self._held.pop(self._next)
            self._bytes -= len(packet)
            self._next = self._next + 1 & 0xFFFF
            self._since = now
            self._on_packet(packet)
