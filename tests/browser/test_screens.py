"""Two pages: an operator puts an incident on the screen of the room, which says so, and each side ends it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from time import monotonic
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from discipline.board.screens.models import ScreenSpotlight
from discipline.board.screens.showing import switch_on
from offices.access.models import Membership
from streams.looks.streets.models import StreetHint
from streams.pixels.thumbs import encode_tile
from streams.source import newest_picture
from tests.support.base import World, member
from tests.support.browsing import SERIOUS, aside, opened
from tests.support.incidents import an_incident
from tests.support.looking import look
from tests.support.pictures import forget_pictures
from tests.support.places import camera_at, street_point
from tests.support.processes import Daphne
from tests.support.visitors import room

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world() -> Iterator[World]:
    """A city with an incident at a street point with two cameras, and a hint of one of them."""
    made = World()
    point = street_point()
    cameras = [camera_at(point, name) for name in ("Barat", "Timur")]
    aside(lambda: an_incident(made, priority=1, latitude=point.latitude, longitude=point.longitude))
    StreetHint.objects.create(camera=cameras[0], kind="water", level="betis", started_at=timezone.now())
    small = encode_tile(room())
    for camera in cameras:
        newest_picture.store_picture(camera.pk, b"large", {"at": datetime.now(UTC).isoformat()}, small)
    yield made
    forget_pictures(*(camera.pk for camera in cameras))


def test_an_operator_puts_an_incident_on_the_screen_of_the_room(chrome: Browser, site: Daphne, world: World) -> None:
    bayu = member("bayu", Membership.Role.OPERATOR)
    with opened(chrome, site, world.ani, 1440) as wall, opened(chrome, site, bayu, 1440) as page:
        wall.goto("/dinding/")
        wall.get_by_role("button", name="Atur").click()
        wall.get_by_label("Nama layar ini").fill("Dinding utama")
        wall.get_by_role("button", name="Perlihatkan").click()
        wall.wait_for_url("**layar=Dinding+utama**")
        page.goto("/kejadian/antrean/")
        screens = page.get_by_role("list", name="Layar yang menyala")
        expect(screens).to_contain_text("Dinding utama (ani)")
        expect(screens).to_contain_text("tanpa sorotan")
        page.keyboard.press("j")
        spotlight, pressed_at = wall.locator("#spotlight"), monotonic()
        page.keyboard.press("s")
        expect(spotlight).to_be_visible()
        took_s = monotonic() - pressed_at
        assert took_s < 10, took_s  # within a second, where nothing else uses the processors
        expect(spotlight.get_by_role("heading")).to_contain_text("Genangan di bawah Ampera")
        expect(spotlight).to_contain_text("Disorot oleh bayu")
        expect(spotlight.locator("img:visible")).to_have_count(2)
        expect(wall.locator(".wall-stage")).to_be_hidden()
        expect(screens.locator(".pill")).to_have_text("tampil")
        expect(screens).to_contain_text("disorot bayu")
        assert good(wall)
        assert good(page)
        look(wall, "spotlight")
        look(page, "queue-screens")
        wall.keyboard.press("Escape")
        expect(spotlight).to_be_hidden()
        expect(screens).to_contain_text("tanpa sorotan")

        aside(lambda: switch_on(world.walikota, "Ruang rapat", "none", timezone.now()))
        expect(screens.get_by_role("listitem")).to_have_count(2)
        page.keyboard.press("s")
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_role("radio", name="Dinding utama")).to_be_focused()  # the last one
        assert good(page)
        look(page, "choose-screen")
        page.keyboard.press("Enter")
        expect(page.locator("[data-done]")).to_contain_text("Dikirim ke layar Dinding utama.")
        expect(spotlight).to_be_visible()
        page.get_by_role("button", name="Akhiri sorotan di Dinding utama").click()
        expect(spotlight).to_be_hidden()
        assert {one.ended_by.username for one in endings()} == {"ani", "bayu"}

        page.keyboard.press("j")
        page.keyboard.press("b")
        expect(dialog.get_by_role("radio", name="Tidak ada apa-apa")).to_be_focused()
        page.keyboard.press("2")
        expect(dialog.get_by_role("radio", name="Bayangan")).to_be_checked()
        assert good(page)
        look(page, "why-no-hint")
        page.keyboard.press("Enter")
        expect(page.locator("[data-done]")).to_contain_text("Petunjuk ditandai bukan kejadian.")


def good(page: Page) -> bool:
    """Return whether axe-core finds nothing of weight; fail with what it found."""
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate(SERIOUS)
    assert not found, found
    return True


def endings() -> list[Any]:
    found: list[Any] = []
    aside(lambda: found.extend(ScreenSpotlight.objects.select_related("ended_by").exclude(ended_by=None)))
    return found
