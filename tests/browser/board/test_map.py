"""The map on the board and on the office page in a real Chromium: 107 offices, live, by finger, mouse and keyboard."""

import re
from itertools import combinations
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from discipline.board import rows as board_rows
from discipline.staffing.models import StandingState
from offices.city.loading import read_offices
from offices.places.models import Counter, Kelurahan
from tests.support.base import World
from tests.support.browsing import SERIOUS, aside, fits, opened
from tests.support.city import whole_city
from tests.support.processes import Daphne

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(world: World) -> World:
    """The whole city, each of its offices at the pin that the city's file gives it."""
    whole_city(world, timezone.now())
    for one in read_offices():
        Kelurahan.objects.filter(code=one.code).update(latitude=one.latitude, longitude=one.longitude)
    return world


def open_map(page: Page) -> None:
    with page.expect_websocket():
        page.goto("/")
    page.get_by_role("button", name="Peta", exact=True).click()
    expect(page.locator(".pin").first).to_be_visible()


def offices_on(page: Page) -> int:
    """Return how many offices the pins stand for."""
    counts = page.locator(".pin").evaluate_all(
        "(pins) => pins.map((pin) => pin.matches('.several') ? parseInt(pin.ariaLabel) : 1)"
    )
    return sum(counts)


def middles(page: Page) -> list[dict[str, float]]:
    boxes = page.locator(".pin").evaluate_all("(pins) => pins.map((pin) => pin.getBoundingClientRect().toJSON())")
    return [{"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2} for box in boxes]


def loaded(page: Page, part: str) -> bool:
    return bool(
        page.evaluate("(part) => performance.getEntriesByType('resource').some(({name}) => name.includes(part))", part)
    )


def pin(page: Page, name: str) -> Locator:
    return page.locator(f'a.pin[aria-label^="{name}, "]')


def test_all_offices_are_on_the_map_apart_from_each_other_and_it_loads_when_opened(page: Page, world: World) -> None:
    del world  # requested for its effect
    with page.expect_websocket():
        page.goto("/")
    page.wait_for_timeout(500)
    cards = page.locator("#troubled .card a").evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect().toJSON())"
    )
    assert cards[0]["top"] <= 300, "the first office in trouble is seen without scrolling"
    assert len({card["height"] for card in cards}) == 1
    expect(page.locator("#unseen-cards .card").first).to_be_hidden()
    expect(page.locator("#unseen")).to_contain_text("tidak terpantau")
    assert not loaded(page, "leaflet")
    assert not loaded(page, "/peta/")
    open_map(page)
    assert loaded(page, "leaflet")
    assert offices_on(page) == 107
    for one, other in combinations(middles(page), 2):
        assert ((one["x"] - other["x"]) * 0.7) ** 2 + (one["y"] - other["y"]) ** 2 > 31**2
    expect(page.locator(".map-kecamatan")).to_have_count(18)
    expect(page.locator(".leaflet-control-attribution")).to_contain_text("bukan batas resmi")
    expect(page.locator(".tile:visible")).to_have_count(0)
    assert "tampilan=peta" in page.url
    assert fits(page)
    page.evaluate(AXE_SCRIPT)
    assert page.evaluate(SERIOUS) == []
    page.reload()
    expect(page.locator(".pin").first).to_be_visible()
    page.get_by_role("button", name="Daftar", exact=True).click()
    expect(page.locator(".tile:visible")).to_have_count(107)
    assert "tampilan" not in page.url


def test_a_pin_follows_the_rows_of_the_board_without_a_second_socket(page: Page, world: World) -> None:
    counter = world.counter(world.ilir35)
    for one in world.counters[world.ilir35.pk]:
        world.stand(one, StandingState.STAFFED, timezone.now())
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    open_map(page)
    page.locator("#cari").fill("35 ilir")
    own = pin(page, "35 Ilir")
    expect(own).to_have_attribute("aria-label", "35 Ilir, Ilir Barat II: Ada petugas")
    expect(page.locator(".pin")).to_have_count(1)
    world.stand(counter, StandingState.ABSENT, timezone.now(), reason="absence", empty_since=timezone.now())
    aside(lambda: board_rows.announce_changes({counter.pk}, set()))
    expect(own).to_have_attribute("aria-label", "35 Ilir, Ilir Barat II: Kosong")
    expect(own.locator("use")).to_have_attribute("href", "#s-absent")
    assert len(sockets) == 1
    own.focus()
    expect(page.locator(".leaflet-tooltip")).to_have_text("35 Ilir, Ilir Barat II: Kosong")
    page.locator("#cari").fill("tidak ada yang begini")
    expect(page.locator(".map-nothing")).to_be_visible()
    page.locator("#cari").fill("")
    expect(page.locator(".map-nothing")).to_be_hidden()
    assert offices_on(page) == 107


def test_arrow_keys_go_from_pin_to_pin_and_enter_opens_what_is_there(page: Page, world: World) -> None:
    del world  # requested for its effect
    open_map(page)
    expect(page.locator('.pin[tabindex="0"]')).to_have_count(1)
    page.locator('.pin[tabindex="0"]').focus()
    seen = set()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
        label = page.evaluate("document.activeElement.matches('.pin') && document.activeElement.ariaLabel")
        assert label
        seen.add(label)
    assert len(seen) > 2
    page.locator(".pin.several").first.focus()
    before = page.locator(".pin").count()
    page.keyboard.press("Enter")
    page.wait_for_function("(before) => document.querySelectorAll('.pin').length !== before", arg=before)
    page.wait_for_function("document.activeElement.matches('.pin')")
    page.locator("#cari").fill("35 ilir")
    pin(page, "35 Ilir").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/kantor/16.71.01.1001/")


def test_offices_at_one_place_are_listed_when_there_is_no_nearer(page: Page, world: World) -> None:
    Kelurahan.objects.filter(code__in=["16.71.01.1001", "16.71.01.1002"]).update(latitude=-3.008, longitude=104.7436)
    for one in world.counters[world.ilir35.pk]:
        world.stand(one, StandingState.ABSENT, timezone.now(), reason="absence", empty_since=timezone.now())
    open_map(page)
    page.locator("#cari").fill("ilir barat ii")
    card = page.locator(".map-card")
    for _ in range(8):
        if card.is_visible():
            break
        together = page.locator(".pin.several.is-absent")
        together.first.press("Enter")
        page.wait_for_timeout(700)
    expect(card.locator("li").first).to_contain_text("35 Ilir")
    expect(card.locator("li").first).to_contain_text("Kosong")
    expect(card.get_by_role("link", name="32 Ilir")).to_have_count(1)
    card.get_by_role("button", name="Tutup keterangan").click()
    expect(card).to_be_hidden()


def test_a_finger_first_asks_what_a_pin_is(chrome: Browser, site: Daphne, world: World) -> None:
    with opened(chrome, site, world.walikota, 390, has_touch=True, is_mobile=True) as page:
        open_map(page)
        page.locator("#cari").fill("35 ilir")
        pin(page, "35 Ilir").tap()
        card = page.locator(".map-card")
        expect(card).to_contain_text("35 Ilir")
        assert page.url.endswith("peta&q=35+ilir")
        card.get_by_role("link").tap()
        page.wait_for_url("**/kantor/16.71.01.1001/")


def test_a_camat_gets_the_offices_of_the_board_and_no_more(chrome: Browser, site: Daphne, world: World) -> None:
    with opened(chrome, site, world.budi, 1440) as page:
        open_map(page)
        own = Kelurahan.objects.filter(kecamatan=world.kecamatan["16.71.01"])
        expected: list[int] = []
        aside(lambda: expected.append(own.count()))
        assert offices_on(page) == expected[0]
        expect(page.locator(".map-kecamatan")).to_have_count(1)


def test_without_the_network_it_says_so_and_tries_again(page: Page, world: World) -> None:
    del world  # requested for its effect
    page.route("**/leaflet*.js", lambda route: route.abort())
    with page.expect_websocket():
        page.goto("/")
    page.get_by_role("button", name="Peta", exact=True).click()
    expect(page.locator("#map-failed")).to_be_visible()
    page.unroute("**/leaflet*.js")
    page.get_by_role("button", name="Peta", exact=True).click()
    expect(page.locator(".pin").first).to_be_visible()
    expect(page.locator("#map-failed")).to_be_hidden()
    expect(page.locator(".map-place")).to_have_count(1)


def test_an_office_page_has_a_small_map_with_its_neighbours(page: Page, world: World, width: int) -> None:
    for one in world.counters[world.ilir35.pk]:
        world.stand(one, StandingState.STAFFED, timezone.now())
    with page.expect_websocket():
        page.goto("/kantor/16.71.01.1001/")
    links = page.locator(".neighbours a")
    expect(links).to_have_count(6)
    if width < 1024:
        page.wait_for_timeout(500)
        assert not loaded(page, "leaflet")
        page.locator(".office-map summary").click()
    own = page.locator(".pin.own")
    expect(own).to_have_attribute("aria-label", "35 Ilir, Ilir Barat II: Ada petugas")
    expect(page.locator(".place-pin")).to_have_text(links.all_text_contents())
    counter = world.counter(world.ilir35)
    world.stand(counter, StandingState.GRACE, timezone.now(), empty_since=timezone.now())
    aside(lambda: board_rows.announce_changes({counter.pk}, set()))
    expect(own.locator("use")).to_have_attribute("href", "#s-grace")
    assert fits(page)
    page.evaluate(AXE_SCRIPT)
    found: Any = page.evaluate(SERIOUS)
    assert found == []


@pytest.mark.parametrize("width", [1440])
def test_the_wall_shows_the_map_where_it_is_chosen_and_fills_its_screen(page: Page, world: World) -> None:
    page.goto("/dinding/")
    expect(page.locator(".wall-tile:visible")).to_have_count(24)
    grid = page.locator(".wall-tile:visible").evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect().toJSON())"
    )
    assert len({round(one["left"]) for one in grid}) * len({round(one["top"]) for one in grid}) == 24, "without a hole"
    assert not loaded(page, "leaflet")
    assert not loaded(page, "/peta/")

    page.get_by_role("button", name="Atur", exact=True).click()
    page.get_by_label("Peta kota").select_option("samping")
    with page.expect_websocket():
        page.get_by_role("button", name="Perlihatkan").click()
    expect(page.locator(".pin").first).to_be_visible()
    assert offices_on(page) == 107
    far = world.ilir35
    counters = [counter.pk for counter in Counter.objects.filter(kelurahan=far)]
    aside(lambda: [world.stand(counter, StandingState.ABSENT, reason="absence") for counter in world.counters[far.pk]])
    aside(lambda: board_rows.announce_changes(set(counters), set()))
    expect(page.locator(f'.wall-tile[data-office="{far.pk}"]')).to_have_class(re.compile("is-absent"))
    labels = page.locator(".pin.is-absent").evaluate_all("(all) => all.map((one) => one.ariaLabel)")
    assert labels
    assert fits(page)

    page.goto("/dinding/?peta=halaman&ubin=48")
    expect(page.locator(".pin").first).to_be_visible()
    expect(page.locator(".wall-tile:visible")).to_have_count(0)
    page.keyboard.press("PageDown")
    expect(page.locator(".wall-tile:visible")).to_have_count(48)
    expect(page.locator(".pin").first).to_be_hidden()
