"""Street points beside the offices in a real Chromium, on a phone: folded, on the map, and chosen by the address."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from tests.support.base import World
from tests.support.browsing import SERIOUS, fits
from tests.support.public_points import public_point

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_points_are_folded_on_a_phone_and_on_the_map_and_the_choice_stays_in_the_address(
    page: Page, world: World
) -> None:
    del world  # requested for its effect
    public_point()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/")
    section = page.locator("#titik")
    expect(section.locator("summary")).to_be_visible()
    expect(section.get_by_role("link", name="Bawah Ampera")).to_be_hidden()
    assert fits(page)
    page.get_by_label("Yang diperlihatkan").select_option("titik")
    expect(section.get_by_role("link", name="Bawah Ampera")).to_be_visible()
    expect(page.locator(".tile[data-office]").first).to_be_hidden()
    assert page.url.endswith("?lihat=titik")
    page.evaluate(AXE_SCRIPT)
    assert page.evaluate(SERIOUS) == []
    page.get_by_role("button", name="Peta", exact=True).click()
    expect(page.locator("a.pin.point")).to_have_attribute("aria-label", "Bawah Ampera, Dinas Perhubungan: kamera baik")
    assert page.locator(".pin").count() == 1
    page.get_by_label("Yang diperlihatkan").select_option("kantor")
    expect(page.locator("a.pin.point")).to_have_count(0)
    expect(page.locator(".pin").first).to_be_visible()
    assert "lihat=kantor" in page.url
