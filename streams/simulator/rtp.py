"""H.264 as RTP payloads (RFC 6184), framed for an RTSP connection (RFC 2326, 10.12).

A picture is packetised once; each camera then only stamps sequence number, time and source into a copy.
"""

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

CLOCK_HZ = 90_000
PAYLOAD_TYPE = 96
MTU = 1400  # bytes of RTP payload: fits an Ethernet frame with every header around it
RTP_CHANNEL, RTCP_CHANNEL = 0, 1
IDR, SEI, SPS, PPS, AUD = 5, 6, 7, 8, 9
_STAP_A, _FU_A = 24, 28
_NTP_EPOCH_S = 2_208_988_800
_STAMP = struct.Struct("!HII")


@dataclass(frozen=True, slots=True)
class Wire:
    """Packets ready to send but for their stamps; `heads` are the offsets of the RTP headers in `data`."""

    data: bytes = b""
    heads: tuple[int, ...] = ()

    def __add__(self, other: "Wire") -> "Wire":
        shift = len(self.data)
        return Wire(self.data + other.data, self.heads + tuple(h + shift for h in other.heads))

    def stamped(self, sequence: int, timestamp: int, source: int) -> bytearray:
        """A copy to send: packets numbered from `sequence` on, all of the picture at `timestamp`."""
        data = bytearray(self.data)
        for number, head in enumerate(self.heads, sequence):
            _STAMP.pack_into(data, head + 2, number & 0xFFFF, timestamp & 0xFFFFFFFF, source)
        return data


def nal_units(stream: bytes) -> Iterator[bytes]:
    """The NAL units of an Annex B byte stream, without start codes."""
    starts = [m.end() for m in re.finditer(rb"\x00\x00\x01", stream)]
    for start, following in zip(starts, [*starts[1:], len(stream) + 3], strict=True):
        if nal := stream[start : following - 3].rstrip(b"\x00"):
            yield nal


def nal_type(nal: bytes) -> int:
    return nal[0] & 0x1F


def access_units(nals: Sequence[bytes]) -> Iterator[list[bytes]]:
    """NAL units by picture: a picture ends before parameter sets or a slice that starts at macroblock 0."""
    unit: list[bytes] = []
    sliced = False
    for nal in nals:
        is_slice = nal_type(nal) in (1, IDR)
        if sliced and (not is_slice or nal[1] & 0x80):
            yield unit
            unit, sliced = [], False
        unit.append(nal)
        sliced = sliced or is_slice
    if sliced:
        yield unit


def payloads(nals: Sequence[bytes], mtu: int = MTU) -> Iterator[bytes]:
    """RTP payloads of one picture: parameter sets as one STAP-A, large units as FU-A, others alone."""
    sets = [nal for nal in nals if nal_type(nal) in (SPS, PPS)]
    if len(sets) > 1:
        reference = max(nal[0] & 0x60 for nal in sets)
        yield bytes([reference | _STAP_A]) + b"".join(struct.pack("!H", len(nal)) + nal for nal in sets)
    else:
        yield from sets
    for nal in nals:
        if nal_type(nal) in (SPS, PPS):
            continue
        if len(nal) <= mtu:
            yield nal
            continue
        indicator = nal[0] & 0xE0 | _FU_A
        step = mtu - 2
        for at in range(1, len(nal), step):
            first, last = at == 1, at + step >= len(nal)
            yield bytes([indicator, first << 7 | last << 6 | nal_type(nal)]) + nal[at : at + step]


def wire(nals: Sequence[bytes], *, last: bool = True, mtu: int = MTU) -> Wire:
    """Interleaved RTP packets of these units; `last`: the picture ends here, so the last one is marked."""
    data, heads = bytearray(), []
    parts = list(payloads(nals, mtu))
    for number, payload in enumerate(parts, 1):
        data += struct.pack("!cBH", b"$", RTP_CHANNEL, 12 + len(payload))
        heads.append(len(data))
        data += struct.pack("!BBHII", 0x80, (last and number == len(parts)) << 7 | PAYLOAD_TYPE, 0, 0, 0)
        data += payload
    return Wire(bytes(data), tuple(heads))


def sender_report(source: int, at_s: float, timestamp: int, packets: int, octets: int) -> bytes:
    """An interleaved RTCP compound packet: sender report at `at_s` (Unix time) and the source's name."""
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
