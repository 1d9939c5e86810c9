"""RTP packets become whole pictures; what is lost is said, whatever comes."""

import struct
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.simulator.rtp import sender_report
from streams.source.rtp.clocks import TICKS, DelayMeter, PictureTimes
from streams.source.rtp.h264_pictures import H264Pictures
from streams.source.rtp.h265_pictures import H265Pictures
from streams.source.rtp.pictures import MOST_PICTURE, PictureAssembler
from streams.source.rtp.reorder import MOST_BYTES, MOST_HELD, PATIENCE_S, PacketOrder
from streams.source.rtp.rtcp import Reception, build_receiver_report, parse_rtcp

START = b"\0\0\0\1"
SPS, PPS, SEI = b"\x67\x42\0\x1f\xaa", b"\x68\xce\x3c", b"\x06\x05\x01"
KEY, NEXT, MORE = b"\x65\x88key", b"\x41\x9anext", b"\x41\x4amore"  # MORE is not the first slice
VPS5, SPS5, PPS5 = b"\x40\x01v", b"\x42\x01s", b"\x44\x01\xc1"
KEY5, NEXT5 = b"\x26\x01\xafkey", b"\x02\x01\xd0next"


def rtp(number: int, payload: bytes, stamp: int = 0, marker: bool = False, head: int = 0x80, source: int = 5) -> bytes:
    return struct.pack("!BBHII", head, marker << 7 | 96, number & 0xFFFF, stamp & 0xFFFFFFFF, source) + payload


def fu(unit: bytes, size: int = 2) -> list[bytes]:
    """Cut an H.264 unit into FU-A payloads."""
    pieces = [unit[1:][at : at + size] for at in range(0, len(unit) - 1, size)]
    flags = [0x80 * (n == 0) | 0x40 * (n == len(pieces) - 1) for n in range(len(pieces))]
    return [
        bytes((unit[0] & 0xE0 | 28, flag | unit[0] & 31)) + piece for flag, piece in zip(flags, pieces, strict=True)
    ]


def fu5(unit: bytes, size: int = 2) -> list[bytes]:
    """Cut an H.265 unit into FU payloads."""
    pieces = [unit[2:][at : at + size] for at in range(0, len(unit) - 2, size)]
    flags = [0x80 * (n == 0) | 0x40 * (n == len(pieces) - 1) for n in range(len(pieces))]
    head = bytes((unit[0] & 0x81 | 49 << 1, unit[1]))
    return [head + bytes((flag | unit[0] >> 1 & 63,)) + piece for flag, piece in zip(flags, pieces, strict=True)]


def together(*units: bytes, head: bytes = b"\x78") -> bytes:
    return head + b"".join(len(unit).to_bytes(2, "big") + unit for unit in units)


class Screen:
    """Collects the pictures of one stream."""

    def __init__(self, codec: str = "h264") -> None:
        self.seen: list[tuple[list[bytes], int, bool, bool]] = []
        self.taker: PictureAssembler = (H264Pictures if codec == "h264" else H265Pictures)(96, (), self._take)
        self.number = 65_530  # wraps soon

    def _take(self, data: bytes, stamp: int, keyframe: bool, damaged: bool) -> None:
        self.seen.append((data.split(START)[1:], stamp, keyframe, damaged))

    def send(self, *payloads: bytes, stamp: int = 0, marker: bool = True, lose: tuple[int, ...] = ()) -> None:
        """Send a picture's packets; the marker is set on the last one."""
        for index, payload in enumerate(payloads):
            if index not in lose:
                packet = rtp(self.number, payload, stamp, marker and index == len(payloads) - 1)
                self.taker.packet(packet, 0, len(packet))
            self.number += 1

    @property
    def flags(self) -> list[tuple[bool, bool]]:
        """Keyframe and damaged, of each picture."""
        return [(keyframe, damaged) for _, _, keyframe, damaged in self.seen]


def test_single_aggregated_and_cut_units_make_pictures() -> None:
    screen = Screen()
    screen.send(together(SPS, PPS), SEI, *fu(KEY), stamp=3000)
    screen.send(NEXT, MORE, stamp=6000)
    assert screen.seen == [([SPS, PPS, SEI, KEY], 3000, True, False), ([NEXT, MORE], 6000, False, False)]
    assert screen.taker.extradata == START + SPS + START + PPS
    assert (screen.taker.packets, screen.taker.lost, screen.taker.cycles) == (6, 0, 1)


def test_the_same_of_h265() -> None:
    screen = Screen("hevc")
    screen.send(together(VPS5, SPS5, PPS5, head=b"\x60\x01"), *fu5(KEY5), stamp=3000)
    screen.send(NEXT5, stamp=6000)
    assert screen.seen == [([VPS5, SPS5, PPS5, KEY5], 3000, True, False), ([NEXT5], 6000, False, False)]


def test_decoding_order_numbers_of_h265_are_skipped() -> None:
    found: list[bytes] = []
    taker = H265Pictures(96, (), lambda data, *_: found.append(data), don=True)
    first, *rest = fu5(KEY5, 3)
    with_don = [first[:3] + b"\0\1" + first[3:], *rest]
    for number, payload in enumerate([VPS5[:2] + b"\0\0" + VPS5[2:], *with_don]):
        packet = rtp(number, payload, marker=number == len(with_don))
        taker.packet(packet, 0, len(packet))
    assert found == [START + VPS5 + START + KEY5]


@pytest.mark.parametrize("lost", range(4))
def test_a_lost_packet_damages_its_picture_and_those_that_refer_to_it(lost: int) -> None:
    screen = Screen()
    screen.send(SPS, *fu(KEY, 1), stamp=1, lose=(lost + 1,))
    screen.send(NEXT, stamp=2)
    screen.send(SPS, *fu(KEY, 1), stamp=3)
    screen.send(NEXT, stamp=4)
    assert all(damaged for _, stamp, _, damaged in screen.seen if stamp < 3)
    assert [(key, damaged) for _, stamp, key, damaged in screen.seen if stamp >= 3] == [(True, False), (False, False)]
    assert screen.taker.lost == 1


def test_a_picture_lost_as_a_whole_damages_those_that_follow() -> None:
    screen = Screen()
    screen.send(KEY, stamp=1)
    screen.send(NEXT, stamp=2, lose=(0,))
    screen.send(NEXT, stamp=3)
    screen.send(KEY, stamp=4)
    assert screen.flags == [(True, False), (False, True), (True, False)]


def test_late_and_repeated_packets_are_dropped_until_numbers_begin_anew() -> None:
    screen = Screen()
    screen.send(KEY, stamp=1)
    screen.number -= 1
    screen.send(KEY, stamp=1)
    assert len(screen.seen) == 1
    screen.number -= 1000
    for n in range(30):
        screen.send(KEY, stamp=2 + n)
    assert len(screen.seen) > 10


def test_options_of_the_header_are_skipped() -> None:
    screen = Screen()
    body = bytes(8) + b"\xbe\xde\0\1" + bytes(4) + KEY + b"\0\0\3"
    packet = rtp(0, body, marker=True, head=0x80 | 0x20 | 0x10 | 2)
    screen.taker.packet(packet, 0, len(packet))
    assert screen.seen[0][0] == [KEY]


def test_markers_on_every_packet_or_none_cost_one_picture_at_most() -> None:
    screen = Screen()
    for n in range(4):
        for unit in (SPS, PPS, NEXT if n else KEY, MORE):
            screen.send(unit, stamp=n)
    assert [len(units) for units, *_ in screen.seen[2:]] == [4, 4]
    bare = Screen()
    for n in range(4):
        bare.send(KEY, MORE, stamp=n, marker=False)
    assert [units for units, *_ in bare.seen] == [[KEY, MORE]] * 3


def test_with_stamps_that_stand_still_and_no_markers_pictures_end_at_the_next_first_slice() -> None:
    screen = Screen()
    for _ in range(12):
        screen.send(SPS, NEXT, MORE, marker=False)
    assert [units for units, *_ in screen.seen][-3:] == [[SPS, NEXT, MORE]] * 3


def test_a_picture_without_end_is_dropped() -> None:
    screen = Screen()
    screen.send(*fu(KEY + bytes(1000), 100)[:-1], marker=False)
    for _ in range(MOST_PICTURE // 60_000 + 2):
        screen.send(b"\x7c\x05" + bytes(60_000), marker=False)
        assert screen.taker.waiting <= MOST_PICTURE
    screen.send(KEY, stamp=9)
    assert screen.flags[-1] == (True, False)


PACKETS = st.lists(
    st.builds(
        rtp,
        st.integers(0, 8),
        st.one_of(st.binary(max_size=12), st.sampled_from([*fu(KEY), *fu5(KEY5), together(SPS, PPS), NEXT, NEXT5])),
        st.integers(0, 2),
        st.booleans(),
        st.sampled_from([0x80, 0x80, 0x90, 0xA0, 0x8F, 0xBF, 0]),
        st.integers(1, 2),
    ),
    max_size=30,
)


@given(PACKETS, st.sampled_from(["h264", "hevc"]))
def test_no_packets_break_the_assembler_or_make_it_grow(packets: list[bytes], codec: str) -> None:
    screen = Screen(codec)
    sent = 0
    for packet in packets:
        screen.taker.packet(packet, 0, len(packet))
        sent += len(packet) + 3 * len(packet)  # a start code for each unit
        assert screen.taker.waiting <= sent
    assert all(units for units, *_ in screen.seen)


# Reports


def test_a_sender_report_is_read_and_answered() -> None:
    framed = sender_report(source=7, at_s=1_790_000_000.5, timestamp=4000, packets=1, octets=1)
    report, goodbye = parse_rtcp(framed[4:])
    assert report is not None
    assert (report.source, report.ntp_s, report.rtp_time, goodbye) == (7, 1_790_000_000.5, 4000, False)
    answer = build_receiver_report(1, Reception(7, 2, 0.25, 70_000, report.middle, 2.0))
    assert len(answer) % 4 == 0
    assert struct.unpack_from("!IIIIII", answer, 8) == (7, 64 << 24 | 2, 70_000, 0, report.middle, 131_072)
    assert parse_rtcp(answer + b"\x81\xcb\0\1\0\0\0\7") == (None, True)


@given(st.binary(max_size=80))
def test_no_report_breaks_the_reader(data: bytes) -> None:
    parse_rtcp(b"\x80\xc8" + data)


# Order


@given(st.permutations(range(12)))
def test_datagrams_come_back_into_order(order: list[int]) -> None:
    found: list[int] = []
    line = PacketOrder(lambda packet: found.append(packet[-1]))
    line.add(rtp(65_530, b"\0"), 0.0)
    for number in order:
        line.add(rtp(65_531 + number, bytes((number + 1,))), 0.01)
    assert found == list(range(13))
    assert line.waiting == 0


def test_a_missing_datagram_is_waited_for_a_little_and_within_bounds() -> None:
    found: list[int] = []
    line = PacketOrder(lambda packet: found.append(packet[3]))
    line.add(rtp(0, b""), 0.0)
    line.add(rtp(2, b""), 0.1)
    assert found == [0]
    line.add(rtp(3, b""), 0.1 + PATIENCE_S)
    assert found == [0, 2, 3]
    for number in range(5, 5 + 2 * MOST_HELD):
        line.add(rtp(number, bytes(20_000)), 1.0)
        assert line.waiting <= MOST_BYTES + 20_012
    assert found[-1] == 4 + 2 * MOST_HELD & 0xFF


# Clocks

FPS = 10
SPEEDS = {"right": 1.0, "still": 0.0, "half": 0.5, "double": 2.0, "backwards": -1.0}


@pytest.mark.parametrize("speed", SPEEDS.values(), ids=SPEEDS.keys())
def test_clips_last_as_long_as_what_they_show_however_the_camera_stamps(speed: float) -> None:
    times, start = PictureTimes(90_000), 0xFFFFFFFF - 90_000  # wraps soon
    places = [times.place(start + round(n * 90_000 * speed / FPS) & 0xFFFFFFFF, 100 + n / FPS) for n in range(400)]
    gaps = [after - before for before, after in pairwise(places[100:])]
    lasted_s = (places[300] - places[100]) / TICKS
    if speed == 2.0:  # believed to be a burst of 30 s at most, then corrected
        assert abs(places[-1] / TICKS - 139.9) < 31
    else:
        assert lasted_s == pytest.approx(20, abs=0.5)
        assert min(gaps) > 0


def test_a_jump_of_the_stamps_is_no_jump_of_the_clip() -> None:
    times = PictureTimes(90_000)
    stamps = [n * 9000 + (90_000 * 3600 if n > 50 else 0) for n in range(100)]
    places = [times.place(stamp, n / FPS) for n, stamp in enumerate(stamps)]
    assert max(after - before for before, after in pairwise(places)) < TICKS / 2


def test_a_burst_keeps_the_spacing_of_its_stamps() -> None:
    times = PictureTimes(90_000)
    places = [times.place(n * 9000, 5.0) for n in range(20)]
    assert [after - before for before, after in pairwise(places)] == [9000] * 19


def test_a_delay_is_believed_only_when_both_clocks_show_it() -> None:
    def delay(ntp: float, rtp_s: float) -> float:
        meter = DelayMeter(90_000)
        meter.report(1000.0, 0, 0.0)
        return meter.report(1000.0 + ntp, round(rtp_s * 90_000) & 0xFFFFFFFF, 60.0)

    assert delay(60, 60) < 0.1
    assert delay(60, 30) < 0.1  # stamps at half speed
    assert delay(-3000, 60) < 0.1  # the camera's clock was set
    assert delay(50, 50) == pytest.approx(10, abs=0.1)  # both say that 10 s wait in the network
