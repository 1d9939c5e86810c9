"""RTP packets (RFC 3550), interleaved in an RTSP connection (RFC 2326, 10.12).

A picture is packetised once; each camera then writes only sequence number, time and source into a copy.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass

CLOCK_HZ = 90_000
PAYLOAD_TYPE = 96
RTP_CHANNEL, RTCP_CHANNEL = 0, 1
_NTP_EPOCH_S = 2_208_988_800
_STAMP = struct.Struct("!HII")


@dataclass(frozen=True, slots=True)
class Wire:
    """Interleaved packets without their stamps; `heads` are the offsets of the RTP headers in `data`."""

    data: bytes = b""
    heads: tuple[int, ...] = ()

    def __add__(self, other: "Wire") -> "Wire":
        shift = len(self.data)
        return Wire(self.data + other.data, self.heads + tuple(h + shift for h in other.heads))

    def stamped(self, sequence: int, timestamp: int, source: int) -> bytearray:
        """Return a copy to send, with packets numbered from `sequence` on and all with `timestamp`."""
        data = bytearray(self.data)
        for number, head in enumerate(self.heads, sequence):
            _STAMP.pack_into(data, head + 2, number & 0xFFFF, timestamp & 0xFFFFFFFF, source)
        return data


def wire(payloads: Iterable[bytes], *, last: bool = True) -> Wire:
    """Return interleaved RTP packets of these payloads. `last`: set the marker on the last one, as the picture ends."""
    data, heads = bytearray(), []
    parts = list(payloads)
    for number, payload in enumerate(parts, 1):
        data += struct.pack("!cBH", b"$", RTP_CHANNEL, 12 + len(payload))
        heads.append(len(data))
        data += struct.pack("!BBHII", 0x80, (last and number == len(parts)) << 7 | PAYLOAD_TYPE, 0, 0, 0)
        data += payload
    return Wire(bytes(data), tuple(heads))


def sender_report(source: int, at_s: float, timestamp: int, packets: int, octets: int) -> bytes:
    """Return an interleaved RTCP compound packet: a sender report at `at_s` (Unix time) and the source's name."""
    seconds, fraction = divmod(at_s, 1)
    report = struct.pack(
        "!BBHIIIIII",
        0x80,
        200,
        6,
        source,
        int(seconds) + _NTP_EPOCH_S & 0xFFFFFFFF,
        int(fraction * 2**32),
        timestamp & 0xFFFFFFFF,
        packets & 0xFFFFFFFF,
        octets & 0xFFFFFFFF,
    )
    name = b"sidak"
    item = struct.pack("!BB", 1, len(name)) + name
    item += bytes(4 - len(item) % 4)
    names = struct.pack("!BBHI", 0x81, 202, 1 + len(item) // 4, source) + item
    return struct.pack("!cBH", b"$", RTCP_CHANNEL, len(report + names)) + report + names
