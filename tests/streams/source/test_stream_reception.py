"""Deadlines of a stream: pictures count, not packets, and a keyframe that came need not come again."""

import pytest

from streams.simulator.rtp import sender_report
from streams.source.client.bounds import ReadingBounds
from streams.source.client.errors import SourceError
from streams.source.client.sdp import VideoTrack
from streams.source.client.stream import StreamReception

BOUNDS = ReadingBounds()
KEY, NEXT = b"\x65\x88key", b"\x41\x9anext"


class Ear:
    """Takes pictures and does nothing with them."""

    def opened(self, codec: str, extradata: bytes) -> None: ...

    def pin(self, certificate: str) -> None: ...

    def picture(self, data: bytes, at: int, keyframe: bool, damaged: bool, clock: float) -> None: ...

    def ended(self, error: SourceError) -> None: ...


class Stream(StreamReception):
    """A stream that began at 0 s."""

    number = 0

    def __init__(self) -> None:
        super().__init__(VideoTrack("h264", 96, 90_000, "rtsp://c/1"), Ear(), BOUNDS, 0.0)

    def send(self, payload: bytes, clock: float, lost: int = 0) -> None:
        self.clock = clock
        self.number += lost + 1
        packet = bytes((0x80, 0xE0)) + self.number.to_bytes(2, "big") + bytes(4) + b"\0\0\0\5" + payload
        self.assembler.packet(packet, 0, len(packet))

    def problem_at(self, now: float) -> str:
        try:
            self.check(now)
        except SourceError as error:
            return error.problem
        return ""


def test_one_keyframe_is_enough_when_it_came_with_the_answer_to_play() -> None:
    stream = Stream()
    for second in range(100):
        stream.send(NEXT if second else KEY, float(second))
        assert stream.problem_at(second) == ""
    assert stream.problem_at(99 + BOUNDS.picture_s + 1) == "timeout"


def test_a_stream_without_pictures_keyframes_or_whole_ones_says_so() -> None:
    silent, sound, keyless, torn = Stream(), Stream(), Stream(), Stream()
    assert silent.silent(BOUNDS.silent_s + 0.1)
    assert silent.problem_at(BOUNDS.picture_s + 1) == "timeout"
    other_payload = b"\x80\x61" + bytes(10) + KEY
    sound.assembler.packet(other_payload, 0, len(other_payload))
    assert sound.problem_at(BOUNDS.picture_s + 1) == "no_video"
    torn.send(KEY, 0.0)
    for second in range(int(BOUNDS.keyframe_s) + 2):
        keyless.send(NEXT, float(second))
        torn.send(NEXT, float(second), lost=1)
    assert keyless.problem_at(BOUNDS.keyframe_s + 1) == "no_keyframe"
    assert torn.problem_at(BOUNDS.keyframe_s + 1) == "damaged"


def test_reports_tell_of_the_end_and_of_a_delay_in_the_network() -> None:
    stream = Stream()
    with pytest.raises(SourceError, match="ended"):
        stream.rtcp(b"\x81\xcb\0\1\0\0\0\5")

    def report(clock: float, camera_s: float) -> None:
        stream.clock = clock
        stream.rtcp(sender_report(5, 1_790_000_000 + camera_s, round(90_000 * camera_s), 1, 1)[4:])

    report(10.0, 10.0)
    report(20.0, 18.0)
    with pytest.raises(SourceError) as caught:
        report(30.0, 22.0)
    assert caught.value.problem == "behind"
    stream.send(KEY, 31.0)
    assert stream.receiver_report(31.0) is not None
    assert stream.receiver_report(32.0) is None
