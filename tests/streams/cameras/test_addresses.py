"""RTSP addresses as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.cameras.addresses import device_of, stream_of, tidy_address


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Rtsp://CAM.local:554/Live", "rtsp://cam.local:554/Live"),
        ("\ufeffrtsp://10.0.0.5/a\u200b\u00a0", "rtsp://10.0.0.5/a"),
        ("rtsp://Admin:Kata@HOST?Channel=A", "rtsp://Admin:Kata@host?Channel=A"),
        ("rtsps://[FE80::1]:322/x", "rtsps://[fe80::1]:322/x"),
        ("no address", "no address"),
    ],
)
def test_an_address_is_tidied(typed: str, stored: str) -> None:
    assert tidy_address(typed) == stored


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("rtsp://10.0.0.5/a", "rtsp://10.0.0.5:554/a"),
        ("rtsps://cam/a", "rtsps://cam:322/a"),
        ("rtsp://[fe80::1]/a", "rtsp://[fe80::1]:554/a"),
        ("rtsp://x:y@cam/a", "rtsp://cam/a"),
    ],
)
def test_the_same_stream_is_recognised(one: str, other: str) -> None:
    assert device_of(one) == device_of(other)
    assert stream_of(one) == stream_of(other)


@pytest.mark.parametrize(
    "other", ["rtsp://10.0.0.5/b", "rtsp://10.0.0.5:555/a", "rtsps://10.0.0.5/a", "rtsp://10.0.0.5/A"]
)
def test_another_stream_is_another(other: str) -> None:
    assert stream_of("rtsp://10.0.0.5/a") != stream_of(other)


@given(st.text(max_size=60))
def test_tidying_once_is_enough(text: str) -> None:
    assert tidy_address(tidy_address(text)) == tidy_address(text)
