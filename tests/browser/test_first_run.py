"""The first days in a real Chromium, on a phone and a desk: the cards, the words, and the operator's checklist."""

import re

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from discipline.ops.first_run import remembered
from streams.servers import valkey
from tests.support.base import PASSWORD, World
from tests.support.browsing import fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def viewer(world: World) -> User:
    """The operator, to whom the board tells what is still to be set up."""
    valkey.client().delete(remembered.KEY)
    return world.ani


def test_the_operator_follows_the_boards_line_to_what_is_missing(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Persiapan: 0 dari 4 kantor siap").click()
    expect(page.get_by_role("progressbar", name="0 dari 4 kantor siap")).to_be_visible()
    district = page.locator("summary", has_text="Ilir Barat II")
    district.focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="zona loket").first.focus()
    page.set_viewport_size({"width": 320, "height": 844})
    assert fits(page)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/kamera/\d+/zona/"))


def test_the_cards_of_the_first_sign_in_are_put_away_by_keyboard(page: Page) -> None:
    page.context.clear_cookies()
    page.set_viewport_size({"width": 320, "height": 844})
    page.goto("/masuk/")
    page.get_by_label("Nama pengguna").fill("ani")
    page.get_by_label("Sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()
    cards = page.get_by_role("region", name="Selamat datang")
    expect(cards.get_by_role("listitem")).to_have_count(3)
    assert fits(page)
    cards.get_by_role("button", name="Mengerti, tutup").focus()
    page.keyboard.press("Enter")
    expect(cards).to_have_count(0)
    page.get_by_role("link", name="Istilah di halaman ini").click()
    expect(page.get_by_role("heading", name="Keadaan loket")).to_be_in_viewport()
    assert fits(page)
