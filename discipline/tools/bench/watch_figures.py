"""Measure a watch in its own process: the cores and memory of everything from the picture to the stored verdict."""

import resource
import statistics
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NotRequired, TypedDict, TypeVar

import psutil

from discipline.ops.watch.loop import Watch
from discipline.tools.bench.percentiles import Percentiles, percentile
from discipline.tools.bench.pyav_reading import ReadingFigures
from streams.cameras.models import Camera
from streams.watch.examiner_thread import Lookout

WARM_UP_S = 15.0
POLL_S = 0.5
N = TypeVar("N", int, float)


class PipelineFigures(TypedDict):
    """The result; units are in the names. Cores are processor seconds per second.

    rss_mb: most memory that the process has taken, with the libraries' pages; memory_mb: what it takes at the end, and
    how much of that is its own and no page of a file. longest_gap_s: of the cameras, the longest time without a look,
    in the median and at most; starved: cameras that were not looked at.
    settled_by: share of the verdicts by DetectionStep or Blind value; look_ms: mean processor time by kind of look;
    queue_age_ms: how old pictures are when they are taken up; reader: cameras read by the loop and by FFmpeg; shed: the
    dropped pictures by the seconds between looks; unchanged_saves_cores: what the shortcut for unchanged pictures
    saved. simulator_cores: of the simulator beside it, the start included. pyav: a process that only read the same
    cameras with PyAV; times_pyav: the watch's cores by its cores. The last three keys are those of
    compare_with_recording().
    """

    cameras: int
    seconds: float
    looks_per_s: float
    cores: float
    rss_mb: int
    memory_mb: dict[str, int]
    look_latency_ms: Percentiles
    queue_age_ms: Percentiles
    examiner_threads: int
    reader: dict[str, int]
    dropped: int
    shed: dict[str, int]
    longest_gap_s: dict[str, float]
    starved: int
    settled_by: dict[str, float]
    cost_cores: dict[str, float]
    look_ms: dict[str, float]
    unchanged_saves_cores: float
    simulator_cores: NotRequired[float]
    pyav: NotRequired[ReadingFigures]
    times_pyav: NotRequired[float]
    cores_without_recording: NotRequired[float]
    rss_mb_without_recording: NotRequired[int]
    recording_costs: NotRequired[float]


def measure_watch(seconds: float, records: bool, progress: Callable[[str], None]) -> PipelineFigures:
    """Run a whole watch in this process and measure it for so many seconds after a warm-up."""
    watch, stopping = Watch("bench", records), threading.Event()
    runner = threading.Thread(target=watch.run, args=(stopping,), name="fleet")
    runner.start()
    try:
        progress(f"starting, then warming up for {WARM_UP_S:.0f} s")
        cameras = Camera.objects.count()
        while len(watch.lookout.reports("bench")) < cameras:
            time.sleep(POLL_S)
        time.sleep(WARM_UP_S)
        watch.recorder.latencies_s.clear()
        watch.lookout.stats.ages_s.clear()
        before = _Reading.of(watch)
        progress(f"measuring for {seconds:.0f} s")
        gaps, starved = _longest_gaps(watch.lookout, seconds)
        after, memory = _Reading.of(watch), _memory_mb()
        latencies = sorted(1000 * s for s in watch.recorder.latencies_s)
        readers = dict(watch.lookout.readers())
    finally:
        stopping.set()
        runner.join()
    return _figures(before, after, latencies, watch.lookout, readers, gaps, starved, memory)


def _longest_gaps(lookout: Lookout, seconds: float) -> tuple[dict[int, float], int]:
    """Wait for so many seconds; return by camera the longest time without a look, and how many were not looked at."""
    began = time.monotonic()
    gaps: dict[int, float] = {}
    looked: dict[int, tuple[str | None, float]] = {}
    unseen: set[int] = set()
    while (now := time.monotonic()) < began + seconds:
        for camera, report in lookout.reports("bench").items():
            if camera not in looked:
                looked[camera] = report["picture_at"], began
                unseen.add(camera)
            newest, since = looked[camera]
            gaps[camera] = max(gaps.get(camera, 0.0), now - since)
            if report["picture_at"] != newest:
                looked[camera] = report["picture_at"], now
                unseen.discard(camera)
        time.sleep(POLL_S)
    return gaps, len(unseen)


def _memory_mb() -> dict[str, int]:
    info = psutil.Process().memory_full_info()
    return {"rss": round(info.rss / 2**20), "own": round(info.uss / 2**20)}


@dataclass(frozen=True, slots=True)
class _Reading:
    """A watch's running totals at one moment (`at`, monotonic). Times in seconds, by thread or by kind of look."""

    at: float
    process_s: float
    threads_s: dict[str, float]
    decode_s: float
    controls_s: float
    settled: dict[str, int]
    looks: dict[str, int]
    spent_s: dict[str, float]
    dropped: int
    shed: dict[str, int]

    @classmethod
    def of(cls, watch: Watch) -> "_Reading":
        usage = resource.getrusage(resource.RUSAGE_SELF)
        names = {thread.native_id: thread.name.split("-")[0] for thread in threading.enumerate()}
        threads: dict[str, float] = {}
        for thread in psutil.Process().threads():
            name = names.get(thread.id, "libraries")
            threads[name] = threads.get(name, 0.0) + thread.user_time + thread.system_time
        lookout = watch.lookout
        return cls(
            time.monotonic(),
            usage.ru_utime + usage.ru_stime,
            threads,
            lookout.decode_s,
            lookout.controls_s,
            dict(lookout.stats.settled_by),
            dict(lookout.stats.looks_by_kind),
            dict(lookout.stats.spent_s),
            lookout.dropped + watch.recorder.lost,
            dict(lookout.shed),
        )


def _figures(
    before: _Reading,
    after: _Reading,
    latencies_ms: list[float],
    lookout: Lookout,
    readers: dict[str, int],
    gaps: Mapping[int, float],
    starved: int,
    memory: dict[str, int],
) -> PipelineFigures:
    seconds = after.at - before.at
    threads = {
        name: _cores(after.threads_s[name] - before.threads_s.get(name, 0.0), seconds) for name in after.threads_s
    }
    looks, spent = _difference(after.looks, before.looks), _difference(after.spent_s, before.spent_s)
    each_ms = {kind: round(1000 * spent[kind] / count, 2) for kind, count in looks.items() if count}
    saved = looks.get("unchanged", 0) * (each_ms.get("examined", 0) - each_ms.get("unchanged", 0)) / 1000
    decoding = _cores(after.decode_s - before.decode_s, seconds)
    settled = _difference(after.settled, before.settled)
    verdicts = sum(settled.values()) or 1
    ages_ms = sorted(1000 * age_s for age_s in lookout.stats.ages_s)
    return {
        "cameras": len(gaps),
        "seconds": round(seconds, 1),
        "looks_per_s": round(sum(looks.values()) / seconds, 2),
        "cores": _cores(after.process_s - before.process_s, seconds),
        "rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "memory_mb": memory,
        "look_latency_ms": {"p50": percentile(latencies_ms, 50), "p95": percentile(latencies_ms, 95)},
        "queue_age_ms": {"p50": percentile(ages_ms, 50), "p95": percentile(ages_ms, 95)},
        "examiner_threads": len(lookout.examiners),
        "reader": readers,
        "dropped": after.dropped - before.dropped,
        "shed": _difference(after.shed, before.shed),
        "longest_gap_s": {
            "p50": round(statistics.median(gaps.values()), 1),
            "max": round(max(gaps.values()), 1),
        },
        "starved": starved,
        "settled_by": {step: round(count / verdicts, 3) for step, count in sorted(settled.items())},
        "cost_cores": {
            "reading": round(threads.get("reading", 0.0) + threads.get("camera", 0.0), 3),  # the loop, and FFmpeg
            "decoding": decoding,  # in the examiner's thread
            "detecting": round(threads.get("examiner", 0.0) - decoding, 3),
            "controls": _cores(after.controls_s - before.controls_s, seconds),  # of the detecting
            "libraries": threads.get("libraries", 0.0),  # threads of OpenVINO and MediaPipe
            "ledger": threads.get("recorder", 0.0),
            "evidence": threads.get("evidence", 0.0),
            "fleet": round(threads.get("fleet", 0.0) + threads.get("blind", 0.0), 3),
        },
        "look_ms": each_ms,
        "unchanged_saves_cores": round(saved / seconds, 3),
    }


def _cores(spent_s: float, seconds: float) -> float:
    return round(spent_s / seconds, 3)


def _difference(after: Mapping[str, N], before: Mapping[str, N]) -> dict[str, N]:
    return {name: value - before[name] if name in before else value for name, value in after.items()}
