"""Which streams of a camera are proposed, and what is to be changed at them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.control import proposal
from streams.control.device import DeviceClock, DeviceProfile, DeviceReport
from streams.control.words import clock_words

HOST = "rtsp://10.0.0.5:554"
MAIN = DeviceProfile("1", "Besar", "s1", "media", "e1", "h264", 1920, 1080, 25, 50, None, 4096, f"{HOST}/1?a=1")
SMALL = replace(MAIN, token="2", encoder="e2", width=640, height=360, url=f"{HOST}/2")


def choose(*profiles: DeviceProfile) -> list[tuple[str | None, str | None]]:
    chosen = proposal.choices(DeviceReport(80, profiles=profiles))
    return [(one.main.token if one.main else None, one.small.token if one.small else None) for one in chosen]


def test_the_large_and_the_small_stream_are_chosen_in_any_order() -> None:
    assert choose(MAIN, SMALL) == choose(SMALL, MAIN) == [("1", "2")]


def test_a_small_stream_is_h264_and_small_and_on_the_same_port() -> None:
    assert choose(MAIN, replace(SMALL, codec="h265")) == [("1", None)]
    assert choose(MAIN, replace(SMALL, width=1280, height=720)) == [("1", None)]
    assert choose(MAIN, replace(SMALL, url="rtsp://10.0.0.5:8554/2")) == [("1", None)]
    assert choose(MAIN, replace(SMALL, width=704, height=576)) == [("1", "2")], "of older cameras"


def test_of_small_streams_the_best_within_640_by_360_is_chosen() -> None:
    third, larger = (
        replace(SMALL, token="3", width=320, height=180, url=f"{HOST}/3"),
        replace(SMALL, token="4", width=704, height=576, url=f"{HOST}/4"),
    )
    assert choose(MAIN, third, larger, SMALL) == [("1", "2")]


def test_an_h265_main_stream_is_taken_where_it_is_the_largest() -> None:
    assert choose(replace(MAIN, codec="h265", width=2560), SMALL) == [("1", "2")]
    assert choose(replace(MAIN, codec="mjpeg"), SMALL) == [("2", None)]


def test_each_channel_of_a_recorder_has_its_own_streams() -> None:
    other = replace(MAIN, token="5", source="s2", url=f"{HOST}/5")
    assert choose(MAIN, SMALL, other) == [("1", "2"), ("5", None)]


def test_profiles_without_an_address_are_passed_over() -> None:
    assert choose(replace(MAIN, url=""), SMALL) == [("2", None)]
    assert choose(replace(MAIN, url="")) == []


@pytest.mark.parametrize(
    ("url", "token"),
    [
        (f"{HOST}/1?a=1", "1"),
        ("RTSP://10.0.0.5/1?a=1", "1"),  # the same address
        (f"{HOST}/2?more=1", "2"),  # the only one of this path
        (f"{HOST}/9", None),
        ("rtsp://10.0.0.6:554/2", None),
    ],
)
def test_a_saved_cameras_own_profile_is_found(url: str, token: str | None) -> None:
    found = proposal.find_profile([MAIN, SMALL], url)
    assert (found.token if found else None) == token


def test_channels_that_differ_in_the_query_only_are_not_mixed_up() -> None:
    other = replace(MAIN, token="9", url=f"{HOST}/1?a=2")
    assert proposal.find_profile([MAIN, other], f"{HOST}/1?a=3") is None
    found = proposal.find_profile([MAIN, other], f"{HOST}/1?a=2")
    assert found
    assert found.token == "9"


@pytest.mark.parametrize(
    ("fps", "gop", "span", "wanted"),
    [
        (25, 250, None, 50),
        (12.5, 100, None, 25),
        (25, 50, None, None),  # it is so
        (25, 25, None, None),  # more often is fine
        (25, None, None, 50),  # not said: it is read before it is written
        (None, 250, None, None),
        (25, 250, (100, 400), 100),  # as near as the camera allows
        (25, 250, (1, 30), 30),
        (1, 4, None, 2),
    ],
)
def test_a_keyframe_every_two_seconds_is_proposed(
    fps: float | None, gop: int | None, span: tuple[int, int] | None, wanted: int | None
) -> None:
    change = proposal.gop_change(replace(MAIN, fps=fps, gop=gop, gop_range=span))
    assert (change.wanted if change else None) == wanted


@given(
    fps=st.floats(0.1, 120) | st.none(),
    gop=st.integers(1, 100_000) | st.none(),
    span=st.tuples(st.integers(1, 500), st.integers(500, 9999)) | st.none(),
)
def test_a_proposed_change_is_allowed_and_brings_keyframes_more_often(
    fps: float | None, gop: int | None, span: tuple[int, int] | None
) -> None:
    change = proposal.gop_change(replace(MAIN, fps=fps, gop=gop, gop_range=span))
    if change:
        assert change.wanted >= 1
        assert gop is None or change.wanted < gop
        assert span is None or span[0] <= change.wanted <= span[1]


def test_one_encoder_of_two_profiles_is_set_once() -> None:
    slow = replace(MAIN, gop=250)
    choice = proposal.StreamChoice(slow, replace(SMALL, gop=250, encoder=slow.encoder))
    assert len(proposal.gop_changes(choice)) == 1


@pytest.mark.parametrize(
    ("offset_s", "off", "words"),
    [
        (0.4, False, "tepat"),
        (-4.4, False, "4 detik tertinggal"),
        (5.0, True, "5 detik terlalu cepat"),
        (-3700, True, "62 menit tertinggal"),
        (7 * 3600, True, "7 jam terlalu cepat"),
        (-1e9, True, "11574 hari tertinggal"),
    ],
)
def test_a_clock_is_off_from_five_seconds_on(offset_s: float, off: bool, words: str) -> None:
    assert proposal.is_clock_off(DeviceClock(offset_s)) == off
    assert clock_words(offset_s) == words
