"""The writer of the recording: real packets into real files, a full disk, a killed process."""

import hashlib
import itertools
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest

from streams.cameras.models import Camera
from streams.evidence.recording import camera_minutes, files, minute_file
from streams.evidence.recording.feed import RecordedCamera
from streams.evidence.recording.finished import ticks_of
from streams.evidence.recording.mending import mend_folder
from streams.evidence.recording.models import RecordedMinute
from streams.evidence.recording.writer import MinuteRecorder
from streams.source.fmp4 import TICKS
from streams.source.ring import Packet
from tests.support.base import one_office
from tests.support.filming import FPS, filmed, times
from tests.support.paths import ROOT
from tests.support.waiting import wait_until

pytestmark = pytest.mark.django_db
Gap = RecordedMinute.Gap
PACKETS = filmed()
LOOP_S = len(PACKETS) / FPS


class Film:
    """Feeds a listener with the same film again and again, on a clock of its own that the test moves."""

    def __init__(self, feed: RecordedCamera, packets: list[Packet] = PACKETS) -> None:
        self.feed, self.clock, self.packets = feed, time.monotonic(), packets

    def show(self, seconds: float, damaged: int = -1) -> None:
        """Send the pictures of so many seconds, from a keyframe on."""
        for number in range(round(seconds * FPS)):
            packet = self.packets[number % len(self.packets)]
            self.clock += 1 / FPS
            at = round(self.clock * TICKS)
            self.feed.add(packet.data, at, at, packet.keyframe, number == damaged, self.clock)


def pictures(root: Path) -> int:
    """Return how many pictures all minutes hold; a few seconds may be in two of them."""
    return sum(len(times((root / row.path).read_bytes())) for row in RecordedMinute.objects.all())


@contextmanager
def recorder(root: Path, cameras: list[Camera], **options: int) -> Iterator[MinuteRecorder]:
    made = MinuteRecorder(root, **options)
    made.choose({camera.pk: "street" for camera in cameras})
    made.start()
    try:
        yield made
    finally:
        made.stop()


@pytest.fixture
def camera() -> Camera:
    return Camera.objects.create(kelurahan=one_office(), name="Pintu", url="rtsp://127.0.0.1/x")


def test_minutes_follow_one_another_without_a_gap_and_their_rows_are_true(tmp_path: Path, camera: Camera) -> None:
    with recorder(tmp_path, [camera]) as writer:
        feed = writer.listen(camera)
        feed.begin("h264", b"", 1 / TICKS)
        film = Film(feed)
        film.show(132)
        feed.end(lost=True)
        film.clock += 30
        feed.begin("h264", b"", 1 / TICKS)
        film.show(6)
    assert writer.rows.store() == RecordedMinute.objects.count()
    rows = list(RecordedMinute.objects.all())
    assert rows[0].gap == Gap.SYSTEM
    assert [row.gap for row in rows][1:-1] == [Gap.NONE] * (len(rows) - 2)
    assert rows[-1].gap == Gap.CAMERA
    assert (rows[-1].starts_at - rows[-2].ends_at).total_seconds() == pytest.approx(30, abs=0.5)
    assert sum((row.plays_until - row.plays_from).total_seconds() for row in rows) == pytest.approx(138, abs=0.5)
    for before, after in itertools.pairwise(rows[:-1]):
        assert before.plays_until == after.plays_from
    for row in rows:
        data = (tmp_path / row.path).read_bytes()
        assert hashlib.sha256(data).hexdigest() == row.sha256
        assert len(data) == row.size
        layout = minute_file.scan(data)
        assert layout
        assert minute_file.pack_index(layout) == bytes(row.keyframes)
        assert abs(layout.begins - ticks_of(row.plays_from)) < 2
        assert (row.kept_as, row.place_id) == ("street", camera.place_id)
    assert 50 < (rows[1].ends_at - rows[1].starts_at).total_seconds() < 64
    played = times((tmp_path / rows[1].path).read_bytes())
    assert len(played) == pytest.approx(60 * FPS, abs=2 * FPS)
    assert not list(tmp_path.rglob("*.open"))


def test_a_damaged_picture_and_all_that_refer_to_it_are_left_out(tmp_path: Path, camera: Camera) -> None:
    with recorder(tmp_path, [camera]) as writer:
        feed = writer.listen(camera)
        feed.begin("h264", b"", 1 / TICKS)
        Film(feed).show(6, damaged=40)  # of a group of pictures that begins with the 30th
    writer.rows.store()
    assert pictures(tmp_path) == len(PACKETS) - 20


def test_h265_is_recorded_with_the_sample_entry_that_browsers_expect(tmp_path: Path, camera: Camera) -> None:
    sent = filmed("libx265", (318, 182), **{"x265-params": "log-level=none:repeat-headers=1:bframes=0"})
    with recorder(tmp_path, [camera]) as writer:
        feed = writer.listen(camera)
        feed.begin("hevc", b"", 1 / TICKS)
        Film(feed, sent).show(6)
    writer.rows.store()
    assert pictures(tmp_path) == len(sent)
    file = tmp_path / RecordedMinute.objects.all()[0].path
    command = ["ffprobe", "-v", "error", "-show_streams", "-of", "json", str(file)]
    probed = subprocess.run(command, capture_output=True, check=True, timeout=60)
    assert not probed.stderr
    (stream,) = json.loads(probed.stdout)["streams"]
    found = [stream[name] for name in ("codec_name", "codec_tag_string", "width", "height", "pix_fmt")]
    assert found == ["hevc", "hvc1", 318, 182, "yuv420p"]


def test_what_is_switched_off_or_of_another_form_is_not_recorded(tmp_path: Path, camera: Camera) -> None:
    with recorder(tmp_path, [camera]) as writer:
        feed = writer.listen(camera)
        film = Film(feed)
        feed.begin("mjpeg", b"", 1 / TICKS)
        film.show(3)
        feed.begin("h264", b"", 1 / TICKS)
        film.show(3)
        writer.choose({})
        film.show(4)
        writer.choose({camera.pk: "hotspot"})
        film.show(3)
    writer.rows.store()
    assert list(RecordedMinute.objects.values_list("gap", "kept_as")) == [("format", "street"), ("off", "hotspot")]


def test_a_queue_that_is_full_loses_pictures_and_says_so(tmp_path: Path, camera: Camera) -> None:
    with recorder(tmp_path, [camera], queue_bytes=sum(len(packet.data) for packet in PACKETS) // 2) as writer:
        feed = writer.listen(camera)
        feed.begin("h264", b"", 1 / TICKS)
        Film(feed).show(LOOP_S)
        lost = writer.lost
        assert 0 < lost < len(PACKETS)
        wait_until(lambda: not writer._queue._waiting, 5)
        Film(feed).show(2)
    writer.rows.store()
    assert set(RecordedMinute.objects.values_list("gap", flat=True)) == {"system"}
    assert RecordedMinute.objects.count() >= 2


def test_a_disk_that_refuses_is_named_once_and_heals(
    tmp_path: Path, camera: Camera, caplog: pytest.LogCaptureFixture
) -> None:
    """A real refusal by the system: no file may grow beyond some bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    third = sum(len(packet.data) for packet in PACKETS) // 3
    with recorder(tmp_path, [camera]) as writer, patch.object(files, "RETRY_S", 0.2):
        feed = writer.listen(camera)
        feed.begin("h264", b"", 1 / TICKS)
        film = Film(feed)
        film.show(2)
        wait_until(lambda: list(tmp_path.rglob("*.open")) != [], 5)
        resource.setrlimit(resource.RLIMIT_FSIZE, (third, hard))
        try:
            film.show(18)
            wait_until(lambda: writer.folder.problem != "", 5)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        time.sleep(0.3)
        film.show(4)
        wait_until(lambda: writer.folder.problem == "", 5)
    writer.rows.store()
    first, *_, last = RecordedMinute.objects.all()
    assert first.gap == Gap.SYSTEM
    assert last.gap == Gap.DISK
    for row in RecordedMinute.objects.all():
        assert times((tmp_path / row.path).read_bytes())
        assert hashlib.sha256((tmp_path / row.path).read_bytes()).hexdigest() == row.sha256
    assert [record.levelname for record in caplog.records if "recordings" in record.message] == ["ERROR", "WARNING"]


def test_a_clock_that_was_set_does_not_run_the_file_backwards(tmp_path: Path, camera: Camera) -> None:
    with recorder(tmp_path, [camera]) as writer:
        feed = writer.listen(camera)
        feed.begin("h264", b"", 1 / TICKS)
        film = Film(feed)
        film.show(30)
        wait_until(lambda: not writer._queue._waiting, 5)
        time.sleep(0.5)
        shift = camera_minutes._clock_shift()
        with patch.object(camera_minutes, "_clock_shift", return_value=shift - 3600):
            film.show(125)
            wait_until(lambda: not writer._queue._waiting, 5)
            time.sleep(0.5)
    writer.rows.store()
    by_play = list(RecordedMinute.objects.order_by("plays_from"))
    assert all(a.plays_until <= b.plays_from for a, b in itertools.pairwise(by_play))
    assert by_play[-1].starts_at < by_play[0].starts_at  # what the clock said is kept beside it


KILLED = """
import sys, time
import django
django.setup()
from pathlib import Path
from streams.cameras.models import Camera
from streams.evidence.recording.writer import MinuteRecorder
from tests.streams.evidence.recording.test_writer import Film
writer = MinuteRecorder(Path(sys.argv[1]))
writer.choose({7: "street"})
writer.start()
feed = writer.listen(Camera(pk=7, place_id=3))
feed.begin("h264", b"", 1 / 90_000)
film = Film(feed)
while True:
    film.clock = max(film.clock, time.monotonic() - 6)
    film.show(6)
    print(film.clock, flush=True)
    time.sleep(0.3)
"""


def test_a_killed_process_loses_less_than_a_second_of_what_it_was_given(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    program = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment
    )
    assert program.stdout
    for _ in range(4):
        assert program.stdout.readline()
    time.sleep(0.29)  # the writer turns four times a second; the last film is written but its last half second
    program.send_signal(signal.SIGKILL)
    given = program.stdout.read().split()  # films beside the four: this one may have slept for long
    program.wait()
    (torn,) = tmp_path.rglob("*.open")
    with open(torn, "ab") as file:  # what a file system may leave behind the last write
        file.write(bytes(4000))
    writer = MinuteRecorder(tmp_path)
    mended = mend_folder(writer.folder, writer.rows)
    assert mended == writer.rows.store() == RecordedMinute.objects.count()
    played = 0
    for row in RecordedMinute.objects.all():  # two, where a minute ended meanwhile
        data = (tmp_path / row.path).read_bytes()
        played += len(times(data))
        assert hashlib.sha256(data).hexdigest() == row.sha256
        assert (row.camera_id, row.kept_as) == (7, "street")
    assert RecordedMinute.objects.all()[0].gap == Gap.SYSTEM
    assert played >= (3 + len(given)) * len(PACKETS)
    assert played % len(PACKETS) == 0 or played % len(PACKETS) >= len(PACKETS) - FPS

    # A file that is complete but whose row was never stored is found again, and a known one is left alone.
    assert mend_folder(writer.folder, writer.rows) == 0
    RecordedMinute.objects.all().delete()
    assert mend_folder(writer.folder, writer.rows) == mended
    assert writer.rows.store() == mended
    # Nothing whole: nothing is kept, and no row is made of it.
    (tmp_path / row.path).with_name("5959000.mp4.open").write_bytes(data[:100])
    assert mend_folder(writer.folder, writer.rows) == 0
    assert not list(tmp_path.rglob("*.open"))
