"""The first days with a city in a real Chromium: the operator's checklist, on a phone and a desk."""

import re

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from discipline.ops.first_run import remembered
from streams.servers import valkey
from tests.support.base import World
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
