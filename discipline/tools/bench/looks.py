"""Measure the pipeline from a camera's picture to a stored verdict on a scratch database."""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NotRequired, TypedDict, TypeVar

import psutil
from django.conf import settings
from django.db import connection

from discipline.core.environment import BASE_DIR
from discipline.ops.watch.loop import Watch
from discipline.staffing.models import StaffingRule
from offices.hours.models import HoursPlan
from offices.places.models import Counter, Kecamatan, Kelurahan
from streams.cameras.models import Camera, Zone
from streams.simulator.layouts import layout_of

WARM_UP_S = 15.0
N = TypeVar("N", int, float)


@dataclass(frozen=True, slots=True)
class BenchPlan:
    """What to measure. `pattern` is an RTSP address with a %d for the camera's number, from 1.

    `zone` returns a camera's polygon in fractions of the picture; `records`: keep packets and evidence.
    """

    cameras: int
    seconds: float
    pattern: str
    zone: Callable[[int], list[list[float]]]
    records: bool = True


class Percentiles(TypedDict):
    """The median and the 95th percentile; None with fewer than two values."""

    p50: float | None
    p95: float | None


class PipelineFigures(TypedDict):
    """The result; units are in the names. Cores are processor seconds per second.

    settled_by: share of the verdicts by DetectionStep or Blind value; look_ms: mean processor time by kind of look;
    unchanged_saves_cores: what the shortcut for unchanged pictures saved. The last three keys are those of
    compare_with_recording().
    """

    cameras: int
    seconds: float
    looks_per_s: float
    cores: float
    rss_mb: int
    look_latency_ms: Percentiles
    dropped: int
    settled_by: dict[str, float]
    cost_cores: dict[str, float]
    look_ms: dict[str, float]
    unchanged_saves_cores: float
    cores_without_recording: NotRequired[float]
    rss_mb_without_recording: NotRequired[int]
    recording_costs: NotRequired[float]


@contextmanager
def scratch_database() -> Iterator[None]:
    """Create a database beside the real one, use it inside the block and drop it afterwards."""
    connection.settings_dict["TEST"]["NAME"] = f"bench_{os.getpid()}"
    real = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(real, verbosity=0)


@contextmanager
def scratch_evidence() -> Iterator[None]:
    """Store evidence in a temporary folder: in the real one the same ids belong to other counters."""
    real = settings.EVIDENCE_DIR
    with tempfile.TemporaryDirectory(dir=settings.VAR_DIR, prefix="bench-") as folder:
        settings.EVIDENCE_DIR = Path(folder)
        try:
            yield
        finally:
            settings.EVIDENCE_DIR = real


@contextmanager
def own_simulator(cameras: int, port: int, script: str, labels: Path | None = None) -> Iterator[str]:
    """Run simulated cameras in another process; yield the pattern of their addresses.

    labels: the labels of real clips that the cameras show, instead of the demo's offices. Raises RuntimeError when the
    process ends before it is ready.
    """
    command = [sys.executable, "-m", "streams.simulator", "--cameras", str(cameras), "--port", str(port)]
    command += ["--footage", str(settings.VAR_DIR / ("footage-labelled" if labels else "footage")), "--script", script]
    command += ["--labels", str(labels)] if labels else []
    process = subprocess.Popen(command, cwd=BASE_DIR, stdout=subprocess.PIPE, text=True)  # noqa: S603
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if "ready" in line:
                break
        else:
            raise RuntimeError("the simulator ended before it was ready")
        threading.Thread(target=process.stdout.read, daemon=True).start()
        yield f"rtsp://127.0.0.1:{port}/cam%03d"
    finally:
        process.terminate()
        process.wait(10)


def whole_picture(_number: int) -> list[list[float]]:
    """Return a zone of nearly the whole picture, for cameras with an unknown view."""
    return [[0.02, 0.02], [0.98, 0.02], [0.98, 0.98], [0.02, 0.98]]


def simulated_zone(number: int) -> list[list[float]]:
    """Return the staff zone of a simulated camera, as the demo draws it."""
    return [list(point) for point in layout_of(number).zone]


def create_bench_rows(plan: BenchPlan) -> None:
    """Create an office, camera, counter and zone for each camera, on duty around the clock, under the default rule."""
    kecamatan = Kecamatan.objects.create(code="bench", name="Bench", latitude=0, longitude=0)
    HoursPlan.objects.create(name="Bench", on_holidays=True, **dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"))
    StaffingRule.objects.create()
    for number in range(1, plan.cameras + 1):
        office = Kelurahan.objects.create(
            code=f"bench.{number}", kecamatan=kecamatan, name=str(number), latitude=0, longitude=0
        )
        camera = Camera.objects.create(kelurahan=office, name="Kamera", url=plan.pattern % number)
        counter = Counter.objects.create(kelurahan=office, name="Loket")
        Zone.objects.create(camera=camera, subject=counter.subject, polygon=plan.zone(number))


def measure_pipeline(plan: BenchPlan, progress: Callable[[str], None]) -> PipelineFigures:
    """Run a whole watch in this process and measure it for `plan.seconds` after a warm-up."""
    watch, stopping = Watch("bench", plan.records), threading.Event()
    runner = threading.Thread(target=watch.run, args=(stopping,), name="fleet")
    runner.start()
    try:
        progress(f"warming up for {WARM_UP_S:.0f} s")
        time.sleep(WARM_UP_S)
        watch.recorder.latencies_s.clear()
        before = _Reading.of(watch)
        progress(f"measuring for {plan.seconds:.0f} s")
        time.sleep(plan.seconds)
        after = _Reading.of(watch)
        latencies = sorted(1000 * s for s in watch.recorder.latencies_s)
    finally:
        stopping.set()
        runner.join()
    return _figures(plan, before, after, latencies)


def compare_with_recording(plan: BenchPlan, progress: Callable[[str], None]) -> PipelineFigures:
    """Measure without recording, then with it; add the former's cores and memory, and the quotient of the cores."""
    without = measure_pipeline(replace(plan, records=False), progress)
    figures = measure_pipeline(replace(plan, records=True), progress)
    figures["cores_without_recording"] = without["cores"]
    figures["rss_mb_without_recording"] = without["rss_mb"]
    figures["recording_costs"] = round(figures["cores"] / without["cores"], 3)
    return figures


@dataclass(frozen=True, slots=True)
class _Reading:
    """A watch's running totals at one moment (`at`, monotonic). Times in seconds, by thread or by kind of look."""

    at: float
    process_s: float
    threads_s: dict[str, float]
    decode_s: float
    settled: dict[str, int]
    looks: dict[str, int]
    spent_s: dict[str, float]
    dropped: int

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
            dict(lookout.settled_by),
            dict(lookout.looks_by_kind),
            dict(lookout.spent_s),
            lookout.dropped + watch.recorder.lost,
        )


def _figures(plan: BenchPlan, before: _Reading, after: _Reading, latencies_ms: list[float]) -> PipelineFigures:
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
    return {
        "cameras": plan.cameras,
        "seconds": round(seconds, 1),
        "looks_per_s": round(sum(looks.values()) / seconds, 2),
        "cores": _cores(after.process_s - before.process_s, seconds),
        "rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "look_latency_ms": {"p50": _percentile(latencies_ms, 50), "p95": _percentile(latencies_ms, 95)},
        "dropped": after.dropped - before.dropped,
        "settled_by": {step: round(count / verdicts, 3) for step, count in sorted(settled.items())},
        "cost_cores": {
            "reading": round(threads.get("camera", 0.0) - decoding, 3),
            "decoding": decoding,
            "detecting": threads.get("examiner", 0.0),
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


def percentiles(values: list[float]) -> Percentiles:
    """Return the median and the 95th percentile, rounded to whole numbers."""
    if len(values) < 2:
        return {"p50": None, "p95": None}
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return {"p50": round(cuts[49]), "p95": round(cuts[94])}


def _percentile(ordered: list[float], percent: int) -> float | None:
    """Return one percentile, rounded to 0.1; None with fewer than two values."""
    if len(ordered) < 2:
        return None
    return round(statistics.quantiles(ordered, n=100, method="inclusive")[percent - 1], 1)
