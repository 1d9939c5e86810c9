"""Measure the pipeline from a camera's picture to a stored verdict on a scratch database."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from django.conf import settings
from django.db import connection
from django.utils import timezone

from discipline.core.environment import BASE_DIR
from discipline.ops.append_only.roles import database_owner
from discipline.staffing.models import StaffingRule
from discipline.tools.bench.clip_cameras import Views
from discipline.tools.bench.watch_figures import PipelineFigures
from offices.hours.models import HoursPlan
from offices.places.models import Counter, Kecamatan, Kelurahan
from streams.cameras.models import Camera, Zone
from streams.looks.models import StaffControl
from streams.pixels.jpeg import encode_jpeg
from streams.pixels.quality import signature
from streams.simulator.clips import FPS

REFERENCE_QUALITY = 85  # of its JPEG


@dataclass(frozen=True, slots=True)
class BenchPlan:
    """What to measure. `pattern` is an RTSP address with a %d for the camera's number, from 1.

    `view` returns what a camera shows; `records`: keep packets and evidence.
    """

    cameras: int
    seconds: float
    pattern: str
    view: Views
    records: bool = True


@contextmanager
def scratch_database() -> Iterator[None]:
    """Create a database beside the real one, use it inside the block and drop it afterwards.

    Processes that are started inside it use it, too.
    """
    with database_owner():
        connection.settings_dict["TEST"]["NAME"] = name = f"bench_{os.getpid()}"
        real, address = connection.settings_dict["NAME"], os.environ["DATABASE_URL"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        os.environ["DATABASE_URL"] = urlsplit(address)._replace(path=f"/{name}").geturl()
        try:
            yield
        finally:
            os.environ["DATABASE_URL"] = address
            connection.creation.destroy_test_db(real, verbosity=0)


@contextmanager
def scratch_evidence() -> Iterator[None]:
    """Have processes store evidence in a temporary folder: in the real one the same ids belong to other counters."""
    real = os.environ.get("EVIDENCE_DIR", "")
    with tempfile.TemporaryDirectory(dir=settings.VAR_DIR, prefix="bench-") as folder:
        os.environ["EVIDENCE_DIR"] = folder
        try:
            yield
        finally:
            os.environ["EVIDENCE_DIR"] = real or str(settings.EVIDENCE_DIR)


def footage_folder(labels: Path | None, fps: int = FPS) -> Path:
    """Return the folder of the simulator's footage, of labelled clips or of the demo's offices."""
    return settings.VAR_DIR / ("footage" + ("-labelled" if labels else "") + (f"-{fps}fps" if fps != FPS else ""))


@contextmanager
def own_simulator(
    cameras: int, port: int, script: str, labels: Path | None = None, fps: int = FPS
) -> Iterator[tuple[str, psutil.Process]]:
    """Run simulated cameras in another process; yield the pattern of their addresses, and the process.

    labels: the labels of real clips that the cameras show, instead of the demo's offices. fps: their pictures a second.
    Raises RuntimeError when the process ends before it is ready.
    """
    command = [sys.executable, "-m", "streams.simulator", "--cameras", str(cameras), "--port", str(port)]
    command += ["--footage", str(footage_folder(labels, fps)), "--fps", str(fps), "--script", script]
    command += ["--labels", str(labels)] if labels else []
    settings.CAMERA_NETWORKS = [*settings.CAMERA_NETWORKS, ip_network("127.0.0.0/8")]  # here and in what is started
    os.environ["CAMERA_NETWORKS"] = ",".join(map(str, settings.CAMERA_NETWORKS))
    process = subprocess.Popen(command, cwd=BASE_DIR, stdout=subprocess.PIPE, text=True)  # noqa: S603
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if "ready" in line:
                break
        else:
            raise RuntimeError("the simulator ended before it was ready")
        threading.Thread(target=process.stdout.read, daemon=True).start()
        yield f"rtsp://127.0.0.1:{port}/cam%03d", psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(10)


def create_bench_rows(plan: BenchPlan) -> None:
    """Create an office, camera, counter and zone for each camera, on duty around the clock, under the default rule."""
    kecamatan = Kecamatan.objects.create(code="bench", name="Bench", latitude=0, longitude=0)
    HoursPlan.objects.create(name="Bench", on_holidays=True, **dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"))
    StaffingRule.objects.create()
    for number in range(1, plan.cameras + 1):
        office = Kelurahan.objects.create(
            code=f"bench.{number}", kecamatan=kecamatan, name=str(number), latitude=0, longitude=0
        )
        camera = Camera(kelurahan=office, name="Kamera", url=plan.pattern % number)
        view = plan.view(number)
        if view.reference is not None:
            camera.reference = signature(view.reference).tobytes()
            camera.reference_jpeg = encode_jpeg(view.reference, REFERENCE_QUALITY)
            camera.reference_at = timezone.now()
        camera.save()
        counter = Counter.objects.create(kelurahan=office, name="Loket")
        zone = Zone.objects.create(camera=camera, subject=counter.subject, polygon=view.zone)
        now = timezone.now()
        StaffControl.objects.bulk_create(
            StaffControl(zone=zone, at=now, score=0.5, jpeg=jpeg) for jpeg in view.controls
        )


def measure_pipeline(plan: BenchPlan, simulator: psutil.Process | None = None) -> PipelineFigures:
    """Measure a whole watch in a process of its own, and the simulator beside it. Raises CalledProcessError."""
    before, began = _spent_s(simulator), time.monotonic()
    command = [sys.executable, str(BASE_DIR / "manage.py"), "bench_watch", str(plan.seconds)]
    command += [] if plan.records else ["--no-recording"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603
    figures: PipelineFigures = json.loads(done.stdout)
    if simulator:
        figures["simulator_cores"] = round((_spent_s(simulator) - before) / (time.monotonic() - began), 3)
    return figures


def _spent_s(process: psutil.Process | None) -> float:
    """Return the processor seconds of a process."""
    times = process.cpu_times() if process else None
    return times.user + times.system if times else 0.0


def compare_with_recording(plan: BenchPlan, simulator: psutil.Process | None = None) -> PipelineFigures:
    """Measure without recording, then with it; add the former's cores and memory, and the quotient of the cores."""
    without = measure_pipeline(replace(plan, records=False), simulator)
    figures = measure_pipeline(replace(plan, records=True), simulator)
    figures["cores_without_recording"] = without["cores"]
    figures["rss_mb_without_recording"] = without["rss_mb"]
    figures["recording_costs"] = round(figures["cores"] / without["cores"], 3)
    return figures
