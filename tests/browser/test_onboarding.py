"""An operator draws zones in a real Chromium: with the mouse, by touch, and with the keyboard alone."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from offices.access.models import Membership
from offices.places.models import Counter
from streams.cameras.models import Camera, Zone
from streams.source import newest_picture
from tests.support.base import member
from tests.support.browsing import opened
from tests.support.cameras import palembang_office
from tests.support.pictures import forget_pictures, noise_jpeg

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def camera() -> Iterator[Camera]:
    office = palembang_office()
    Counter.objects.create(kelurahan=office, name="Loket Satu")
    made = Camera.objects.create(kelurahan=office, name="Pintu", url="rtsp://127.0.0.1:1/a")
    newest_picture.store_picture(made.pk, noise_jpeg(), {"at": datetime.now(UTC).isoformat(), "reason": ""})
    yield made
    forget_pictures(made.pk)


@pytest.fixture(params=[(1440, False), (390, True)], ids=["desk", "phone"])
def page(request: Any, chrome: Any, live_server: Any, camera: Camera) -> Iterator[Page]:
    width, touch = request.param
    ani = member("ani", Membership.Role.OPERATOR)
    with opened(chrome, live_server, ani, width, has_touch=touch, is_mobile=touch) as page:
        page.goto(f"/kamera/{camera.pk}/zona/")
        expect(page.locator("#overlay")).to_be_visible()
        yield page


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag between two places of the picture, given as fractions, with the pointer events of the device."""
    box = page.locator("#overlay").bounding_box()
    assert box
    a, b = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (start, end)]
    if page.evaluate("navigator.maxTouchPoints"):
        finger = page.context.new_cdp_session(page)
        for kind, place in (("Start", a), ("Move", ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)), ("Move", b), ("End", None)):
            points = [{"x": place[0], "y": place[1]}] if place else []
            finger.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})
        return
    page.mouse.move(*a)
    page.mouse.down()
    page.mouse.move(*b, steps=4)
    page.mouse.up()


def test_a_dragged_zone_is_corrected_named_and_saved(page: Page) -> None:
    drag(page, (0.2, 0.2), (0.6, 0.7))
    drag(page, (0.6, 0.7), (0.8, 0.9))
    expect(page.locator(".zone-card .title")).to_have_text("Loket Satu")
    page.get_by_role("button", name="Simpan zona").click()
    page.wait_for_url("**/kamera/")
    zone = Zone.objects.get()
    assert zone.counter.name == "Loket Satu"
    expected = [[0.2, 0.2], [0.6, 0.2], [0.8, 0.9], [0.2, 0.7]]
    assert np.allclose(zone.polygon, expected, atol=0.02)


def test_crossing_lines_are_reported_while_drawing_and_not_sent(page: Page) -> None:
    drag(page, (0.2, 0.2), (0.6, 0.7))
    drag(page, (0.2, 0.2), (0.9, 0.5))
    expect(page.locator(".zone-card .field-error")).to_have_text("Garis zona saling memotong.")
    page.get_by_role("button", name="Simpan zona").click()
    expect(page.locator("#spoken")).to_have_text("Perbaiki dahulu zona yang ditandai.")
    assert not Zone.objects.exists()
    page.get_by_role("button", name="Urungkan").click()
    expect(page.locator(".zone-card .field-error")).to_be_hidden()


def test_a_portrait_is_marked_as_no_person_and_found_marked_again(page: Page, camera: Camera) -> None:
    drag(page, (0.2, 0.2), (0.6, 0.7))
    page.get_by_role("button", name="Tandai gambar").click()
    expect(page.locator(".mark-card")).to_contain_text("Ini gambar, bukan orang.")
    drag(page, (0.4, 0.4), (0.35, 0.35))  # the zone now covers the portrait
    page.get_by_role("button", name="Simpan zona").click()
    page.wait_for_url("**/kamera/")
    [mark] = Zone.objects.get().as_zone().ignored
    assert mark.cells
    page.goto(f"/kamera/{camera.pk}/zona/")
    expect(page.locator(".mark-card .title")).to_have_text("Bukan orang 1")
    page.locator(".mark-card").get_by_role("button", name="Hapus tanda").click()
    page.get_by_role("button", name="Simpan zona").click()
    page.wait_for_url("**/kamera/")
    assert Zone.objects.get().ignored == []


def test_a_removed_zone_comes_back_with_undo(page: Page) -> None:
    drag(page, (0.2, 0.2), (0.6, 0.7))
    page.get_by_role("button", name="Hapus zona").click()
    expect(page.locator(".zone-card")).to_have_count(0)
    expect(page.locator("#spoken")).to_contain_text("Urungkan")
    page.get_by_role("button", name="Urungkan").click()
    expect(page.locator(".zone-card .title")).to_have_text("Loket Satu")


def test_a_touch_beside_the_zones_makes_none(page: Page) -> None:
    drag(page, (0.5, 0.5), (0.501, 0.5))
    expect(page.locator(".zone-card")).to_have_count(0)


def test_the_keyboard_alone_draws_names_and_saves(page: Page) -> None:
    page.get_by_role("button", name="Tambah zona").focus()
    page.keyboard.press("Enter")  # the new zone has the focus
    page.keyboard.press("Tab")
    first = page.locator(".handle:focus")
    announcement = "Titik 1 dari 4, Loket Satu: 30 persen dari kiri, 30 persen dari atas"
    expect(first).to_have_attribute("aria-label", announcement)
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("ArrowUp")
    expect(page.locator(".handle:focus")).to_have_attribute("data-at", "0")
    page.keyboard.press("+")
    expect(page.locator(".handle")).to_have_count(5)
    page.keyboard.press("Delete")
    expect(page.locator(".handle")).to_have_count(4)
    page.get_by_label("Loket", exact=True).select_option("new")
    page.keyboard.type("Loket Kependudukan")
    page.keyboard.press("Enter")
    page.wait_for_url("**/kamera/")
    zone = Zone.objects.get()
    assert zone.counter.name == "Loket Kependudukan"
    assert zone.polygon[0] == [0.275, 0.295]


def test_targets_are_large_enough_for_a_finger(page: Page) -> None:
    drag(page, (0.2, 0.2), (0.6, 0.7))
    for target in page.locator(".handle .reach, .tools button, .zone-card button:visible").all():
        box = target.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 43.5
