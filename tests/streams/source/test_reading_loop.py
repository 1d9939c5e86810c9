"""The reading loop and cameras as odd as real ones, each over real sockets."""

import hashlib
import queue
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from streams.source.client.bounds import ReadingBounds
from streams.source.client.errors import SourceError
from streams.source.client.loop import ReadingLoop
from streams.source.client.sdp import without_login
from streams.source.mp4_file import Keyframe, decode_keyframe
from tests.support.certificates import encrypted_by
from tests.support.odd_camera import CameraOddities, OddCamera, film
from tests.support.waiting import wait_until

QUICK = ReadingBounds(
    connect_s=2.0, answer_s=1.0, picture_s=1.5, silent_s=0.2, keyframe_s=0.4, report_s=0.1, goodbye_s=0.3, tick_s=0.02
)


class Viewer:
    """Notes what it is told of one camera."""

    def __init__(self) -> None:
        self.pictures: list[tuple[bytes, int, bool, bool, float]] = []
        self.opens: list[tuple[str, bytes]] = []
        self.ends: queue.SimpleQueue[SourceError] = queue.SimpleQueue()
        self.pins: list[str] = []

    def opened(self, codec: str, extradata: bytes) -> None:
        self.opens.append((codec, extradata))

    def pin(self, certificate: str) -> None:
        self.pins.append(certificate)

    def picture(self, data: bytes, at: int, keyframe: bool, damaged: bool, clock: float) -> None:
        self.pictures.append((data, at, keyframe, damaged, clock))

    def ended(self, error: SourceError) -> None:
        self.ends.put(error)


@pytest.fixture(scope="module")
def loop() -> Iterator[ReadingLoop]:
    running = ReadingLoop(QUICK)
    running.start()
    yield running
    running.stop()
    assert not running.connections


def pictures_of(loop: ReadingLoop, camera: OddCamera, count: int = 6, pinned: str = "") -> Viewer:
    """Read so many pictures, then close the connection."""
    viewer = Viewer()
    connection = loop.open(camera.url, viewer, pinned)
    wait_until(lambda: len(viewer.pictures) >= count or not viewer.ends.empty(), 10)
    assert viewer.ends.empty(), viewer.ends.get().detail
    connection.close()
    wait_until(lambda: not camera.open, 5)
    return viewer


def end_of(loop: ReadingLoop, url: str, pinned: str = "") -> SourceError:
    viewer = Viewer()
    loop.open(url, viewer, pinned)
    return viewer.ends.get(timeout=10)


ODD = {
    "plain": CameraOddities(),
    "still-stamps": CameraOddities(stamp_speed=0.0),
    "half-speed": CameraOddities(stamp_speed=0.5),
    "backwards": CameraOddities(stamp_speed=-1.0),
    "sha-256": CameraOddities(algorithm="SHA-256"),
    "md5": CameraOddities(algorithm="MD5"),
    "closes-after-401": CameraOddities(algorithm="MD5", closes=True),
    "udp-only": CameraOddities(udp_only=True),
    "slow-describe": CameraOddities(describe_s=0.5),
    "ipv6": CameraOddities(host="::1"),
    "ipv6-udp": CameraOddities(host="::1", udp_only=True),
    "silent-first": CameraOddities(silent_first=True),
}


@pytest.mark.parametrize("oddities", ODD.values(), ids=ODD.keys())
def test_an_odd_camera_is_read(loop: ReadingLoop, oddities: CameraOddities) -> None:
    with OddCamera(oddities) as camera:
        viewer = pictures_of(loop, camera)
    assert viewer.opens[0][0] == "h264"
    data, _, keyframe, damaged, _ = viewer.pictures[0]
    assert (keyframe, damaged) == (True, False)
    assert data.split(b"\0\0\0\1")[1:] == list(film()[0])
    assert decode_keyframe(Keyframe("h264", viewer.opens[-1][1], data)).shape == (48, 64, 3)
    assert camera.requests[-1].startswith("TEARDOWN")


REFUSALS = {403: "forbidden", 404: "not_found", 406: "not_acceptable", 453: "busy", 500: "broken", 503: "unavailable"}


@pytest.mark.parametrize(("status", "problem"), REFUSALS.items())
def test_each_refusal_has_its_code(loop: ReadingLoop, status: int, problem: str) -> None:
    with OddCamera(CameraOddities(status={"DESCRIBE": status})) as camera:
        assert end_of(loop, camera.url).problem == problem


def test_refusals_after_the_description_have_theirs(loop: ReadingLoop) -> None:
    for method, status, problem in (("SETUP", 453, "busy"), ("SETUP", 461, "transport"), ("PLAY", 454, "session_lost")):
        with OddCamera(CameraOddities(status={method: status})) as camera:
            assert end_of(loop, camera.url).problem == problem


def test_a_refused_password_is_tried_once(loop: ReadingLoop) -> None:
    with OddCamera(CameraOddities(algorithm="MD5", password="keliru")) as camera:
        error = end_of(loop, camera.url)
        assert (error.problem, camera.refused) == ("unauthorized", 1)
        assert "keliru" not in error.detail
        camera.odd = replace(camera.odd, closes=True)
        assert end_of(loop, camera.url).problem == "unauthorized"
        assert camera.refused == 2
        assert end_of(loop, camera.url.replace("admin:keliru@", "")).problem == "login_needed"
        assert camera.refused == 2


def test_a_camera_that_does_not_answer_in_time_is_slow(loop: ReadingLoop) -> None:
    with OddCamera(CameraOddities(describe_s=1.3)) as camera:
        assert end_of(loop, camera.url).problem == "slow"


def test_a_camera_whose_keyframes_are_all_damaged_is_called_so(loop: ReadingLoop) -> None:
    with OddCamera(CameraOddities(lose=3)) as camera:
        assert end_of(loop, camera.url).problem == "damaged"


def test_a_camera_that_sends_no_keyframe_is_called_so(loop: ReadingLoop) -> None:
    with OddCamera(CameraOddities(keyframes=0)) as camera:
        assert end_of(loop, camera.url).problem == "no_keyframe"


def test_what_the_loop_does_not_speak_is_left_to_others(loop: ReadingLoop) -> None:
    with OddCamera(CameraOddities(format="JPEG")) as camera:
        assert end_of(loop, camera.url).problem == "unspoken"


def test_a_redirection_is_followed_on_the_same_host_only_and_the_password_stays(loop: ReadingLoop) -> None:
    with OddCamera() as target:
        place = target.url.replace("rtsp://", "rtsp://other:secret@")
        with OddCamera(CameraOddities(algorithm="MD5", location=place)) as camera:
            viewer = Viewer()
            connection = loop.open(camera.url, viewer)
            wait_until(lambda: bool(viewer.pictures), 5)
            connection.close()
        assert not any("@" in request for request in target.requests)
        with OddCamera(CameraOddities(location="rtsp://localhost:1/x")) as camera:
            assert end_of(loop, camera.url).problem == "redirected"
        with OddCamera(CameraOddities(location="/live?channel=1")) as camera:
            assert end_of(loop, camera.url).problem == "redirected"  # in a circle


def test_a_login_that_is_kept_from_another_port_is_not_said_to_be_missing(loop: ReadingLoop) -> None:
    with OddCamera(CameraOddities(algorithm="MD5")) as target:
        place = without_login(target.url)
        with OddCamera(CameraOddities(algorithm="MD5", location=place)) as camera:
            ended = end_of(loop, camera.url)
        with OddCamera(CameraOddities(location=place)) as camera:
            assert end_of(loop, without_login(camera.url)).problem == "login_needed"
    assert (ended.problem, target.refused) == ("redirected", 0)
    assert str(target.port) in ended.detail, "the operator has to write this port"


def test_addresses_that_nobody_answers_at(loop: ReadingLoop) -> None:
    assert end_of(loop, "rtsp://127.0.0.1:9/x").problem == "refused"
    assert end_of(loop, "rtsp://no-such-host.invalid/x").problem == "no_route"
    for address in ("rtsp://[::1/x", "rtsp://c:99999/x", "rtsp:///x", "x"):
        assert end_of(loop, address).problem == "no_route"


def test_a_session_is_kept_alive_and_ended(loop: ReadingLoop) -> None:
    with OddCamera() as camera:
        pictures_of(loop, camera, 17)  # 0.7 s of a session of 1 s
        words = [request.split(" ")[0] for request in camera.requests]
    assert words == ["OPTIONS", "DESCRIBE", "SETUP", "PLAY", "OPTIONS", "TEARDOWN"]


def test_a_camera_that_goes_away_is_noticed(loop: ReadingLoop) -> None:
    viewer = Viewer()
    with OddCamera() as camera:
        loop.open(camera.url, viewer)
        wait_until(lambda: bool(viewer.pictures), 5)
    assert viewer.ends.get(timeout=5).problem == "broken"


def test_a_certificate_that_no_authority_vouches_for_is_pinned(loop: ReadingLoop, tmp_path: Path) -> None:
    with OddCamera(CameraOddities(tls=encrypted_by("camera", tmp_path / "camera.pem"))) as camera:
        [pin] = pictures_of(loop, camera, 40).pins
        certificate = x509.load_pem_x509_certificate((tmp_path / "camera.pem").read_bytes()).public_bytes(
            serialization.Encoding.DER
        )
        assert pin == hashlib.sha256(certificate).hexdigest()
        assert pictures_of(loop, camera, pinned=pin).pins == []
        camera.odd = replace(camera.odd, tls=encrypted_by("camera", tmp_path / "other.pem"))
        error = end_of(loop, camera.url, pinned=pin)
        assert (error.problem, camera.requests[-1].split(" ")[0]) == ("certificate", "TEARDOWN")


def test_a_certificate_that_an_authority_vouches_for_is_not_pinned(tmp_path: Path) -> None:
    encrypting = encrypted_by("localhost", tmp_path / "camera.pem")
    loop = ReadingLoop(QUICK, ssl.create_default_context(cafile=str(tmp_path / "camera.pem")))
    loop.start()
    with OddCamera(CameraOddities(host="localhost", tls=encrypting)) as camera:
        assert pictures_of(loop, camera).pins == []
    loop.stop()


def test_a_camera_that_does_not_encrypt_is_called_so(loop: ReadingLoop) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        viewer = Viewer()
        loop.open(f"rtsps://127.0.0.1:{server.getsockname()[1]}/live", viewer)
        client, _ = server.accept()
        with client:
            client.recv(4096)
            client.sendall(b"RTSP/1.0 400 Bad Request\r\n\r\n")
            assert viewer.ends.get(timeout=5).problem == "encryption"


def test_pictures_that_waited_while_this_process_stood_still_are_not_taken_for_new_ones() -> None:
    loop = ReadingLoop(ReadingBounds(behind_s=0.5, tick_s=0.02))
    loop.start()
    with OddCamera() as camera:
        viewer = Viewer()
        loop.open(camera.url, viewer)
        wait_until(lambda: len(viewer.pictures) > 3, 5)
        loop.post(lambda: time.sleep(1.0))
        error = viewer.ends.get(timeout=5)
        assert error.problem == "behind"
    loop.stop()
