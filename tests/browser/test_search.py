"""The search of every page: by keyboard, full-screen on a phone, without JavaScript, and without a network."""

import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from discipline.alerts.models import Alert
from tests.support.base import World
from tests.support.browsing import aside, fits, opened
from tests.support.processes import Daphne

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SERIOUS = """async () => (await axe.run()).violations.filter((one) => ["serious", "critical"].includes(one.impact))
  .flatMap((one) => one.nodes.map((node) => [one.id, node.html.slice(0, 200)]))"""
COVERED = """() => [...document.querySelectorAll("main *, header *")].every((one) => {
  const { x, y } = one.getBoundingClientRect();
  const outside = x < 0 || y < 0 || y > innerHeight || x > innerWidth;
  return outside || document.elementFromPoint(x + 1, y + 1)?.closest("dialog.search");
})"""


def test_one_finds_an_office_by_keyboard_comes_back_to_it_and_leaves_nothing(page: Page, world: World) -> None:
    stored: list[Alert] = []
    aside(lambda: stored.append(world.accuse(world.counter(world.ilir35))))
    page.goto("/pemberitahuan/")
    start = page.locator("main a:visible, main button:visible").first
    start.focus()
    page.keyboard.press("/")
    field, options = page.get_by_role("combobox", name="Cari"), page.get_by_role("option")
    expect(field).to_be_focused()
    expect(page.locator(".search-hint")).to_have_text(re.compile("^Yang dapat dicari: kantor"))
    page.keyboard.press("Escape")
    expect(start).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.type("ulu")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == options.nth(1).get_attribute("id")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    assert fits(page)
    if page.evaluate("innerWidth") < 640:
        assert page.evaluate(COVERED)
    page.evaluate(AXE_SCRIPT)
    assert page.evaluate(SERIOUS) == []
    page.keyboard.press("Escape")
    expect(field).to_be_hidden()
    page.keyboard.press("Control+k")
    field.fill("xyz")
    expect(page.locator(".search-status")).to_have_text("Tidak ada yang cocok dengan “xyz”.")
    expect(options).to_have_count(0)
    field.fill("tiga puluh lima")
    expect(options).to_have_count(2)  # the office and its camera
    page.keyboard.press("Enter")
    page.wait_for_url("**/kantor/16.71.01.1001/")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("group", name="Terakhir dibuka").get_by_role("option")).to_have_text(
        ["35 Ilir Kecamatan Ilir Barat II"]
    )
    page.keyboard.type(str(stored[0].pk))
    page.keyboard.press("Enter")  # before the answer: the first hit opens
    page.wait_for_url(f"**/indikasi/{stored[0].pk}/")
    page.get_by_label("Akun dan tampilan").click()
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('recent ')).length") == 1
    page.get_by_role("button", name="Keluar").click()
    expect(page.get_by_label("Nama pengguna")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('recent ')).length") == 0


@pytest.mark.parametrize("width", [390])
def test_without_a_network_the_dialog_says_so_and_asks_again(page: Page) -> None:
    page.goto("/pemberitahuan/")
    page.get_by_role("link", name="Cari").click()
    field = page.get_by_role("combobox", name="Cari")
    expect(page.locator(".search-hint")).not_to_be_empty()
    page.context.set_offline(True)
    field.fill("35 ilir")
    expect(page.locator(".search-status")).to_have_text("Tidak ada jaringan.")
    page.context.set_offline(False)
    expect(page.get_by_role("option")).not_to_have_count(0)
    page.get_by_role("button", name="Tutup pencarian").click()
    expect(field).to_be_hidden()


@pytest.mark.parametrize("width", [390])
def test_without_javascript_the_search_is_a_page(chrome: Browser, site: Daphne, world: World, width: int) -> None:
    with opened(chrome, site, world.budi, width, java_script_enabled=False) as page:
        page.goto("/pemberitahuan/")
        page.get_by_role("link", name="Cari").click()
        page.get_by_role("searchbox", name="Cari").fill("ilir barat dua oktober")
        page.keyboard.press("Enter")
        page.get_by_role("link", name=re.compile("Laporan Oktober")).first.click()
        page.wait_for_url("**/laporan/16.71.01/*-10/")
