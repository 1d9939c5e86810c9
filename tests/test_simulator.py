"""The demo cameras, as real players and hostile clients see them."""

import base64
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import av
import numpy as np
import pytest

from streams.simulator import rtp
from streams.simulator.clips import Clip
from streams.simulator.control import ControlError, command
from streams.simulator.layouts import LAYOUTS
from streams.simulator.scenes import Act, Fault, Scene
from streams.simulator.scripts import state_at, steady
from streams.simulator.server import WAITING_BYTES
from streams.simulator.simulator import Simulator

ROOT = Path(__file__).resolve().parents[1]
OPTIONS = {"rtsp_transport": "tcp", "probesize": "32768", "analyzeduration": "500000"}


@pytest.fixture(scope="module")
def city(footage: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    control = tmp_path_factory.mktemp("simulator") / "control.sock"
    with Simulator(cameras=20, footage=footage, control=control) as simulator:
        yield simulator


def frames(url: str, count: int, timeout_s: float = 5) -> list[av.VideoFrame]:
    with av.open(url, timeout=timeout_s, options=OPTIONS) as source:
        seen = []
        for frame in source.decode(video=0):
            seen.append(frame)
            if len(seen) == count:
                break
        return seen


def picture(frame: av.VideoFrame) -> np.ndarray:
    return frame.to_ndarray(format="gray")


class Client:
    """Speaks RTSP by hand."""

    def __init__(self, simulator: Simulator, camera: int = 1) -> None:
        self.url = simulator.url(camera, with_credentials=False)
        self.socket = socket.create_connection((simulator.host, simulator.port), 5)
        self.file = self.socket.makefile("rb")
        self.cseq = 0

    def close(self) -> None:
        self.file.close()
        self.socket.close()

    def say(self, method: str, url: str = "", **headers: str) -> None:
        self.cseq += 1
        lines = [f"{method} {url or self.url} RTSP/1.0", f"CSeq: {self.cseq}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())

    def hear(self) -> tuple[int, dict[str, str], bytes]:
        """The next answer; pictures in between are passed over."""
        while (first := self.file.read(1)) == b"$":
            self.file.read(int.from_bytes(self.file.read(3)[1:], "big"))
        status = int((first + self.file.readline()).split()[1])
        headers = {}
        while (line := self.file.readline().decode().strip()) != "":
            name, _, value = line.partition(": ")
            headers[name.lower()] = value
        return status, headers, self.file.read(int(headers.get("content-length", 0)))

    def ask(self, method: str, url: str = "", **headers: str) -> tuple[int, dict[str, str], bytes]:
        self.say(method, url, **headers)
        return self.hear()

    def play(self) -> dict[str, str]:
        status, headers, _ = self.ask("SETUP", self.url + "/trackID=0", Transport="RTP/AVP/TCP;unicast;interleaved=0-1")
        assert status == 200
        self.session = headers["session"].split(";")[0]
        status, headers, _ = self.ask("PLAY", Session=self.session, Range="npt=0.000-")
        assert status == 200
        return headers

    def packet(self) -> tuple[int, bytes]:
        head = self.file.read(4)
        assert head[:1] == b"$"
        return head[1], self.file.read(int.from_bytes(head[2:], "big"))


@pytest.fixture
def client(city: Simulator) -> Iterator[Client]:
    with closing(Client(city)) as one:
        yield one


# packets


def reassembled(packets: list[bytes]) -> list[bytes]:
    """NAL units from RTP payloads, written from the RFC and not from the packetiser."""
    units: list[bytes] = []
    for payload in packets:
        kind = payload[0] & 31
        if kind == 24:
            at = 1
            while at < len(payload):
                size = int.from_bytes(payload[at : at + 2], "big")
                units.append(payload[at + 2 : at + 2 + size])
                at += 2 + size
        elif kind == 28:
            if payload[1] & 0x80:
                units.append(bytes([payload[0] & 0xE0 | payload[1] & 31]))
            units[-1] += payload[2:]
        else:
            units.append(payload)
    return units


@pytest.mark.parametrize("size", [2, 1398, 1399, 1400, 1401, 2799, 20_000])
def test_a_unit_of_any_size_arrives_whole(size: int) -> None:
    unit = b"\x65" + bytes(i % 251 for i in range(size - 1))
    packets = list(rtp.payloads([b"\x67sps", b"\x68pps", unit]))
    assert reassembled(packets) == [b"\x67sps", b"\x68pps", unit]
    assert max(map(len, packets)) <= rtp.MTU
    assert packets[0][0] & 31 == 24
    if size > rtp.MTU:
        assert [p[1] >> 7 for p in packets[1:]] == [1] + [0] * (len(packets) - 2)
        assert [p[1] >> 6 & 1 for p in packets[1:]] == [0] * (len(packets) - 2) + [1]


def test_only_the_last_packet_of_a_picture_is_marked_and_numbers_run_over() -> None:
    wire = rtp.wire([b"\x41" + bytes(5000)])
    sent = wire.stamped(65_534, 2**32 + 5, 0xABCDEF01)
    heads = [sent[h : h + 12] for h in wire.heads]
    assert [h[1] >> 7 for h in heads] == [0, 0, 0, 1]
    assert [int.from_bytes(h[2:4], "big") for h in heads] == [65_534, 65_535, 0, 1]
    assert {bytes(h[4:12]) for h in heads} == {bytes.fromhex("00000005abcdef01")}


def test_annex_b_is_cut_into_pictures(footage: Path) -> None:
    stream = (footage / "hall-staffed.h264").read_bytes()
    clip = Clip.parse(stream)
    assert len(clip.pictures) == 60
    assert [i for i, p in enumerate(clip.pictures) if p.key] == [0, 30]
    assert all(p.place for p in clip.pictures)
    with pytest.raises(ValueError, match="parameter sets"):
        Clip.parse(b"\x00\x00\x01\x41\x80abc")


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


def need(program: str) -> str:
    found = shutil.which(program)
    if not found:
        if os.environ.get("REQUIRE_FFPROBE") == "1" and program == "ffprobe":
            pytest.fail("ffprobe is required here")
        pytest.skip(f"{program} is not installed")
    return found


def test_ffprobe_reads_the_stream(city: Simulator) -> None:
    wanted = "stream=codec_name,profile,width,height,avg_frame_rate"
    call = [
        need("ffprobe"),
        "-v",
        "warning",
        "-rtsp_transport",
        "tcp",
        "-show_entries",
        wanted,
        "-of",
        "csv=p=0",
    ]
    done = subprocess.run([*call, city.url(4)], capture_output=True, text=True, timeout=20, check=True)
    assert done.stdout.strip() == "h264,Constrained Baseline,640,360,15/1"
    assert done.stderr == ""


def test_gstreamer_plays(city: Simulator) -> None:
    program = need("gst-launch-1.0")
    source = ["rtspsrc", f"location={city.url(5)}", "protocols=tcp", "latency=50", "!", "rtph264depay", "!"]
    sink = ["video/x-h264,stream-format=byte-stream,alignment=au", "!", "fakesink", "num-buffers=30"]
    done = subprocess.run([program, *source, *sink], capture_output=True, text=True, timeout=20, check=False)
    if "no element" in done.stderr + done.stdout:
        pytest.skip("GStreamer has no RTP elements here")
    assert done.returncode == 0, done.stderr
    assert "Got EOS" in done.stdout


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


def test_sender_reports_tell_the_time(client: Client) -> None:
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
        for _ in range(400):  # a minute of keyframes in a moment
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


# scenes and faults


def test_the_clerk_leaves_and_returns_on_command(city: Simulator) -> None:
    zone = np.array(LAYOUTS["hall"].zone) * (640, 360)
    (x0, y0), (x1, y1) = zone.min(axis=0).astype(int), zone.max(axis=0).astype(int)

    def counter() -> np.ndarray:
        return picture(frames(city.url(7), 1)[0])[y0:y1, x0:x1].astype(int)

    city.set_scene("cam007", Scene.EMPTY)
    time.sleep(2.3)  # the way out
    empty, still_empty = counter(), counter()
    assert city.control_path
    answer = command(city.control_path, {"camera": 7, "scene": "staffed"})
    assert answer == {"camera": "cam007", "scene": "staffed", "fault": "none", "viewers": answer["viewers"]}
    time.sleep(2.3)
    assert np.abs(counter() - empty).mean() > 4 * np.abs(still_empty - empty).mean()


def test_orders_that_make_no_sense_are_answered_with_the_reason(city: Simulator, tmp_path: Path) -> None:
    assert city.control_path
    for order, reason in [
        ({"camera": 99, "scene": "empty"}, "no camera cam099"),
        ({"camera": 1, "scene": "party"}, "party"),
        ({"camera": 1, "mood": "fine"}, "mood"),
    ]:
        with pytest.raises(ControlError, match=reason):
            command(city.control_path, order)
    with pytest.raises(ControlError, match="no answer"):
        command(tmp_path / "nobody.sock", {"camera": 1})
    with pytest.raises(KeyError):
        city.set_fault("cam099", Fault.DARK)


def test_refuse_closes_without_an_answer(city: Simulator) -> None:
    with closing(Client(city, 8)) as playing:
        playing.play()
        city.set_fault("cam008", Fault.REFUSE)
        with suppress(ConnectionResetError):
            while playing.file.read(4096):
                pass
    with pytest.raises((av.FFmpegError, OSError)):
        frames(city.url(8), 1)
    city.set_fault("cam008", None)
    assert frames(city.url(8), 1)


def test_unauthorized_lets_nobody_in(city: Simulator) -> None:
    city.set_fault("cam009", Fault.UNAUTHORIZED)
    with pytest.raises(av.HTTPUnauthorizedError):
        frames(city.url(9), 1)


def test_stall_keeps_the_connection_and_sends_nothing(city: Simulator) -> None:
    with closing(Client(city, 10)) as client:
        client.play()
        city.set_fault("cam010", Fault.STALL)
        client.socket.settimeout(0.5)
        with pytest.raises(TimeoutError):
            client.file.read()
        assert city.viewers("cam010") == 1
    city.set_fault("cam010", None)
    assert frames(city.url(10), 3)


def test_drop_ends_each_connection_after_a_while(city: Simulator) -> None:
    city.set_fault("cam011", Fault.DROP)
    start = time.monotonic()
    with suppress(av.FFmpegError, OSError):
        frames(city.url(11), 10_000)
    assert 3 < time.monotonic() - start < 9


def test_freeze_repeats_one_picture_with_its_clock_while_packets_go_on(city: Simulator) -> None:
    city.set_fault("cam012", Fault.FREEZE)
    time.sleep(0.2)
    seen = frames(city.url(12), 40)
    assert len({picture(f).tobytes() for f in seen}) == 1
    assert sum(f.key_frame for f in seen) >= 2


def test_dark_and_cover_show_next_to_nothing(city: Simulator) -> None:
    city.set_fault("cam013", Fault.DARK)
    city.set_fault("cam014", Fault.COVER)
    time.sleep(0.2)
    dark, covered = (picture(frames(city.url(n), 1)[0])[20:].astype(float) for n in (13, 14))
    assert dark.mean() < 30
    assert covered.std() < 15
    assert covered.mean() > 35


def test_shift_shows_another_view(city: Simulator) -> None:
    before = picture(frames(city.url(15), 1)[0])[20:].astype(float)
    city.set_fault("cam015", Fault.SHIFT)
    time.sleep(0.2)
    after = picture(frames(city.url(15), 1)[0])[20:].astype(float)
    assert np.corrcoef(before.ravel(), after.ravel())[0, 1] < 0.6


def test_resolution_changes_in_mid_stream(city: Simulator) -> None:
    sizes = set()
    with av.open(city.url(16), timeout=5, options=OPTIONS) as source:
        for number, frame in enumerate(source.decode(video=0)):
            sizes.add((frame.width, frame.height))
            if number == 20:
                city.set_fault("cam016", Fault.RESOLUTION)
            if len(sizes) == 2 or number > 120:
                break
    assert sizes == {(640, 360), (320, 180)}


def test_corrupt_packets_spoil_the_pictures(city: Simulator) -> None:
    city.set_fault("cam017", Fault.CORRUPT)
    damaged, decoder = 0, av.CodecContext.create("h264", "r")
    with av.open(city.url(18), timeout=5, options=OPTIONS) as whole:
        decoder.extradata = whole.streams.video[0].codec_context.extradata
    decoder.options = {"err_detect": "explode"}
    with av.open(city.url(17), timeout=5, options=OPTIONS | {"analyzeduration": "0"}) as source:
        for number, packet in enumerate(source.demux(video=0)):
            try:
                damaged += any(frame.is_corrupt for frame in decoder.decode(packet))
            except av.FFmpegError:
                damaged += 1
            if number > 40:
                break
    assert damaged > 5


def test_long_gop_waits_ten_seconds_for_a_keyframe(city: Simulator, footage: Path) -> None:
    city.set_fault("cam018", Fault.LONG_GOP)
    clip = city.cameras["cam018"].clip
    assert [i for i, p in enumerate(clip.pictures) if p.key] == list(range(0, len(clip.pictures), 150))
    assert sum(f.key_frame for f in frames(city.url(18), 40)) == 1


# scripts


def test_the_first_two_minutes_show_everything_once() -> None:
    acts = {n: [state_at(n, t, 0) for t in range(121)] for n in range(1, 108)}
    at_end = [acts[n][-1].fault for n in acts]
    counts = {fault: at_end.count(fault) for fault in Fault}
    assert counts[Fault.REFUSE] == 3
    assert counts[Fault.UNAUTHORIZED] == 1
    assert counts[Fault.FREEZE] == 2
    assert counts[Fault.COVER] == 2
    assert counts[Fault.DARK] == 1
    assert counts[Fault.SHIFT] == 1
    away = (Scene.EMPTY, Scene.WAITING)
    absent = {n: [t for t, act in enumerate(acts[n]) if act.scene in away] for n in acts}
    never = [n for n in absent if len(absent[n]) == 121]
    left = [n for n in absent if 0 < len(absent[n]) < 121]
    assert (len(never), len(left)) == (4, 8)
    for n in left:
        assert 29 <= len(absent[n]) <= 71
        assert absent[n] == list(range(absent[n][0], absent[n][-1] + 1))


def test_afterwards_some_counters_are_always_empty_and_most_never() -> None:
    away = (Scene.EMPTY, Scene.WAITING)
    numbers = [sum(state_at(n, t, 0).scene in away for n in range(1, 108)) for t in range(300, 3900, 10)]
    assert 6 <= np.mean(numbers) <= 13
    assert max(numbers) < 25


def test_a_script_is_the_same_each_time_and_other_for_another_seed() -> None:
    assert [state_at(n, 50, 1) for n in range(1, 108)] == [state_at(n, 50, 1) for n in range(1, 108)]
    assert [state_at(n, 50, 1) for n in range(1, 108)] != [state_at(n, 50, 2) for n in range(1, 108)]
    assert {steady(n, 50).fault for n in range(1, 108)} == {Fault.NONE}
    assert steady(1, 0) in (Act(Scene.STAFFED), Act(Scene.SERVING))


def test_zones_lie_inside_the_picture_and_visitors_outside_the_zone() -> None:
    for layout in LAYOUTS.values():
        assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in layout.zone)
        x, z = layout.visitor
        left, right = (layout.lens.see(x + side, 1.3, z)[0] for side in (-0.24, 0.24))
        xs = [point[0] for point in layout.zone]
        assert right < min(xs) or left > max(xs), layout.name
