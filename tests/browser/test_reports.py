"""A report in a real Chromium, on desktop and phone: from the first sentence down to one indication."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from discipline.reports.numbers import rollups
from discipline.staffing.recount import request_recount
from tests.support.base import World
from tests.support.browsing import aside, fits
from tests.support.past_week import PastWeek

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def past() -> PastWeek:
    return PastWeek(World())


@pytest.fixture
def viewer(past: PastWeek) -> Any:
    return past.world.budi


def test_a_camat_opens_last_week_reads_drills_down_and_comes_back(page: Page, past: PastWeek) -> None:
    week = f"/laporan/16.71.01/{past.week.key}/"
    page.goto("/")
    page.get_by_role("link", name="Laporan").click()
    page.wait_for_url(f"**{week}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kecamatan Ilir Barat II")
    expect(page.get_by_label("Ringkasan").locator("li")).to_have_count(6)
    expect(page.locator("[data-number=availability]")).to_be_visible()
    expect(page.locator("[data-number=coverage]")).to_have_text("100,0 %")
    assert fits(page)
    to_one_indication_and_back(page, past, week)
    by_the_keyboard_into_an_hour(page, week)
    to_a_day(page, past)
    a_range_backwards_is_mended_in_place(page, past)
    days_counted_again_renew_the_page(page, past)


def to_one_indication_and_back(page: Page, past: PastWeek, week: str) -> None:
    page.locator(".kinds").get_by_role("link", name="Loket kosong").click()
    expect(page.locator("[data-number=listed]")).to_have_text("1 indikasi")
    assert fits(page)
    page.get_by_role("link", name="35 Ilir, Loket 1").click()
    page.wait_for_url(f"**/indikasi/{past.away.pk}/")
    page.go_back()
    page.go_back()
    page.wait_for_url(f"**{week}")


def by_the_keyboard_into_an_hour(page: Page, week: str) -> None:
    page.get_by_role("link", name="Senin 10–11").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-number=listed]")).to_have_text("1 indikasi")
    page.get_by_role("navigation", name="Letak").get_by_role("link").last.click()
    page.wait_for_url(f"**{week}")


def to_a_day(page: Page, past: PastWeek) -> None:
    page.get_by_role("link", name="Hari", exact=True).click()
    page.get_by_label("Tanggal").fill(past.tuesday.isoformat())
    page.get_by_role("button", name="Buka").click()
    page.wait_for_url(f"**/laporan/16.71.01/{past.tuesday}/")
    expect(page.get_by_role("img", name="Ada petugas 6 jam 55 menit, Kosong 35 menit")).to_be_visible()
    page.locator(".strips summary").click()
    expect(page.get_by_role("row", name="35 Ilir").filter(has_text="Kosong").first).to_be_visible()
    assert fits(page)


def a_range_backwards_is_mended_in_place(page: Page, past: PastWeek) -> None:
    page.get_by_role("link", name="Rentang").click()
    page.get_by_label("Sampai", exact=True).fill((past.monday - timedelta(3)).isoformat())
    page.get_by_role("button", name="Buka").click()
    expect(page.get_by_role("alert")).to_have_text("Tanggal akhir lebih awal daripada tanggal mulai.")
    expect(page.get_by_label("Tanggal, atau awal rentang")).to_have_value(past.tuesday.isoformat())
    assert fits(page)
    page.get_by_label("Akhir rentang").fill(past.friday.isoformat())
    page.get_by_role("button", name="Buka laporan").click()
    page.wait_for_url(f"**/{past.tuesday}..{past.friday}/")


def days_counted_again_renew_the_page(page: Page, past: PastWeek) -> None:
    request_recount(past.tuesday, past.tuesday, [past.one.pk], "decision")
    page.reload()
    notice = page.get_by_text("Sedang dihitung ulang")
    expect(notice).to_be_visible()
    aside(lambda: rollups.recount_marked(past.evening))
    expect(notice).to_have_count(0, timeout=30_000)
