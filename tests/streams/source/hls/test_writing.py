"""From a camera's pictures to files: real H.264, cut at keyframes, which FFmpeg reads as one stream."""

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from streams.cameras.models import Camera
from streams.source.hls.cutting import Stretch, StretchCutter
from streams.source.hls.muxing import SegmentMuxer
from streams.source.hls.playlist_rule import KEPT, LISTED, PLAYLIST, Playlist, parse_playlist
from streams.source.hls.point_stream import PointStream
from streams.source.hls.public_folder import PublicFolder
from streams.source.hls.writer import PublicStream, StreamWriter
from streams.source.packets import PacketListener
from tests.support.waiting import wait_until

TICK = 1 / 90_000
CODE = "T-001"


@dataclass(frozen=True)
class Coded:
    data: bytes
    pts: int
    keyframe: bool


def film(seconds: int, gop: int = 20, width: int = 320, b_pictures: int = 0) -> list[Coded]:
    """Encode ten pictures a second with a keyframe every `gop`."""
    codec = av.CodecContext.create("libx264", "w")
    assert isinstance(codec, av.VideoCodecContext)
    codec.width, codec.height, codec.pix_fmt = width, 180, "yuv420p"
    codec.framerate, codec.time_base = Fraction(10), Fraction(1, 10)
    keyframes = f"keyint={gop}:min-keyint={gop}:scenecut=0"
    codec.options = {"preset": "ultrafast", "bf": f"{b_pictures}", "x264-params": keyframes}
    packets = []
    for number in range(seconds * 10):
        grey = np.full((180, width, 3), number % 200, np.uint8)
        frame = av.VideoFrame.from_ndarray(grey, format="bgr24")
        frame.pts = number
        packets += codec.encode(frame)
    packets += codec.encode(None)
    return [Coded(bytes(one), (one.pts or 0) * 9000, one.is_keyframe) for one in packets]


def cut(pictures: list[Coded], cutter: StretchCutter | None = None, clock: float = 1000.0) -> list[Stretch]:
    if cutter is None:
        cutter = StretchCutter()
        cutter.begin("h264", b"", TICK)
    found = [cutter.add(one.data, one.pts, None, one.keyframe, False, clock + one.pts * TICK) for one in pictures]
    return [one for one in found if one]


@pytest.fixture
def folder(tmp_path: Path) -> PublicFolder:
    return PublicFolder(tmp_path / "public")


@pytest.fixture
def stream(folder: PublicFolder) -> PointStream:
    return PointStream(folder, CODE)


def write(stream: PointStream, stretches: list[Stretch], now: float = 2e9) -> None:
    """Write them as if each had just come, in order."""
    muxer = SegmentMuxer()
    for stretch in stretches:
        for muxed in muxer.segments(stretch):
            now += muxed.seconds
            stream.add(muxed, now, muxed.clock + muxed.seconds)


def read(path: Path) -> list[float]:
    """Return the times of all pictures that FFmpeg decodes of a playlist; it reads a live one without waiting."""
    ended = path.with_name("ended.m3u8")
    ended.write_text(path.read_text() + "#EXT-X-ENDLIST\n")
    with av.open(str(ended), options={"allowed_extensions": "ALL"}) as found:
        return [frame.time for frame in found.decode(video=0) if frame.time is not None]


def listed(folder: PublicFolder) -> Playlist:
    return parse_playlist((folder.of_point(CODE) / PLAYLIST).read_text())


def test_segments_begin_with_a_keyframe_and_last_four_seconds_or_more() -> None:
    stretches = cut(film(21, gop=15))
    assert [len(one.pictures) for one in stretches] == [45, 45, 45, 45]
    assert all(one.pictures[0].keyframe for one in stretches)
    assert [one.after_gap for one in stretches] == [True, False, False, False]


def test_a_damaged_picture_a_jump_and_a_lost_connection_leave_a_gap() -> None:
    pictures, cutter = film(30), StretchCutter()
    cutter.begin("h264", b"", TICK)
    cut(pictures[:25], cutter)
    hurt = cutter.add(b"torn", pictures[25].pts, None, False, True, 1002.5)
    assert hurt
    assert len(hurt.pictures) == 25
    assert hurt.end is None
    assert cut(pictures[26:40], cutter) == [], "it waits for a keyframe"
    again = cut(pictures[40:85], cutter)
    assert [one.after_gap for one in again] == [True]
    lost = cutter.begin("h264", b"", TICK)
    assert lost
    [late] = cut(pictures[100:145], cutter)
    assert late.after_gap
    assert [one.end is None for one in cut(pictures[145:], cutter, clock=2000.0)] == [True, False, False, False]


def test_a_stream_that_is_not_h264_or_has_rare_keyframes_gives_nothing() -> None:
    other = StretchCutter()
    other.begin("hevc", b"", TICK)
    assert cut(film(10), other) == []
    assert cut(film(45, gop=400)) == []


@pytest.mark.parametrize("b_pictures", [0, 2])
def test_ffmpeg_plays_what_was_written_without_holes(
    stream: PointStream, folder: PublicFolder, b_pictures: int
) -> None:
    write(stream, cut(film(46, b_pictures=b_pictures)))
    path = folder.of_point(CODE) / PLAYLIST
    times = read(path)
    assert len(times) == LISTED * 40
    assert np.allclose(np.diff(times), 0.1, atol=0.001)
    names = sorted(one.name for one in path.parent.iterdir())
    assert len([one for one in names if one.startswith("seg-")]) == KEPT
    assert len([one for one in names if one.startswith("init-")]) == 1


def test_other_parameter_sets_begin_after_a_gap_with_their_own_init(stream: PointStream, folder: PublicFolder) -> None:
    cutter = StretchCutter()
    cutter.begin("h264", b"", TICK)
    later = [Coded(one.data, one.pts + 10 * 90_000, one.keyframe) for one in film(9, width=640)]
    write(stream, cut(film(10), cutter) + cut(later, cutter))
    found = listed(folder).segments
    assert [one.after_gap for one in found] == [True, False, False, True, False]
    assert [round(one.seconds, 3) for one in found] == [4, 4, 2, 2, 4]
    assert len({one.init for one in found}) == 2


def test_a_restart_goes_on_with_the_next_number_after_a_gap(folder: PublicFolder) -> None:
    stretches = cut(film(30))
    write(PointStream(folder, CODE), stretches[:3])
    before = listed(folder).segments[-1].number
    write(PointStream(folder, CODE), stretches[3:4])
    last = listed(folder).segments[-1]
    assert (last.number, last.after_gap) == (before + 1, True)
    shutil.rmtree(folder.path)
    write(PointStream(folder, CODE), stretches[4:5])
    assert listed(folder).segments[-1].number >= int(time.time() / 4) - 1, "caches may hold the earlier names"


def test_what_is_delayed_lies_hidden_until_its_time(folder: PublicFolder) -> None:
    stream, [first, second, *_] = PointStream(folder, CODE, delay_s=20), cut(film(14))
    muxer = SegmentMuxer()
    [one], [two] = muxer.segments(first), muxer.segments(second)
    stream.add(one, 1004.0, one.clock + 4)
    stream.add(two, 1008.0, two.clock + 4)
    assert not [path for path in folder.of_point(CODE).iterdir() if path.name.startswith(("seg", "index"))]
    stream.show(1023.9)
    assert not (folder.of_point(CODE) / PLAYLIST).exists()
    stream.show(1024.0)
    assert len(listed(folder).segments) == 1
    stream.show(1028.0)
    assert len(listed(folder).segments) == 2


def test_closing_removes_all_at_once_and_nothing_more_is_written(stream: PointStream, folder: PublicFolder) -> None:
    stretches = cut(film(30))
    write(stream, stretches[:3])
    folder.close(CODE)
    assert not folder.of_point(CODE).exists()
    write(stream, stretches[3:5])
    assert not folder.of_point(CODE).exists()
    folder.reopen(CODE, before=time.time() - 60)
    assert folder.is_closed(CODE), "a newer mark than what was read stays"
    folder.reopen(CODE)
    write(stream, stretches[5:6])
    assert len(listed(folder).segments) == 1


def test_another_user_s_folder_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(PermissionError):
        PublicFolder(tmp_path / "link").make_point(CODE)


@pytest.fixture
def writer(folder: PublicFolder) -> Iterator[StreamWriter]:
    writer = StreamWriter(folder)
    writer.start()
    yield writer
    writer.stop()


def play(listener: PacketListener, pictures: list[Coded]) -> None:
    listener.begin("h264", b"", TICK)
    now = time.monotonic() - pictures[-1].pts * TICK
    for one in pictures:
        listener.add(one.data, one.pts, None, one.keyframe, False, now + one.pts * TICK)


def test_only_what_is_public_is_written_and_a_full_disk_is_said_once(
    writer: StreamWriter, folder: PublicFolder, caplog: pytest.LogCaptureFixture
) -> None:
    shown = PublicStream(CODE, live=True, delay_s=0)
    listener = writer.listen(Camera(pk=1))
    pictures = film(14)
    play(listener, pictures)
    writer.show_only({1: shown}, [shown])
    assert not folder.of_point(CODE).exists()
    folder.path.write_text("a file where the folder should be")
    play(listener, pictures)
    wait_until(lambda: writer.problem, 10)
    play(listener, pictures)
    wait_until(lambda: writer._queue.empty(), 10)
    folder.path.unlink()
    play(listener, pictures)
    wait_until(lambda: not writer.problem and (folder.of_point(CODE) / PLAYLIST).exists(), 10)
    assert caplog.text.count("Can't write public video") == 1
    writer.show_only({}, [])
    wait_until(lambda: not folder.of_point(CODE).exists(), 10)


def test_a_slow_disk_drops_stretches_and_never_holds_up_the_reading(folder: PublicFolder) -> None:
    stopped = StreamWriter(folder)
    shown = PublicStream(CODE, live=True, delay_s=0)
    stopped.show_only({1: shown}, [shown])
    listener = stopped.listen(Camera(pk=1))
    pictures = film(14)
    for _ in range(40):
        play(listener, pictures)
    assert stopped.dropped > 0
    assert not folder.path.exists()
