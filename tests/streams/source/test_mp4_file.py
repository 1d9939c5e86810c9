"""Clips cut from packets play everywhere: ffprobe, a browser, VLC."""

import json
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import sync_playwright

from streams.simulator.simulator import Simulator
from streams.source.mp4_file import Keyframe, Mp4Facts, MuxError, decode_keyframe, write_mp4
from streams.source.ring import Clip, Packet, RingPool, Stream
from streams.source.rtsp import Source
from tests.support.filming import FPS, SECONDS, filmed

FFPROBE, VLC = shutil.which("ffprobe"), shutil.which("cvlc")
needs_ffprobe = pytest.mark.skipif(
    FFPROBE is None and os.environ.get("REQUIRE_FFPROBE") != "1", reason="no ffprobe found"
)
needs_vlc = pytest.mark.skipif(VLC is None and os.environ.get("REQUIRE_VLC") != "1", reason="no VLC found")
PLAY = """async file => {
    const video = document.createElement("video");
    video.muted = true;
    video.src = file;
    document.body.append(video);
    await new Promise((resolve, reject) => {
        video.onloadedmetadata = resolve;
        video.onerror = () => reject(video.error.message);
    });
    const duration = video.duration;
    await video.play();
    await new Promise(resolve => { video.ontimeupdate = () => video.currentTime > 1 && resolve(); });
    return {duration, width: video.videoWidth, time: video.currentTime};
}"""


def clip_of(packets: list[Packet], codec: str = "h264", extradata: bytes = b"") -> Clip:
    return Clip(Stream(codec, extradata, 1 / 90_000), 0.0, packets)


def probed(path: Path) -> dict[str, Any]:
    assert FFPROBE, "REQUIRE_FFPROBE=1, and no ffprobe is found: apt-get install ffmpeg"
    command = [FFPROBE, "-v", "error", "-count_frames", "-show_streams", "-show_packets", "-of", "json", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert not done.stderr
    return json.loads(done.stdout)


def boxes(path: Path) -> list[bytes]:
    data, at, found = path.read_bytes(), 0, []
    while at < len(data):
        found.append(data[at + 4 : at + 8])
        at += int.from_bytes(data[at : at + 4])
    return found


def recorded(footage: Path) -> Clip:
    """Six seconds of a simulated camera, over RTSP and through a ring."""
    shelf = RingPool(1 << 24, 1 << 24, 20)
    ring = shelf.ring()
    with Simulator(cameras=1, footage=footage) as simulator, Source(simulator.url(1)) as source:
        ring.begin(source.codec, source.extradata, source.tick_s)
        for number, packet in enumerate(source):
            ring.add(bytes(packet), packet.pts, packet.dts, packet.is_keyframe, number / FPS)
            if number > FPS * (SECONDS + 3):
                break
    clip = ring.cut(0, 1e9, 1e9)
    assert clip is not None
    return clip


@pytest.fixture(scope="module")
def camera_clip(footage: Path) -> Clip:
    return recorded(footage)


@pytest.fixture
def camera_file(camera_clip: Clip, tmp_path: Path) -> tuple[Path, Mp4Facts]:
    path = tmp_path / "clip.mp4"
    facts = write_mp4(camera_clip, path)
    return path, facts


@needs_ffprobe
def test_a_camera_s_clip_is_fragmented_starts_on_a_keyframe_and_has_the_right_length(
    camera_clip: Clip, camera_file: tuple[Path, Mp4Facts]
) -> None:
    path, facts = camera_file
    probe = probed(path)
    stream, packets = probe["streams"][0], probe["packets"]
    assert packets[0]["flags"].startswith("K")
    assert len(packets) == int(stream["nb_read_frames"]) == facts["pictures"] == len(camera_clip.packets)
    assert float(stream["duration"]) == pytest.approx(len(packets) / FPS, abs=1 / FPS) == facts["duration_s"]
    assert (stream["width"], stream["height"]) == (facts["width"], facts["height"]) == (640, 360)
    kinds = boxes(path)
    assert kinds[:3] == [b"ftyp", b"moov", b"sidx"]
    assert kinds.count(b"moof") == sum(packet.keyframe for packet in camera_clip.packets)


def test_packets_are_passed_through_untouched(camera_clip: Clip, camera_file: tuple[Path, Mp4Facts]) -> None:
    slices = [packet.data.split(b"\0\0\1")[-1] for packet in camera_clip.packets]
    stored = camera_file[0].read_bytes()
    assert all(slice_ in stored for slice_ in slices)


@needs_ffprobe
@pytest.mark.parametrize("late", [False, True], ids=["with dts", "pts alone"])
def test_a_camera_that_reorders_its_pictures(tmp_path: Path, late: bool) -> None:
    packets = filmed(bf="2")
    assert [packet.pts for packet in packets] != sorted(packet.pts for packet in packets if packet.pts)
    if late:
        packets = [Packet(packet.data, packet.pts, None, packet.keyframe) for packet in packets]
    facts = write_mp4(clip_of(packets), tmp_path / "clip.mp4")
    stream = probed(tmp_path / "clip.mp4")["streams"][0]
    assert int(stream["nb_read_frames"]) == FPS * SECONDS
    assert float(stream["duration"]) == pytest.approx(SECONDS, abs=3 / FPS)
    assert facts["duration_s"] == pytest.approx(SECONDS, abs=3 / FPS)


@needs_ffprobe
def test_an_h265_camera_s_clip_is_whole_and_its_keyframes_become_pictures(footage_h265: Path, tmp_path: Path) -> None:
    clip = recorded(footage_h265)
    facts = write_mp4(clip, tmp_path / "clip.mp4")
    probe = probed(tmp_path / "clip.mp4")
    stream = probe["streams"][0]
    assert (stream["codec_name"], stream["codec_tag_string"]) == ("hevc", "hvc1")
    assert probe["packets"][0]["flags"].startswith("K")
    assert int(stream["nb_read_frames"]) == len(clip.packets)
    assert float(stream["duration"]) == pytest.approx(len(clip.packets) / FPS, abs=1 / FPS) == facts["duration_s"]
    assert decode_keyframe(Keyframe("hevc", clip.stream.extradata, clip.packets[0].data)).shape == (360, 640, 3)


@needs_ffprobe
def test_h265_carries_the_tag_that_players_ask_for(tmp_path: Path) -> None:
    facts = write_mp4(clip_of(filmed("libx265"), "hevc"), tmp_path / "clip.mp4")
    stream = probed(tmp_path / "clip.mp4")["streams"][0]
    assert (stream["codec_name"], stream["codec_tag_string"]) == ("hevc", "hvc1")
    assert int(stream["nb_read_frames"]) == FPS * SECONDS
    assert (facts["codec"], facts["width"]) == ("hevc", 320)


@needs_ffprobe
def test_a_camera_that_sends_its_parameter_sets_only_once(tmp_path: Path) -> None:
    packets = filmed()
    start, _, slice_ = packets[0].data.rpartition(b"\0\0\1\x65")
    bare = [
        Packet(p.data[p.data.rindex(b"\0\0\1\x65") :] if p.keyframe else p.data, p.pts, p.dts, p.keyframe)
        for p in packets
    ]
    assert slice_
    write_mp4(clip_of(bare, extradata=start), tmp_path / "clip.mp4")
    assert int(probed(tmp_path / "clip.mp4")["streams"][0]["nb_read_frames"]) == FPS * SECONDS


def test_a_keyframe_alone_becomes_a_picture(camera_clip: Clip) -> None:
    image = decode_keyframe(Keyframe("h264", camera_clip.stream.extradata, camera_clip.packets[0].data))
    assert (image.shape, image.dtype) == ((360, 640, 3), np.uint8)
    assert image.std() > 10


@pytest.mark.parametrize("data", [b"", b"\0\0\1\x65nonsense"])
def test_rubbish_becomes_neither_picture_nor_file(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(MuxError):
        decode_keyframe(Keyframe("h264", b"", data))
    with pytest.raises(MuxError):
        write_mp4(clip_of([Packet(data, 0, 0, True)]), tmp_path / "clip.mp4")


@pytest.fixture
def served(camera_file: tuple[Path, Mp4Facts]) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None: ...

    camera_file[0].with_name("index.html").write_text("<!doctype html><title>clip</title>")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(camera_file[0].parent)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.mark.browser
def test_a_clip_plays_in_a_browser_which_knows_its_length(
    served: str, camera_file: tuple[Path, Mp4Facts], chromium_path: str
) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(served)
        played = page.evaluate(PLAY, "clip.mp4")
        browser.close()
    assert played["duration"] == pytest.approx(camera_file[1]["duration_s"], abs=0.01)
    assert played["width"] == 640
    assert played["time"] > 1


@needs_vlc
@pytest.mark.slow
def test_a_clip_plays_in_vlc(camera_file: tuple[Path, Mp4Facts]) -> None:
    assert VLC, "REQUIRE_VLC=1, and no VLC is found: apt-get install vlc-bin vlc-plugin-base"
    with tempfile.TemporaryDirectory() as folder:  # not tmp_path: VLC runs as `nobody`, who may not enter it
        Path(folder).chmod(0o755)
        path = shutil.copy(camera_file[0], folder)
        Path(path).chmod(0o644)
        command = [VLC, "-vv", "--no-audio", "--vout", "vdummy", "--rate", "4", "--play-and-exit", path, "vlc://quit"]
        as_user: dict[str, Any] = {"user": "nobody", "env": {**os.environ, "HOME": folder}} if os.getuid() == 0 else {}
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, **as_user)
    for line in ("Set Fragmented demux mode", "Received first picture", "EOF reached"):
        assert line in done.stderr
