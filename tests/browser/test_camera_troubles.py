"""107 cameras of which many are in trouble: the operator's page, a ticket, planned work, on a desk and a phone."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect

from streams.cameras.models import Camera, Watcher
from streams.cameras.troubles.models import CameraDay, CameraNote, CameraTrouble
from streams.cameras.troubles.notes import write_note
from tests.support.base import World
from tests.support.browsing import aside, fits
from tests.support.camera_reports import forget_reports, report, watching

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CAUSES = ("not_rtsp", "unauthorized", "timeout", "timeout", "covered", "dark", "moved")
TALLEST = {1440: 1500, 390: 3000}


@pytest.fixture
def viewer(world: World) -> User:
    return world.ani


@pytest.fixture(autouse=True)
def fleet(world: World) -> Iterator[list[Camera]]:
    """107 cameras, every third in trouble, with a month of uptime, a shift note and a watch."""
    forget_reports()
    office, today, now = world.ilir35, timezone.localdate(), datetime.now(UTC)
    rest = [
        Camera(
            kelurahan=office, place=office.place, name=f"Ruang pelayanan {number:03}", url=f"rtsp://10.0.1.9/{number}"
        )
        for number in range(107 - Camera.objects.count())
    ]
    Camera.objects.bulk_create(rest)
    cameras = list(Camera.objects.order_by("pk"))
    for number, camera in enumerate(cameras):
        if cause := cause_of(number):
            CameraTrouble.objects.create(camera=camera, cause=cause, since=now - timedelta(minutes=7 * number + 2))
    CameraDay.objects.bulk_create(
        CameraDay(
            camera=camera,
            day=today - timedelta(days=back),
            well_s=86_000 - (camera.pk * back * 977 % 31_000 if (camera.pk + back) % 9 == 0 else 0),
            trouble_s=(camera.pk * back * 977 % 31_000 if (camera.pk + back) % 9 == 0 else 100),
        )
        for camera in cameras
        for back in range(25)
    )
    write_note(
        CameraNote.Kind.SHIFT, world.ani, now, text="Telkom: serat di Kertapati putus, ditangani sampai pukul 14."
    )
    watching(cameras=107, looks_per_minute=1284.0, dropped=7039)
    report_all(cameras)
    yield cameras
    forget_reports()


def cause_of(number: int) -> str:
    """Return what ails the camera of this number, from 0; "" for a camera that is well."""
    return CAUSES[number % len(CAUSES)] if number % 3 == 0 else ""


def report_all(cameras: list[Camera]) -> None:
    """Report the watch and its cameras as they are now; half a minute later they would count as silent."""
    Watcher.objects.update(seen_at=datetime.now(UTC))
    for number, camera in enumerate(cameras):
        cause = cause_of(number)
        in_picture = (
            {"reason": cause} if cause in ("covered", "dark", "moved") else {"state": "offline", "problem": cause}
        )
        report(camera, **(in_picture if cause else {}))


def shot(page: Page, name: str) -> None:
    """Store pictures of the page in both themes where the environment names a folder for them."""
    if folder := os.environ.get("SHOTS"):
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of its literals
            width = page.viewport_size["width"] if page.viewport_size else 0
            page.screenshot(path=str(Path(folder) / f"{name}-{width}-{theme}.png"), full_page=True)


def faults(page: Page) -> list[str]:
    """Return what axe-core finds serious."""
    page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(
        "async () => (await axe.run()).violations.filter(one => ['serious', 'critical'].includes(one.impact))"
        ".map(one => one.id + ': ' + one.nodes[0].html)"
    )
    return found


def test_an_operator_finds_the_longest_trouble_and_says_what_is_done(
    page: Page, width: int, fleet: list[Camera]
) -> None:
    page.goto("/kamera/")
    expect(page.get_by_text("Tidak ada gangguan sistem")).to_be_visible()
    expect(page.get_by_text("7039 gambar terlewat")).to_be_visible()
    shot(page, "list")
    assert page.evaluate("document.documentElement.scrollHeight") < TALLEST[width]
    assert fits(page)
    assert faults(page) == []
    entry = page.get_by_role("navigation", name="Menu utama").get_by_role("link", name="Kamera")
    for narrow in (width, 320, 195):  # a phone of 390 px at 200 %
        page.set_viewport_size({"width": narrow, "height": 844})
        box = entry.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= narrow
    page.set_viewport_size({"width": 320, "height": 844})
    assert fits(page)
    page.set_viewport_size({"width": width, "height": 844})

    page.locator(".health tbody th[scope=row] a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(fleet[105].name)
    page.get_by_label("Catatan", exact=True).fill("Teknisi datang pukul 14")
    page.get_by_role("button", name="Sudah ditelepon").click()
    expect(page.get_by_text("Sudah ditelepon: Teknisi datang pukul 14")).to_be_visible()
    page.get_by_text("Pekerjaan terencana…").click()
    page.get_by_label("Pekerjaan terencana sampai").fill(
        (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    )
    page.get_by_role("button", name="Simpan pekerjaan").click()
    expect(page.get_by_text("tidak ada pemberitahuan tentang kamera ini.").first).to_be_visible()
    assert fits(page)
    assert faults(page) == []
    shot(page, "camera")
    aside(lambda: report_all(fleet))
    page.get_by_role("link", name="Semua kamera").click()
    expect(page.locator(".health .ticket").first).to_contain_text("Teknisi datang pukul 14")
    aside(lambda: report_all(fleet))
    if width > 1000:
        page.get_by_role("link", name="kamera daring ›").click()
        expect(page.get_by_text("Halaman 1 dari 5")).to_be_visible()
        shot(page, "fine")
