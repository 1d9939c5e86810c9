"""A camera's H.264 as fragmented MP4 for browsers, read back by FFmpeg."""

from fractions import Fraction
from typing import Any

import av
import numpy as np
import pytest

from streams.source import fmp4, h264
from streams.source.fmp4 import TICKS, CodedPicture, Fragmenter
from tests.support.filming import times


def film(pictures: int, size: tuple[int, int] = (320, 180), **options: Any) -> list[av.Packet]:
    """Encode packets as a camera sends them: Annex B, a keyframe every ten pictures, 15 a second."""
    coder = av.CodecContext.create("libx264", "w")
    assert isinstance(coder, av.VideoCodecContext)
    coder.width, coder.height, coder.pix_fmt, coder.framerate = *size, "yuv420p", Fraction(15)
    coder.time_base = Fraction(1, 15)
    coder.options = {"preset": "ultrafast", "g": "10", **options}
    made = []
    for number in range(pictures):
        frame = av.VideoFrame.from_ndarray(np.full((size[1], size[0], 3), 5 * number % 256, np.uint8), format="rgb24")
        frame.pts = number
        made += coder.encode(frame)
    return made + coder.encode(None)


def as_seen(packets: list[av.Packet]) -> bytes:
    """Return the bytes that a viewer receives for these packets."""
    sets = h264.parameter_sets_of(bytes(packets[0]))
    assert sets
    gather, parts, dts = Fragmenter(), [fmp4.init_segment(sets)], -1
    for packet in packets:
        dts = max(dts + 1, (packet.dts or 0) * TICKS // 15)
        shown = (packet.pts or 0) * TICKS // 15
        made = gather.add(CodedPicture(h264.to_length_prefixed(bytes(packet)), dts, shown - dts, packet.is_keyframe))
        parts += [made.data] if made else []
    return b"".join(parts)


def test_every_picture_but_the_one_in_hand_is_there_and_at_its_time() -> None:
    assert times(as_seen(film(31, tune="zerolatency"))) == pytest.approx([n / 15 for n in range(30)], abs=0.001)


def test_a_camera_that_reorders_its_pictures_is_shown_in_order() -> None:
    packets = film(31, bf="2")
    assert any(packet.dts != packet.pts for packet in packets)
    shown = times(as_seen(packets))
    assert shown == sorted(shown)
    assert len(shown) == 30


@pytest.mark.parametrize("size", [(320, 180), (1920, 1080), (704, 576), (638, 358)])
def test_the_size_is_read_from_the_stream_and_not_asked_for(size: tuple[int, int]) -> None:
    sets = h264.parameter_sets_of(bytes(film(1, size)[0]))
    assert sets
    assert sets.size == size


@pytest.mark.parametrize(("profile", "begins"), [("baseline", "avc1.42"), ("main", "avc1.4D"), ("high", "avc1.64")])
def test_the_browser_is_asked_by_the_profile_that_the_camera_has(profile: str, begins: str) -> None:
    sets = h264.parameter_sets_of(bytes(film(1, profile=profile, preset="veryfast")[0]))
    assert sets
    assert sets.name.startswith(begins)


def test_a_keyframe_goes_alone_and_the_others_three_together() -> None:
    gather = Fragmenter()
    made = [gather.add(CodedPicture(b"x", n * TICKS // 15, 0, n % 10 == 0)) for n in range(12)]
    assert [fragment.key if fragment else None for fragment in made] == [
        None, True, None, None, False, None, None, False, None, None, False, True,
    ]  # fmt: skip


def test_pictures_before_the_first_keyframe_are_of_no_use() -> None:
    gather = Fragmenter()
    assert all(gather.add(CodedPicture(b"x", n * TICKS, 0, False)) is None for n in range(5))


def test_a_parameter_set_cut_short_is_refused() -> None:
    sets = h264.parameter_sets_of(bytes(film(1)[0]))
    assert sets
    with pytest.raises(ValueError, match="cut short"):
        _ = h264.ParameterSets(sets.sps[:5], sets.pps).size
