"""The day of an office minute by minute, in a real Chromium on a phone."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from discipline.alerts.models import Alert
from offices.access.models import FileAccess
from tests.support.base import World
from tests.support.browsing import aside, fits
from tests.support.exhibited import exhibited_absence

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def width() -> int:
    return 390


@pytest.fixture
def alert(world: World, footage: Path) -> Alert:
    return exhibited_absence(world.counter(world.ilir35), footage)


@pytest.fixture
def viewer(world: World) -> User:
    return world.budi


def opened_pictures() -> int:
    counted: list[int] = []
    aside(lambda: counted.append(FileAccess.objects.filter(kind=FileAccess.Kind.EVIDENCE).count()))
    return counted[0]


def test_a_past_day_is_scrubbed_with_keys_and_finger(page: Page, alert: Alert) -> None:
    page.goto("/kantor/16.71.01.1001/hari/2026-11-23/")
    assert fits(page)
    slider = page.get_by_role("slider")

    def says(text: str) -> None:
        expect(slider).to_have_attribute("aria-valuetext", text)

    says("07.30, ada petugas sejak 07.30")
    image = page.locator("[data-still] img")
    slider.press("n")
    says("09.42, kosong sejak 09.42")
    expect(page.locator("[data-event]")).to_have_text("Loket mulai kosong")
    slider.press("n")
    expect(page.locator("[data-event]")).to_contain_text("Indikasi timbul")
    slider.press("ArrowRight")
    says("09.53, kosong sejak 09.42")
    slider.press("Shift+ArrowRight")
    says("10.08, ada petugas sejak 10.00")
    expect(page.locator("[data-none]")).to_contain_text("Tidak ada gambar pada 10.08: gambar disimpan hanya")
    assert opened_pictures() == 0, "a picture was fetched of a moment that was passed over"

    page.get_by_role("button", name="Ke gambar terdekat").click()
    says("10.00, ada petugas sejak 10.00")
    page.wait_for_function("() => document.querySelector('[data-still] img').naturalWidth === 400")
    expect(image).to_have_attribute("alt", "Saat berakhir, 10.00")
    assert opened_pictures() == 1
    page.get_by_role("button", name="Peristiwa sebelumnya").click()
    says("09.52, kosong sejak 09.42")
    expect(page.locator("[data-clip] video")).to_be_visible()
    slider.press("Home")
    says("07.30, ada petugas sejak 07.30")
    slider.press("End")
    expect(slider).to_have_attribute("aria-valuenow", "510")

    box = page.locator("[data-counter-strip]").bounding_box()
    assert box
    page.mouse.move(box["x"] + 2, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 10, steps=3)
    page.mouse.up()
    says("11.45, ada petugas sejak 10.00")
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + 10)
    expect(page.locator(".scrub-hover")).to_contain_text("09.38, ada petugas sejak 07.30")

    page.goto(f"/indikasi/{alert.pk}/")
    page.get_by_role("link", name="Hari itu").click()
    says("09.52, kosong sejak 09.42")
