"""Searching a network: by the usual ports, by WS-Discovery, and who is not believed."""

import asyncio
from ipaddress import ip_network

import pytest

from streams.control import discovery
from streams.control.discovery import FoundCamera, NetworkSearch
from streams.control.onvif import parse_probe_answer
from streams.simulator.onvif import OnvifFace, OnvifFault
from tests.support.onvif_peers import ipycam_server, needs_ipycam


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "ANSWERS_S", 0.3)
    for limit in ("CONNECT_S", "RECOGNISE_S"):  # on a busy machine
        monkeypatch.setattr(discovery, limit, 30.0)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for answers to probes as long as a busy machine takes."""
    monkeypatch.setattr(discovery, "ANSWERS_S", 4.0)


def search(network: str, *ports: int) -> list[FoundCamera]:
    running = NetworkSearch(ip_network(network), ports)
    asyncio.run(running.run())
    assert running.done == running.total
    return list(running.found.values())


def test_a_camera_is_found_at_a_usual_port_without_a_login() -> None:
    with OnvifFace() as face:
        [found] = search("127.0.0.1/32", 1, face.port)
    assert (found.address, found.port) == ("127.0.0.1", face.port)
    assert face.requests == ["GetSystemDateAndTime"]


def test_a_camera_that_guards_even_its_clock_is_found() -> None:
    with OnvifFace(fault=OnvifFault.GUARDED_CLOCK) as face:
        assert len(search("127.0.0.1/32", face.port)) == 1


def test_all_addresses_of_a_network_are_tried() -> None:
    with OnvifFace() as face:
        found = search("127.0.0.0/29", face.port)  # the face listens at the first only
    assert [one.address for one in found] == ["127.0.0.1"]


@pytest.mark.usefixtures("patient")
def test_a_camera_at_an_odd_port_is_found_by_its_answer_to_the_probe() -> None:
    needs_ipycam()
    with ipycam_server(announced=True) as port:
        [found] = search("127.0.0.1/32", 1)
    # ipycam leaves the space of "Virtual Camera" as it is, which ends a scope.
    assert (found.address, found.port, found.name) == ("127.0.0.1", port, "Virtual")


@pytest.mark.usefixtures("patient")
def test_multicast_leaves_by_the_interface_in_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the multicast reaches it: unicast probes go to an address at which nothing listens."""
    needs_ipycam()
    monkeypatch.setattr(NetworkSearch, "addresses", ["127.0.0.99"])
    with ipycam_server(announced=True) as port:
        [found] = search("127.0.0.0/8", 1)
    assert (found.address, found.port) == ("127.0.0.1", port)


MATCH = """<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"
 xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><s:Body><d:ProbeMatches><d:ProbeMatch>
 <d:Scopes>onvif://www.onvif.org/name/Pintu%20depan onvif://www.onvif.org/hardware/DS-2CD</d:Scopes>
 <d:XAddrs>{}</d:XAddrs></d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>"""


def test_of_an_answer_the_ports_are_taken_and_not_the_hosts() -> None:
    answer = MATCH.format(
        "http://10.9.9.9:8123/onvif/device_service http://[bad https://10.9.9.9/ http://192.168.1.9/x"
    )
    assert parse_probe_answer(answer.encode()) == ("Pintu depan", "DS-2CD", {8123, 80})
    assert parse_probe_answer(b"\xff\x00") == ("", "", set())


def test_answers_from_elsewhere_and_huge_ones_are_ignored() -> None:
    running = NetworkSearch(ip_network("10.0.0.0/24"), (80,))
    good = MATCH.format("http://10.0.0.7:8123/").encode()
    running.hear(good, "10.0.1.7")
    running.hear(good + b" " * discovery.LARGEST_ANSWER, "10.0.0.8")
    running.hear(good, "10.0.0.7")
    assert list(running._offered) == ["10.0.0.7"]
