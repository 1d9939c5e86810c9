"""Measure what recording costs: made-up packets of many cameras onto one real disk, at the pace of real ones."""

import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from streams.cameras.models import Camera
from streams.evidence.recording.feed import RecordedCamera
from streams.evidence.recording.writer import MinuteRecorder
from streams.source.fmp4 import TICKS

FPS, GOP = 25, 50
KEY_SHARE = 6  # a keyframe is so many times as large as another picture
START = b"\0\0\0\1"
# Parameter sets of 1280×720 as x264 writes them.
HEADS = START + bytes.fromhex("6742c01fda014016e840000003004000afc803c60ca8") + START + bytes.fromhex("68ce0fc8")
KEY, OTHER = b"\x65", b"\x41"  # kinds of NAL units


@dataclass(frozen=True, slots=True)
class RecordingPlan:
    """cameras: how many; megabits: of each a second; folder: on the disk to be measured, by default the temporary."""

    cameras: int
    seconds: float
    megabits: float = 1.0
    folder: Path | None = None


class RecordingCost(TypedDict):
    """What was measured. Cores are processor seconds a second; late_ms: by how much the feed was behind its pace."""

    cameras: int
    seconds: float
    mb_per_s: float
    packets_per_s: float
    writer_cores: float
    feeding_cores: float
    minutes: int
    lost: int
    late_ms: int
    stopped_in_s: float


def measure_recording(plan: RecordingPlan, progress: Callable[[str], None]) -> RecordingCost:
    """Write for plan.seconds and remove what was written. Raises OSError."""
    film = _film(plan.megabits)
    with tempfile.TemporaryDirectory(prefix="sidak-recording-", dir=plan.folder) as folder:
        recorder = MinuteRecorder(Path(folder))
        cameras = range(1, plan.cameras + 1)
        recorder.choose(dict.fromkeys(cameras, "street"))
        feeds = [recorder.listen(Camera(pk=number, place_id=1)) for number in cameras]
        for feed in feeds:
            feed.begin("h264", b"", 1 / TICKS)
        recorder.start()
        progress(f"{plan.cameras} cameras of {plan.megabits:g} Mbit/s into {folder} for {plan.seconds:g} s")
        began = time.monotonic()
        spent, late = _show(feeds, film, plan.seconds)
        lasted, writing = time.monotonic() - began, recorder.spent_s
        recorder.stop()
        stopped = time.monotonic() - began - lasted
        size = sum(file.stat().st_size for file in Path(folder).rglob("*.mp4"))
        return {
            "cameras": plan.cameras,
            "seconds": round(lasted, 1),
            "mb_per_s": round(size / lasted / 1e6, 1),
            "packets_per_s": round(plan.cameras * FPS),
            "writer_cores": round(writing / lasted, 3),
            "feeding_cores": round(spent / lasted, 3),
            "minutes": sum(1 for _ in Path(folder).rglob("*.mp4")),
            "lost": recorder.lost,
            "late_ms": round(late * 1000),
            "stopped_in_s": round(stopped, 1),
        }


def _show(feeds: list[RecordedCamera], film: list[tuple[bytes, bool]], seconds: float) -> tuple[float, float]:
    """Feed every camera at FPS; return the processor seconds that this took, and how late it was at worst."""
    began, spent, late = time.monotonic(), 0.0, 0.0
    for number in range(round(seconds * FPS)):
        due = began + number / FPS
        time.sleep(max(0.0, due - time.monotonic()))
        now = time.monotonic()
        late = max(late, now - due)
        before = time.thread_time()
        at = round(due * TICKS)
        for shift, feed in enumerate(feeds):  # keyframes of different cameras come at different times
            data, key = film[(number + shift) % len(film)]
            feed.add(data, at, at, key, False, now)
        spent += time.thread_time() - before
    return spent, late


def _film(megabits: float) -> list[tuple[bytes, bool]]:
    """Return one group of pictures of the right size whose content is noise, as that of a compressed picture is."""
    noise = random.Random(7)  # noqa: S311 no secret
    small = round(megabits * 125_000 * GOP / FPS / (GOP - 1 + KEY_SHARE))

    def slices(size: int) -> bytes:
        return bytes(noise.choices(range(1, 256), k=size))

    others = [(START + OTHER + slices(small), False) for _ in range(GOP - 1)]
    return [(HEADS + START + KEY + slices(small * KEY_SHARE), True), *others]
