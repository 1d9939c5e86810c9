"""What runs: the parts of /healthz, the disks and the cameras."""

import shutil
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from django.conf import settings

from discipline.core.heartbeats import Part
from discipline.ops.doctor.diagnosis import Diagnosis, fault, ok, warning
from discipline.ops.health import REASONS, check_health
from streams.cameras import words
from streams.cameras.models import Camera
from streams.evidence.disk import DiskRoom, DiskState
from streams.evidence.recording.figures import recording_figures
from streams.evidence.recording.models import EarlyDeletion
from streams.setup.camera_health import is_fresh
from streams.source import newest_picture, probing

PROBES = 8  # cameras that are tested at once
ROOM = "Remove what is not Sidak's, lower the quota of evidence, or add a disk."
MEND = {
    "database": "Start PostgreSQL, and compare DATABASE_URL with its address and password.",
    "valkey": "Start Valkey, and compare REDIS_URL with its address and password.",
    "watch": "Start the program watch, and read its log.",
    "stalled": "Read the log of watch: a machine that is too slow, or suspended, stalls it.",
    Part.WORKER: "Start the program worker, and read its log.",
    Part.BEAT: "Start the program beat, and read its log.",
    Part.DISK: ROOM,
}
MORE_ROOM = "Add a disk, or let the inspectorate shorten a class on the page Rekaman."
BY_WORKER = "Read the log of worker."
BY_WATCH = "Read the log of watch."


def check_parts(now: datetime) -> Iterator[Diagnosis]:
    """Report what /healthz does."""
    failing, report = check_health(now)
    for name in failing:
        mend = MEND.get(name) or (BY_WATCH if name in (Part.RECORDER, Part.EVIDENCE) else BY_WORKER)
        yield fault("health", REASONS[name], mend)
    if not failing:
        yield ok("health", "database, Valkey and all programs work")
    evidence = report["evidence"] or {}
    if evidence.get("disk") == DiskState.LOW:
        yield warning("disk", f"only {evidence['free_gb']} GB are free for evidence", ROOM)
    elif evidence.get("free_gb") is not None and Part.DISK not in failing:
        yield ok("disk", f"{evidence['free_gb']} GB are free for evidence")
    if evidence.get("state") in ("warning", "full"):
        yield warning(
            "disk", f"evidence takes {evidence['percent']} % of its quota", "Raise the quota, if disks allow."
        )


def check_var_disk() -> Iterator[Diagnosis]:
    """Report whether there is room for logs and the like."""
    usage = shutil.disk_usage(settings.VAR_DIR)
    room = DiskRoom(usage.free, usage.total)
    text = f"{room.free / 1e9:.1f} GB are free in {settings.VAR_DIR}"
    yield ok("disk", text) if room.state == DiskState.ENOUGH else warning("disk", text, ROOM)


def check_recordings(now: datetime) -> Iterator[Diagnosis]:
    """Report for how many days there is room for recordings, and what was deleted early. Raises DatabaseError."""
    figures = recording_figures(now)
    if figures.room is None or figures.forecast is None:
        yield fault("recordings", "their disk can't be read", "Compare RECORDING_DIR with the disks.")
        return
    early = EarlyDeletion.objects.filter(at__gt=now - timedelta(days=1)).first()
    if early:
        text = f"{early.minutes} minutes of class {early.kept_as} were deleted before their time ({early.why})"
        yield warning("recordings", text, MORE_ROOM)
    elif not figures.forecast.fits:
        yield warning("recordings", f"their rules need {figures.forecast.needed_bytes / 1e9:.0f} GB", MORE_ROOM)
    elif figures.forecast.days is not None:
        yield ok("recordings", f"there is room for {figures.forecast.days:.1f} days")


def check_cameras(now: datetime) -> Iterator[Diagnosis]:
    """Report the enabled cameras that a watch can't read or that send keyframes too rarely. Raises DatabaseError."""
    cameras = Camera.objects.with_place().filter(enabled=True)
    reports = newest_picture.read_health()
    kinds: Counter[str] = Counter()
    for camera in cameras:
        report = reports.get(camera.pk, {})
        if not is_fresh(report, now):
            kinds["unread"] += 1
        elif report.get("state") != "online":
            kinds["offline"] += 1
        elif "long_gop" in report.get("warnings", []):
            kinds["gop"] += 1
            yield _rare_keyframes(camera, report.get("gop_s"))
    if kinds["offline"]:
        yield warning("cameras", f"{kinds['offline']} can't be read", "The page Kamera names each with its reason.")
    if kinds["unread"]:
        yield warning("cameras", f"{kinds['unread']} are read by no watch", "Start more of the program watch.")
    fine = len(cameras) - kinds.total()
    yield ok("cameras", f"{fine} of {len(cameras)} send pictures and keyframes often enough")


def probe_cameras() -> Iterator[Diagnosis]:
    """Test the address of each enabled camera, which takes up to ten seconds each. Raises DatabaseError."""
    cameras = list(Camera.objects.with_place().filter(enabled=True))
    with ThreadPoolExecutor(PROBES) as pool:
        probes = pool.map(
            lambda url: probing.probe(url, look_s=settings.LOOK_S, relay_folder=settings.RELAY_DIR),
            [camera.full_url for camera in cameras],
        )
        for camera, probe in zip(cameras, probes, strict=True):
            if not probe.ok:
                cause, advice = words.PROBLEMS.get(probe.problem, words.UNKNOWN_PROBLEM)
                yield fault(f"camera {camera}", str(cause), str(advice))
            elif "long_gop" in probe.warnings:
                yield _rare_keyframes(camera, probe.gop_s)
            else:
                every = f", a keyframe every {probe.gop_s:.1f} s" if probe.gop_s else ""
                yield ok(f"camera {camera}", f"{probe.width}×{probe.height}, {probe.fps} pictures a second{every}")


def _rare_keyframes(camera: Camera, every_s: float | None) -> Diagnosis:
    every = f"every {every_s:.1f} s" if every_s else "more rarely than looks"
    return warning(f"camera {camera}", f"sends keyframes {every}", "Set the distance of its keyframes (GOP) to 2 s.")
