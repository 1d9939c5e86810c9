"""The demo cameras as real players and hostile clients see them."""

import base64
import math
import re
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import av
import numpy as np
import pytest

from streams.simulator.server import WAITING_BYTES
from streams.simulator.simulator import Simulator
from tests.support.viewers import OPTIONS, Client, ffprobe, frames, gstreamer, picture


@pytest.fixture
def client(city: Simulator) -> Iterator[Client]:
    with closing(Client(city)) as one:
        yield one


# players


def test_pyav_plays_what_a_camera_should_send(city: Simulator) -> None:
    start = time.monotonic()
    with av.open(city.url(1), timeout=5, options=OPTIONS) as source:
        stream = source.streams.video[0]
        opened_s = time.monotonic() - start
        assert (stream.codec_context.name, stream.width, stream.height) == ("h264", 640, 360)
        assert stream.average_rate == 15
        keys, times = [], []
        for number, packet in enumerate(source.demux(stream)):
            keys += [number] if packet.is_keyframe else []
            if packet.pts is not None:
                times.append(packet.pts * packet.time_base)
            if len(keys) == 3:
                break
    assert opened_s < 1
    assert keys[0] == 0
    assert np.diff(keys).tolist() == [30, 30]
    assert np.allclose(np.diff(np.array(times, float)), 1 / 15, atol=1e-3)


def test_the_clock_runs_and_no_two_keyframes_are_alike(city: Simulator) -> None:
    seen = frames(city.url(2), 45)
    clocks = {picture(f)[:16].tobytes() for f in seen}
    keyframes = [picture(f)[16:] for f in seen if f.key_frame]
    assert 2 <= len(clocks) <= 5
    assert not np.array_equal(keyframes[0], keyframes[1])


def test_two_viewers_of_a_camera_see_the_same(city: Simulator) -> None:
    def packets(count: int) -> Iterator[tuple[int, bytes]]:
        with closing(Client(city, 3)) as one:
            one.play()
            while count:
                channel, packet = one.packet()
                if channel == 0:
                    count -= 1
                    yield int.from_bytes(packet[2:4], "big"), packet

    first, second = packets(150), packets(150)
    next(first), next(second)
    one, other = dict(first), dict(second)
    common = one.keys() & other.keys()
    assert len(common) > 50
    assert all(one[n] == other[n] for n in common)


def test_after_a_suspension_the_stamps_of_all_cameras_agree_with_the_clock(footage: Path) -> None:
    def ahead(client: Client) -> float:
        """Return stamps minus arrival at the smallest delay of a second."""
        deadline, best = time.monotonic() + 1, -math.inf
        while (now := time.monotonic()) < deadline:
            channel, packet = client.packet()
            if channel == 0:
                best = max(best, int.from_bytes(packet[4:8], "big") / 90_000 - now)
        return best

    with Simulator(cameras=2, footage=footage) as simulator, ExitStack() as stack:
        clients = [stack.enter_context(closing(Client(simulator, camera))) for camera in (1, 2)]
        for client in clients:
            client.play()
        before = [ahead(client) for client in clients]
        assert simulator._loop
        simulator._loop.call_soon_threadsafe(time.sleep, 3)
        time.sleep(3)
        after = [ahead(client) for client in clients]
    assert after == pytest.approx(before, abs=0.9)


def test_ffprobe_reads_the_stream(city: Simulator) -> None:
    assert ffprobe(city.url(4)) == "h264,Constrained Baseline,640,360,15/1"


def test_gstreamer_plays(city: Simulator) -> None:
    gstreamer(city.url(5), "rtph264depay", "video/x-h264,stream-format=byte-stream,alignment=au")


# the protocol by hand


def test_a_whole_conversation(client: Client) -> None:
    status, headers, _ = client.ask("OPTIONS")
    assert status == 200
    assert {"DESCRIBE", "SETUP", "PLAY", "TEARDOWN", "GET_PARAMETER"} <= set(headers["public"].split(", "))
    status, headers, body = client.ask("DESCRIBE", Accept="application/sdp")
    assert (status, headers["content-type"]) == (200, "application/sdp")
    assert b"a=framerate:15" in body
    sets = re.search(rb"profile-level-id=42C0..;sprop-parameter-sets=([^,]+),(\S+)", body)
    assert sets is not None
    assert [base64.b64decode(s)[0] & 31 for s in sets.groups()] == [7, 8]
    headers = client.play()
    assert headers["range"].startswith("npt=")
    promised = re.search(r"seq=(\d+);rtptime=(\d+)", headers["rtp-info"])
    assert promised is not None
    channel, packet = client.packet()
    assert (channel, packet[0] >> 6, packet[1] & 127) == (0, 2, 96)
    assert [int.from_bytes(packet[2:4], "big"), int.from_bytes(packet[4:8], "big")] == list(map(int, promised.groups()))
    assert packet[12] & 31 == 24, "a viewer begins with parameter sets and a keyframe"
    client.socket.sendall(b"$\x01\x00\x08\x80\xc9\x00\x01abcd")  # a receiver report
    assert client.ask("GET_PARAMETER", Session=client.session)[0] == 200
    assert client.ask("TEARDOWN", Session=client.session)[0] == 200
    client.socket.settimeout(0.3)
    with pytest.raises(TimeoutError):
        client.file.read(1)


def test_sender_reports_carry_the_time(client: Client) -> None:
    client.play()
    deadline = time.monotonic() + 8
    while time.monotonic() < deadline:
        channel, packet = client.packet()
        if channel == 1:
            break
    assert (channel, packet[1]) == (1, 200)
    assert abs(int.from_bytes(packet[8:12], "big") - 2_208_988_800 - time.time()) < 2


def test_what_cannot_be_is_refused_with_the_right_number(client: Client) -> None:
    unknown = client.url.replace("cam001", "cam999")
    assert client.ask("DESCRIBE", unknown)[0] == 404
    assert client.ask("RECORD")[0] == 501
    assert client.ask("SETUP", client.url + "/trackID=0", Transport="RTP/AVP;unicast;client_port=5000-5001")[0] == 461
    assert client.ask("PLAY")[0] == 455
    client.play()
    assert client.ask("TEARDOWN", Session="nonsense")[0] == 454
    client.socket.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert client.hear()[0] == 400


def test_a_request_in_pieces_and_two_at_once(client: Client) -> None:
    head = f"OPTIONS {client.url} RTSP/1.0\r\nCSeq: 7\r\n\r\n".encode()
    client.socket.sendall(head[:20])
    time.sleep(0.05)
    client.socket.sendall(head[20:] + head.replace(b"7", b"8"))
    assert [client.hear()[1]["cseq"] for _ in range(2)] == ["7", "8"]


def test_an_endless_request_is_cut_off(client: Client) -> None:
    with suppress(OSError):
        for _ in range(100):
            client.socket.sendall(b"X" * 1024)
    with suppress(ConnectionResetError):
        assert client.file.read(1) == b""


def test_a_viewer_who_does_not_read_costs_no_memory_and_stops_nobody(city: Simulator) -> None:
    with closing(Client(city, 6)) as lazy:
        lazy.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        lazy.play()
        connection = next(c for c in city._connections if c._camera is city.cameras["cam006"])
        assert city._loop
        for _ in range(400):  # a minute of keyframes at once
            city._loop.call_soon_threadsafe(lambda: connection.send(bytes(20_000), key=True))
        assert len(frames(city.url(6), 20)) == 20
        assert connection.transport.get_write_buffer_size() <= WAITING_BYTES + 40_000
        assert connection._skipping


# passwords


@pytest.mark.parametrize("scheme", ["Basic", "Digest"])
def test_a_camera_with_a_password_opens_to_it_alone(footage: Path, scheme: str) -> None:
    with Simulator(cameras=1, footage=footage, user="ani", password="p@ss w:rd", schemes=(scheme,)) as guarded:
        assert len(frames(guarded.url(1), 3)) == 3
        with pytest.raises(av.HTTPUnauthorizedError):
            frames(guarded.url(1, with_credentials=False), 1)
        with pytest.raises(av.HTTPUnauthorizedError):
            frames(guarded.url(1, with_credentials=False).replace("rtsp://", "rtsp://ani:wrong@"), 1)
        with closing(Client(guarded)) as client:
            status, headers, _ = client.ask("DESCRIBE")
            assert status == 401
            assert headers["www-authenticate"].startswith(scheme)
            assert client.ask("DESCRIBE", Authorization=f"{scheme} nonsense")[0] == 401
