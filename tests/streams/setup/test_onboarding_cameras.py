"""The test button against real RTSP: the demo's camera server, with its password and its faults."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from streams.cameras.models import Camera, Zone
from streams.simulator.scenes import SimulatedFault
from streams.simulator.simulator import Simulator
from tests.support.cameras import SQUARE, palembang_office, save, signed_in, typed

pytestmark = pytest.mark.django_db


H265_CAMERA = 4


@pytest.fixture(scope="module")
def cameras(footage: Path, footage_h265: Path) -> Iterator[Simulator]:
    modern = {H265_CAMERA: footage_h265}
    with Simulator(cameras=4, footage=footage, footage_of=modern, user="sidak", password="p@ss w:rd/") as running:
        yield running


@pytest.fixture
def ani(db: None) -> Client:
    del db  # requested for its effect
    palembang_office()
    return signed_in("ani", role="operator")


def try_camera(
    client: Client, cameras: Simulator, number: int = 1, password: str = "p@ss w:rd/", path: str = ""
) -> str:
    url = cameras.url(number, with_credentials=False).replace("cam001", path or "cam001")
    answer = client.post("/kamera/uji/", typed(url=url, password=password))
    assert "p@ss" not in answer.content.decode()
    return " ".join(answer.content.decode().split())


def test_a_good_address_shows_its_picture_and_facts(ani: Client, cameras: Simulator) -> None:
    page = try_camera(ani, cameras)
    assert "data:image/jpeg;base64," in page
    for fact in ("H.264", "640×360", "<dd>15</dd>", "30 gambar, 2 detik"):
        assert fact in page


def test_an_h265_camera_shows_its_picture_and_a_warning_of_its_cost(ani: Client, cameras: Simulator) -> None:
    page = try_camera(ani, cameras, H265_CAMERA)
    assert "data:image/jpeg;base64," in page
    for fact in ("H.265", "640×360", "<dd>15</dd>", "30 gambar, 2 detik", "Tetap terbaca, tetapi lebih berat"):
        assert fact in page


def test_a_wrong_password_is_reported_as_such(ani: Client, cameras: Simulator) -> None:
    assert "Nama pengguna atau sandi salah" in try_camera(ani, cameras, password="salah")


def test_a_wrong_path_is_reported_as_such(ani: Client, cameras: Simulator) -> None:
    assert "Jalur tidak ditemukan" in try_camera(ani, cameras, path="lain")


@pytest.mark.slow
def test_a_camera_that_connects_and_sends_nothing_is_reported_within_the_limit(ani: Client, cameras: Simulator) -> None:
    cameras.set_fault("cam002", SimulatedFault.STALL)
    page = try_camera(ani, cameras, 2)
    assert "Tidak ada jawaban" in page or "Tidak ada gambar" in page


@pytest.mark.slow
def test_a_long_gop_is_reported_with_or_without_a_picture(ani: Client, cameras: Simulator) -> None:
    cameras.set_fault("cam003", SimulatedFault.LONG_GOP)
    page = try_camera(ani, cameras, 3)  # a keyframe every 10 s may or may not come in time
    assert ("jarak keyframe (GOP)" in page) if "data:image/jpeg" in page else ("keyframe-nya terlalu jarang" in page)


def test_zones_are_drawn_on_a_picture_straight_from_a_new_camera(ani: Client, cameras: Simulator) -> None:
    url = cameras.url(1, with_credentials=False)
    ani.post("/kamera/tambah/", typed(url=url, password="p@ss w:rd/"))
    camera = Camera.objects.get()
    taken = ani.post(f"/kamera/{camera.pk}/zona/gambar/")
    assert "data:image/jpeg;base64," in taken.content.decode()
    answer = save(ani, camera, {"name": "Loket Satu"}, reference=taken.context["reference"])
    assert answer.status_code == 302
    assert Zone.objects.get().polygon == SQUARE
    camera.refresh_from_db()
    assert len(bytes(camera.reference or b"")) == 36 * 64
