"""RTCP (RFC 3550): read sender reports and goodbyes, write receiver reports. Pure."""

import struct
from dataclasses import dataclass

NTP_EPOCH_S = 2_208_988_800
SENDER, RECEIVER, DESCRIPTION, GOODBYE = 200, 201, 202, 203
_SENDER = struct.Struct("!III I")


@dataclass(frozen=True, slots=True)
class SenderReport:
    """What a camera says of its clock. ntp_s: Unix time; middle: the 32 bits that a receiver report repeats."""

    source: int
    ntp_s: float
    middle: int
    rtp_time: int


def parse_rtcp(data: bytes) -> tuple[SenderReport | None, bool]:
    """Return the compound packet's last sender report and whether it says goodbye. Malformed rest is ignored."""
    report, goodbye, at = None, False, 0
    while at + 8 <= len(data) and data[at] >> 6 == 2:
        size = 4 * (1 + (data[at + 2] << 8 | data[at + 3]))
        if data[at + 1] == SENDER and size >= 28 and at + 28 <= len(data):
            source, seconds, fraction, rtp_time = _SENDER.unpack_from(data, at + 4)
            middle = (seconds & 0xFFFF) << 16 | fraction >> 16
            report = SenderReport(source, seconds - NTP_EPOCH_S + fraction / 2**32, middle, rtp_time)
        goodbye = goodbye or data[at + 1] == GOODBYE
        at += size
    return report, goodbye


@dataclass(frozen=True, slots=True)
class Reception:
    """What was received of one source. highest: extended sequence number; since_s: since its last sender report."""

    source: int
    lost: int
    lost_share: float
    highest: int
    middle: int = 0
    since_s: float = 0.0


def build_receiver_report(own: int, seen: Reception) -> bytes:
    """Return a compound packet: a receiver report of source `own`, and its name."""
    delay = min(max(0, int(seen.since_s * 65536)), 0xFFFFFFFF) if seen.middle else 0
    block = struct.pack(
        "!IIIIII",
        seen.source,
        min(255, max(0, int(seen.lost_share * 256))) << 24 | min(max(0, seen.lost), 0x7FFFFF),
        seen.highest & 0xFFFFFFFF,
        0,
        seen.middle,
        delay,
    )
    name = b"sidak"
    item = struct.pack("!BB", 1, len(name)) + name
    item += bytes(4 - len(item) % 4)
    head = struct.pack("!BBHI", 0x81, RECEIVER, 7, own)
    return head + block + struct.pack("!BBHI", 0x81, DESCRIPTION, 1 + len(item) // 4, own) + item
