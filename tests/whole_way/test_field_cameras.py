"""Cameras as the field has them, from the operator's sheet to a verdict: a real watch reads and judges each."""

import io
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from django.test import Client

from discipline.staffing import ledger
from discipline.staffing.models import Flip, StaffingRule, Standing, StandingState
from offices.hours.models import HoursPlan
from offices.places.models import Counter
from streams.cameras.models import Camera, Zone
from streams.simulator.layouts import LAYOUTS
from tests.support.base import World
from tests.support.cameras import save, typed
from tests.support.odd_camera import CameraOddities, OddCamera, filmed_units
from tests.support.processes import start_watch
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

GOOD = {
    "an ordinary one": CameraOddities(),
    "two videos, the first silent": CameraOddities(silent_first=True),
    "stamps at half the clock's speed": CameraOddities(stamp_speed=0.5),
    "stamps that stand still": CameraOddities(stamp_speed=0.0),
    "keyframes that stop coming": CameraOddities(),
    "one viewer only": CameraOddities(sessions=1),
    "Digest with SHA-256": CameraOddities(algorithm="SHA-256"),
    "closes after 401": CameraOddities(algorithm="MD5", closes=True),
    "UDP only": CameraOddities(udp_only=True),
    "slow to describe": CameraOddities(describe_s=4.0),
    "MJPEG": CameraOddities(format="JPEG"),
}
FPS = 5
DAMAGED = CameraOddities(lose=5)
ZONE = [list(point) for point in LAYOUTS["hall"].zone]
JUDGED_S, HELD_S = 150.0, 20.0  # a bound for a busy machine; and how long the verdict must stand


@pytest.fixture
def ani() -> Client:
    ledger.schedule.forget()
    world = World()
    Camera.objects.all().delete()
    HoursPlan.objects.update(**dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"), on_holidays=True)
    StaffingRule.objects.create(
        absence_grace_s=90, opening_grace_s=90, closing_window_s=90, not_opened_s=300, exit_looks=2, stale_s=60
    )
    client = Client()
    client.force_login(world.ani)
    return client


@pytest.fixture
def cameras(footage: Path) -> Iterator[dict[str, OddCamera]]:
    """The cameras by what is odd about them; each shows an office whose counter is staffed."""
    dice = np.random.default_rng(1)
    with av.open(str(footage / "hall-staffed.h264")) as film:
        scenes = [picture.to_ndarray(format="bgr24") for picture in film.decode(video=0)][:: 15 // FPS]
    # A clerk who moves, and grain: a picture that comes again counts as frozen.
    shots = [
        (scenes[number % len(scenes)] + dice.integers(-4, 5, scenes[0].shape)).clip(0, 255).astype(np.uint8)
        for number in range(60 * FPS)
    ]
    steady = filmed_units(shots, lambda number: number % (2 * FPS) == 0)
    rare = filmed_units(shots, lambda number: number in (0, 2 * FPS, 4 * FPS))
    jpegs = tuple((cv2.imencode(".jpg", shot)[1].tobytes(),) for shot in shots)
    odds = {
        name: replace(odd, pictures={"MJPEG": jpegs, "keyframes that stop coming": rare}.get(name, steady), fps=FPS)
        for name, odd in {**GOOD, "every keyframe damaged": DAMAGED}.items()
    }
    with ExitStack() as stack:
        yield {name: stack.enter_context(OddCamera(odd)) for name, odd in odds.items()}


def test_cameras_of_the_field_are_tested_imported_read_and_judged(ani: Client, cameras: dict[str, OddCamera]) -> None:
    for name, odd in cameras.items():
        page = ani.post("/kamera/uji/", typed(**address(odd))).content.decode()
        assert ("data:image/jpeg;base64," in page) == (name != "every keyframe damaged"), f"{name}: {page}"
        assert ("rusak" in page) == (name == "every keyframe damaged"), f"{name}: {page}"

    rows = [f"16.71.01.1001;{name};{';'.join(address(odd).values())}" for name, odd in cameras.items()]
    sheet = io.BytesIO("\n".join(["sep=;", "kode_kelurahan;nama;alamat_rtsp;pengguna;sandi", *rows]).encode())
    sheet.name = "kamera.csv"
    assert ani.post("/kamera/impor/", {"file": sheet}).context["good"] == len(cameras)
    ani.post("/kamera/impor/simpan/")
    known = {camera.name: camera for camera in Camera.objects.all()}
    assert known.keys() == cameras.keys()
    for name in GOOD:
        taken = ani.post(f"/kamera/{known[name].pk}/zona/gambar/").context["reference"]
        assert save(ani, known[name], {"name": name, "polygon": ZONE}, reference=taken).status_code == 302, name
    office = known["every keyframe damaged"].kelurahan
    lost = Counter.objects.create(kelurahan=office, name="every keyframe damaged")  # there is no picture to draw on
    Zone.objects.create(camera=known[lost.name], subject=lost.subject, polygon=ZONE)

    watch = start_watch("lapangan", BLIND_AFTER_S="30")
    try:
        wait_until(lambda: staffed() == set(GOOD), JUDGED_S)
        form = typed(camera=str(known["one viewer only"].pk), **address(cameras["one viewer only"]))
        page = ani.post("/kamera/uji/", form).content.decode()
        assert "data:image/jpeg;base64," in page, "the test must not need a second connection"
        played = plays(cameras)
        looked = {name: last_look(name) for name in GOOD}
        wait_until(lambda: all((last_look(name) - looked[name]).total_seconds() > HELD_S for name in GOOD), JUDGED_S)
        again = {name for name, count in plays(cameras).items() if count > played[name]}
        assert again <= {"keyframes that stop coming"}, "these had to be connected to again"
        for name in GOOD:
            flips = Flip.objects.filter(counter__name=name).order_by("pk")
            states = list(flips.values_list("new", "reason"))
            assert states[-1][0] == StandingState.STAFFED, f"{name}: {states}"
            assert not {StandingState.GRACE, StandingState.ABSENT} & {state for state, _ in states}, f"{name}: {states}"
    finally:
        watch.terminate()
        watch.wait(15)
    damaged = set(Flip.objects.filter(counter__name="every keyframe damaged").values_list("new", flat=True))
    assert damaged <= {StandingState.UNKNOWN}, "a damaged picture must not be judged"
    assert all(odd.refused == 0 for odd in cameras.values())


def address(odd: OddCamera) -> dict[str, str]:
    """Return what the operator types for this camera: address, name and password."""
    login = ("admin", odd.odd.password) if odd.odd.algorithm else ("", "")
    return {"url": odd.url.replace("admin:rahasia@", ""), "username": login[0], "password": login[1]}


def plays(cameras: dict[str, OddCamera]) -> dict[str, int]:
    """Return how often each good camera was asked to play."""
    return {name: sum(line.startswith("PLAY") for line in cameras[name].requests) for name in GOOD}


def staffed() -> set[str]:
    standings = Standing.objects.filter(state=StandingState.STAFFED)
    return set(standings.values_list("counter__name", flat=True))


def last_look(name: str) -> Any:
    return Standing.objects.get(counter__name=name).last_look_at
