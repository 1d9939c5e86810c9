"""An operator searches a network, adds the camera that is found, reads its profiles and sets it: with a real worker."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from streams.cameras.models import Camera
from streams.simulator.onvif import OnvifFace
from tests.support.base import World
from tests.support.browsing import aside, fits
from tests.support.processes import Daphne, start_worker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PATIENCE_MS = 60_000


@pytest.fixture
def face() -> Iterator[OnvifFace]:
    with OnvifFace(host="127.0.0.2", clock_s=-180) as running:
        yield running


@pytest.fixture
def site(face: OnvifFace, transactional_db: None) -> Iterator[Daphne]:
    """The site and a worker, whose only camera port is the face's."""
    del transactional_db  # requested for its effect
    own = {"CAMERA_NETWORKS": "127.0.0.0/8", "ONVIF_PORTS": str(face.port)}
    worker = start_worker(**own)
    try:
        with Daphne(own) as running:
            yield running
    finally:
        worker.kill()
        worker.wait()


@pytest.fixture
def viewer(world: World) -> User:
    return world.ani


def assert_fine(page: Page) -> None:
    """Assert that the page fits its window and that axe-core finds nothing serious, in both themes."""
    assert fits(page)
    page.evaluate(AXE_SCRIPT)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of its literals
        found = page.evaluate(
            "async () => (await axe.run()).violations.map(one => [one.impact, one.id, one.nodes[0].html])"
        )
        assert [one for one in found if one[0] in ("serious", "critical")] == []


def read_device(page: Page) -> None:
    """Read the device; again while the operator's test before, of the picture that the zone page shows, goes on."""
    consent, busy = page.locator(".consent"), page.get_by_text("Uji sebelumnya belum selesai")
    for _ in range(10):
        page.get_by_role("button", name="Baca perangkat").click()
        expect(consent.or_(busy)).to_be_visible()
        if consent.is_visible():
            return
        page.wait_for_timeout(3000)


def test_a_camera_is_found_added_read_and_set(page: Page, face: OnvifFace) -> None:
    page.goto("/kamera/")
    page.get_by_role("link", name="Cari kamera").click()
    page.get_by_label("Jaringan", exact=True).fill("127.0.0.0/29")
    page.get_by_role("button", name="Cari").click()
    expect(page.locator("#pencarian-kabar")).to_contain_text("Pencarian selesai", timeout=PATIENCE_MS)
    assert_fine(page)

    page.get_by_role("link", name="Tambahkan 127.0.0.2").click()
    expect(page.get_by_label("Alamat RTSP")).to_have_value("rtsp://127.0.0.2:554/")
    page.get_by_label("Kelurahan").fill("35 Ilir, Ilir Barat II")
    page.get_by_label("Nama kamera").fill("Pintu depan")
    page.get_by_label("Nama pengguna").fill("sidak")
    page.get_by_label("Sandi").fill("rahasia")
    page.get_by_role("button", name="Baca perangkat").click()
    page.get_by_role("button", name="Pakai alamat ini").click()
    expect(page.get_by_label("Alamat RTSP")).to_have_value("rtsp://127.0.0.2:554/cam001")
    expect(page.get_by_label("Alamat aliran kecil")).to_have_value("rtsp://127.0.0.2:554/cam001-small")
    assert_fine(page)
    page.get_by_role("button", name="Simpan dan gambar zona").click()
    page.wait_for_url("**/zona/")

    found: list[Camera] = []
    aside(lambda: found.append(Camera.objects.get(name="Pintu depan")))
    page.goto(f"/kamera/{found[0].pk}/ubah/")
    read_device(page)
    expect(page.locator(".consent")).to_contain_text("3 menit tertinggal → disamakan dengan server")
    assert_fine(page)
    assert [stream.gop for stream in face.streams.values()] == [250, 250]
    page.get_by_role("button", name="Setuju, tulis ke kamera").click()
    expect(page.locator("#device")).to_contain_text("Jam kamera disetel")
    assert [stream.gop for stream in face.streams.values()] == [50, 50]
    assert abs(face.clock_s) < 2

    page.get_by_role("button", name="Kembalikan jarak keyframe semula").click()
    expect(page.locator("#device")).to_contain_text("Jarak keyframe main: 250 gambar")
    expect(page.get_by_role("button", name="Kembalikan jarak keyframe semula")).to_have_count(0)
    assert [stream.gop for stream in face.streams.values()] == [250, 250]
