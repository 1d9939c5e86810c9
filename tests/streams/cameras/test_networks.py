"""Cameras are read in the networks of CAMERA_NETWORKS only, whatever an address says and a name comes to mean."""

from ipaddress import ip_network
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from streams.cameras.models import rtsp_address
from streams.cameras.networks import is_allowed_host
from streams.simulator.simulator import Simulator
from streams.source.probing import probe

PRIVATE = [ip_network("10.0.0.0/8"), ip_network("192.168.0.0/16"), ip_network("fc00::/7")]


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("10.1.2.3", True),
        ("fd00::1", True),
        ("::ffff:10.1.2.3", True),
        ("kamera.kota.example", True),  # checked when it is looked up
        ("127.0.0.1", False),
        ("::1", False),
        ("::ffff:127.0.0.1", False),
        ("169.254.169.254", False),
        ("fe80::1%eth0", False),
        ("0.0.0.0", False),
        ("8.8.8.8", False),
    ],
)
def test_where_a_camera_may_be(host: str, allowed: bool, settings: Any) -> None:
    settings.CAMERA_NETWORKS = PRIVATE
    assert is_allowed_host(host) is allowed
    address = f"rtsp://[{host}]/x" if ":" in host else f"rtsp://{host}/x"
    if allowed:
        rtsp_address(address)
    else:
        with pytest.raises(ValidationError, match="CAMERA_NETWORKS"):
            rtsp_address(address)


def test_no_connection_is_made_to_another_network(city: Simulator, settings: Any) -> None:
    assert probe(city.url(1)).ok
    settings.CAMERA_NETWORKS = PRIVATE
    for address in (
        city.url(1),
        city.url(1).replace("127.0.0.1", "localhost"),
        city.url(1).replace("127.0.0.1", "2130706433"),
    ):
        result = probe(address)
        assert (result.problem, result.jpeg) == ("not_allowed", None), address
