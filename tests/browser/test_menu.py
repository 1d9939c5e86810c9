"""The main menu at any width: every entry is a tap or two away, and the current page's own is always in view."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.support.base import World
from tests.support.browsing import fits
from tests.support.menu import menu_entries

# Two frames: the observer of the menu's width has run.
FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def viewer(world: World) -> User:
    return world.ani


@pytest.fixture(params=[390], ids=["phone"])
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def test_entries_without_room_lie_under_the_last(page: Page, viewer: User) -> None:
    client = Client()
    client.force_login(viewer)
    own = reverse("retention")
    entries = list(menu_entries(client.get(own)))
    page.goto(own)
    menu = page.get_by_role("navigation", name="Menu utama")
    more = menu.locator("summary")
    shown = {}
    for width in (195, 390, 1024, 1440, 2560):
        page.set_viewport_size({"width": width, "height": 844})
        page.evaluate(FRAMES)
        in_view = menu.locator("> a")
        expect(menu.locator("> a[aria-current]")).to_have_attribute("href", own)
        assert more.is_visible() == (in_view.count() < len(entries))
        for entry in in_view.all():
            box = entry.bounding_box()
            assert box
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
        shown[width] = in_view.count()
        assert fits(page)
        others = [address for entry in menu.locator("a").all() if (address := entry.get_attribute("href")) != own]
        assert others == [address for address in entries if address != own], "in their order"
    expect(more).to_be_hidden()
    assert list(shown.values()) == sorted(shown.values())
    assert shown[390] == 5
    assert shown[2560] == len(entries)

    page.set_viewport_size({"width": 390, "height": 844})
    expect(more).to_be_visible()
    more.focus()
    page.keyboard.press("Enter")
    entry = menu.get_by_role("link", name="Jam layanan")
    box = entry.bounding_box()
    assert box
    assert box["height"] >= 44
    assert fits(page)
    page.keyboard.press("Escape")
    expect(entry).to_be_hidden()
    more.click()
    entry.click()
    expect(page.locator("h1")).to_contain_text("Jam layanan")
    expect(menu.locator("> a[aria-current]")).to_have_text("Jam layanan")
