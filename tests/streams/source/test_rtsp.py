"""FFmpeg's reader, which reads what the reading loop doesn't speak."""

import socket
import time
from ipaddress import ip_network
from typing import Any
from unittest.mock import patch

import pytest

from streams.source.client.errors import SourceError
from streams.source.rtsp import Source
from tests.support.odd_camera import CameraOddities, OddCamera


def test_a_video_that_is_silent_while_another_sends_is_given_up() -> None:
    with OddCamera(CameraOddities(silent_first=True)) as camera, Source(camera.url, read_s=1.0) as source:
        began = time.monotonic()
        with pytest.raises(SourceError, match="only other streams"):
            next(iter(source))
        assert time.monotonic() - began < 30, "a bound against hanging"


def test_packets_are_read_until_the_camera_ends_the_stream() -> None:
    with OddCamera() as camera, Source(camera.url, read_s=5.0) as source:
        packets = iter(source)
        assert next(packets).is_keyframe
        assert source.packets == 1


def test_ffmpeg_is_not_led_to_another_address_with_the_login() -> None:
    with OddCamera(CameraOddities(format="JPEG", algorithm="MD5")) as other:
        elsewhere = other.url.replace("127.0.0.1", "localhost")
        for place in (elsewhere, other.url, "/live?channel=1"):
            with (
                OddCamera(CameraOddities(format="JPEG", algorithm="MD5", location=place)) as camera,
                pytest.raises(SourceError, match="refer"),
            ):
                Source(camera.url)
        assert other.requests == []


def test_a_name_is_read_only_if_all_its_addresses_are_of_allowed_networks(settings: Any) -> None:
    settings.CAMERA_NETWORKS = [ip_network("127.0.0.0/8")]
    looked_up = socket.getaddrinfo
    here = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0))

    def answer(*others: str) -> Any:
        """Return a look-up that finds this machine, then others, by the name cam.example."""
        return lambda host, port, **more: (
            [(*here[:4], (place, port or 0)) for place in ("127.0.0.1", *others)]
            if host == "cam.example" and not more.get("flags")
            else looked_up(host, port, **more)
        )

    with OddCamera() as camera:
        url = camera.url.replace("127.0.0.1", "cam.example")
        with patch("socket.getaddrinfo", answer("10.0.0.9")), pytest.raises(SourceError, match="also outside"):
            Source(url)
