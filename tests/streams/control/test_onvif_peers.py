"""Another maker's ONVIF (ipycam), and cameras that answer nonsense on purpose."""

import socket
import time
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from streams.control import devices, proposal, soap
from streams.control.device import DeviceError, DeviceLogin, DeviceReport
from streams.simulator.onvif import OnvifStream
from tests.support.onvif_peers import RewritingFace, ipycam_server, needs_ipycam, raw_server

pytest_plugins = ["tests.support.onvif_peers"]
LOGIN = DeviceLogin("sidak", "rahasia")
HOST = "127.0.0.1"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\n"


@pytest.fixture(autouse=True)
def loopback(own_machine_allowed: None) -> None:
    del own_machine_allowed  # requested for its effect


@pytest.fixture
def face() -> Iterator[RewritingFace]:
    with RewritingFace() as running:
        yield running


def code_of(port: int) -> str:
    with pytest.raises(DeviceError) as caught:
        devices.read_device(HOST, port, LOGIN)
    return caught.value.code


def report_of(face: RewritingFace) -> DeviceReport | None:
    """Return what could be read, None after a DeviceError; nothing else may be raised."""
    try:
        return devices.read_device(HOST, face.port, LOGIN)
    except DeviceError:
        return None


def test_ipycam_is_read_and_its_address_is_corrected() -> None:
    needs_ipycam()
    with ipycam_server() as port:
        report = devices.read_device(HOST, port, DeviceLogin())
    assert (report.make, report.model) == ("PythonCam", "VirtualCam-1")
    assert report.clock
    assert (report.clock.by_ntp, abs(report.clock.offset_s) < 1.5) == (True, True)
    [choice] = proposal.choices(report)
    assert choice.main
    assert choice.small
    assert (choice.main.width, choice.main.url) == (1920, "rtsp://127.0.0.1:8554/video_main")
    assert (choice.small.width, choice.small.fps, choice.small.url) == (640, 15, "rtsp://127.0.0.1:8554/video_sub")


def test_ipycam_asks_for_a_login_even_for_its_clock() -> None:
    needs_ipycam()
    with ipycam_server("sidak", "rahasia") as port:
        assert devices.read_device(HOST, port, LOGIN).model == "VirtualCam-1"
        with pytest.raises(DeviceError, match="unauthorized"):
            devices.read_device(HOST, port, DeviceLogin("sidak", "salah"))


def test_ipycam_keeps_its_encoder_and_its_clock_to_itself() -> None:
    needs_ipycam()
    with ipycam_server("sidak", "rahasia") as port:
        [choice] = proposal.choices(devices.read_device(HOST, port, LOGIN))
        outcome = devices.write_device(HOST, port, LOGIN, proposal.gop_changes(choice), clock=True)
    # The large stream has a keyframe a second already, which only its encoder's configuration says.
    assert [(change.encoder, former) for change, former in outcome.written] == []
    assert [(change.encoder, code) for change, code in outcome.problems.items()] == [
        ("VEC_1", "fixed"),
        ("VEC_2", "fixed"),
    ]
    assert (outcome.clock_sent, outcome.clock_problem) == (False, "clock_refused")


def test_an_endless_answer_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soap, "REQUEST_S", 60)  # it is cut by its size

    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(OK + b"Transfer-Encoding: chunked\r\n\r\n")
        while True:
            connection.sendall(b"10000\r\n" + b" " * 0x10000 + b"\r\n")

    with raw_server(serve) as port:
        assert code_of(port) == "odd_answer"


def test_an_endless_refusal_is_cut_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soap, "REQUEST_S", 60)

    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        head = (
            b'HTTP/1.1 401 No\r\nWWW-Authenticate: Digest realm="a", nonce="b"\r\nContent-Length: 99999999999\r\n\r\n'
        )
        connection.sendall(head)
        while True:
            connection.sendall(b" " * 0x10000)

    with raw_server(serve) as port:
        assert code_of(port) == "odd_answer"


def test_a_packed_answer_is_not_unpacked() -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(OK + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\x00")

    with raw_server(serve) as port:
        assert code_of(port) == "odd_answer"


@pytest.mark.parametrize("part", ["head", "body"])
def test_a_trickling_answer_is_given_up(monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    """Each byte comes soon enough for a limit between two reads."""
    monkeypatch.setattr(soap, "REQUEST_S", 0.4)

    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(OK + (b"" if part == "head" else b"Content-Length: 1000\r\n\r\n"))
        while True:
            connection.sendall(b"x")
            time.sleep(0.05)

    with raw_server(serve) as port:
        started = time.monotonic()
        assert code_of(port) == "slow"
        assert time.monotonic() - started < 3


def test_a_whole_reading_is_limited_though_each_answer_is_quick(
    face: RewritingFace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "LONGEST_S", 0.5)
    face.streams |= {f"more{n}": OnvifStream(f"/{n}", 640, 360) for n in range(12)}

    def delay(_name: str, text: str) -> str:
        time.sleep(0.1)
        return text

    face.rewrite = delay
    assert code_of(face.port) == "slow"


def test_a_redirect_is_not_followed() -> None:
    asked = []

    def other(connection: socket.socket) -> None:
        asked.append(connection.recv(65536))

    with raw_server(other) as elsewhere:

        def serve(connection: socket.socket) -> None:
            connection.recv(65536)
            where = f"http://{HOST}:{elsewhere}/onvif/device_service".encode()
            connection.sendall(b"HTTP/1.1 307 There\r\nContent-Length: 0\r\nLocation: " + where + b"\r\n\r\n")

        with raw_server(serve) as port:
            assert code_of(port) == "no_onvif"
    assert asked == []


def test_a_web_server_that_is_no_camera_is_told_apart() -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 404 No\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>")

    with raw_server(serve) as port:
        assert code_of(port) == "no_onvif"


BOMB = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("declared", [BOMB, OUTSIDE], ids=["bomb", "file"])
def test_entities_are_refused(face: RewritingFace, declared: str) -> None:
    def rewrite(name: str, text: str) -> str:
        inside = text.replace('<?xml version="1.0" encoding="UTF-8"?>', declared).replace("Simulator", "&a;")
        return inside if name == "GetDeviceInformation" else text

    face.rewrite = rewrite
    assert code_of(face.port) == "odd_answer"


def test_deeply_nested_xml_is_survived(face: RewritingFace) -> None:
    def rewrite(name: str, text: str) -> str:
        deep = "<a>" * 20_000 + "</a>" * 20_000
        return text.replace("</s:Body>", deep + "</s:Body>") if name == "GetProfiles" else text

    face.rewrite = rewrite
    assert len(devices.read_device(HOST, face.port, LOGIN).profiles) == 2


NUMBERS = ("inf", "-1", "1e400", "nan", "", "99999999999999999999", "250.5", "0x10", "<a/>")


@pytest.mark.parametrize("number", NUMBERS)
def test_senseless_numbers_do_no_harm(face: RewritingFace, number: str) -> None:
    def rewrite(_name: str, text: str) -> str:
        for own in ("250", "25", "1920", "400", "1024"):
            text = text.replace(f">{own}<", f">{number}<")
        return text

    face.rewrite = rewrite
    report = report_of(face)
    assert report is None or all(0 <= profile.width < 1_000_000 for profile in report.profiles)


@hypothesis(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cut=st.integers(0, 2000),
    junk=st.text(max_size=30),
    name=st.sampled_from(
        [
            "GetSystemDateAndTime",
            "GetServices",
            "GetDeviceInformation",
            "GetProfiles",
            "GetStreamUri",
            "GetVideoEncoderConfigurationOptions",
        ]
    ),
)
def test_a_damaged_answer_ends_in_a_report_or_a_device_error(cut: int, junk: str, name: str) -> None:
    with RewritingFace() as face:
        face.rewrite = lambda asked, text: text[:cut] + junk + text[cut:] if asked == name else text
        report = report_of(face)
    urls = [profile.url for profile in report.profiles if profile.url] if report else []
    assert all(url.startswith((f"rtsp://{HOST}/", f"rtsp://{HOST}:", f"rtsps://{HOST}")) for url in urls)
