"""An operator compares a camera's two pictures in a real Chromium, on desktop and phone."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import expect

from offices.access.models import Membership
from offices.places.models import Counter
from streams.cameras.models import Camera, Zone
from streams.setup import probe as camera_probe
from streams.setup import references
from streams.source import newest_picture
from tests.support.base import member
from tests.support.browsing import opened
from tests.support.cameras import SQUARE, palembang_office
from tests.support.pictures import forget_pictures, noise_jpeg

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def moved() -> Iterator[Camera]:
    office = palembang_office()
    camera = Camera.objects.create(kelurahan=office, name="Pintu", url="rtsp://127.0.0.1:1/a")
    Zone.objects.create(
        camera=camera, subject=Counter.objects.create(kelurahan=office, name="Satu").subject, polygon=SQUARE
    )
    drawn_on = camera_probe.make_snapshot(noise_jpeg(1), datetime.now(UTC))
    assert drawn_on is not None
    references.keep_reference(camera, drawn_on)
    newest_picture.store_picture(camera.pk, noise_jpeg(2), {"at": datetime.now(UTC).isoformat(), "reason": "moved"})
    yield camera
    forget_pictures(camera.pk)


@pytest.mark.parametrize(("width", "beside"), [(1440, True), (390, False)])
def test_she_slides_between_the_pictures_accepts_and_takes_it_back(
    chrome: Any, live_server: Any, moved: Camera, width: int, beside: bool
) -> None:
    ani = member("ani", Membership.Role.OPERATOR)
    with opened(chrome, live_server, ani, width) as page:
        page.goto(f"/kamera/{moved.pk}/acuan/")
        before, now = (page.locator(".compared figure").nth(n).bounding_box() for n in (0, 1))
        assert before
        assert now
        assert (before["y"] == now["y"]) is beside
        assert page.evaluate("document.documentElement.scrollWidth") == width
        picture, outline = (
            page.locator(".view img").first.bounding_box(),
            page.locator(".view svg").first.bounding_box(),
        )
        assert picture == outline
        page.locator("#blend").focus()
        page.keyboard.press("Home")
        assert page.locator("#over").evaluate("image => getComputedStyle(image).opacity") == "0"
        page.keyboard.press("End")
        assert page.locator("#over").evaluate("image => getComputedStyle(image).opacity") == "1"
        page.get_by_role("button", name="Terima sebagai acuan baru").click()
        page.get_by_role("button", name="Ya, terima acuan baru").click()
        expect(page.get_by_text("Acuan baru diterima.")).to_be_visible()
        assert bytes(Camera.objects.get().reference_jpeg or b"") == noise_jpeg(2)
        page.get_by_role("button", name="Kembalikan acuan sebelumnya").click()
        expect(page.get_by_text("Acuan sebelumnya dikembalikan.")).to_be_visible()
        assert bytes(Camera.objects.get().reference_jpeg or b"") == noise_jpeg(1)
