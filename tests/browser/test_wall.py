"""The wall in a real Chromium before a real Daphne: on desktop by keyboard, on a phone by touch."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, WebSocketRoute, expect

from discipline.board import rows as board_rows
from discipline.board.models import BoardVersion
from discipline.staffing import ledger
from discipline.staffing.models import StandingState
from offices.hours.models import HoursPlan
from streams.live.models import View
from streams.pixels.thumbs import encode_tile
from streams.source import newest_picture
from tests.support.base import World
from tests.support.browsing import PATIENCE_MS, aside, fits, opened
from tests.support.pictures import forget_pictures
from tests.support.processes import Daphne
from tests.support.visitors import room

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REASON = "Laporan lampu menyala semalaman"
COUNT_URLS = """
window.urls = new Set();
window.made = 0;
const make = URL.createObjectURL, let_go = URL.revokeObjectURL;
URL.createObjectURL = (blob) => {
  const url = make.call(URL, blob);
  window.urls.add(url);
  window.made += 1;
  return url;
};
URL.revokeObjectURL = (url) => { window.urls.delete(url); let_go.call(URL, url); };
"""


@pytest.fixture
def world() -> Iterator[World]:
    """A city staffed everywhere except at 5 Ulu, which is empty, and 3-4 Ulu, which is closed today."""
    ledger.schedule.forget()
    made = World()
    HoursPlan.objects.update(**dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"), on_holidays=True)
    HoursPlan.objects.create(name="Tutup", kelurahan=made.ulu34, priority=9, **dict.fromkeys(HoursPlan.DAYS, ""))
    since = timezone.now() - timedelta(minutes=18)
    for counters in made.counters.values():
        for counter in counters:
            made.stand(
                counter, StandingState.CLOSED if counter.kelurahan == made.ulu34 else StandingState.STAFFED, since
            )
    made.stand(made.counter(made.ulu5), StandingState.ABSENT, since, reason="absence", empty_since=since)
    yield made
    forget_pictures(*(camera.pk for camera in made.cameras.values()))


def film(world: World, at: datetime | None = None) -> None:
    """Store a new picture of every camera."""
    small = encode_tile(room())
    for camera in world.cameras.values():
        newest_picture.store_picture(camera.pk, b"large", {"at": (at or datetime.now(UTC)).isoformat()}, small)


def tile(page: Page, office: Any) -> Any:
    return page.locator(f'.wall-tile[data-office="{office.pk}"]')


def names(page: Page) -> list[str]:
    return page.locator(".wall-tile:visible .wall-name").all_inner_texts()


def drawn(page: Page) -> Any:
    """Return the tiles whose picture the browser has decoded."""
    page.wait_for_function(
        "() => [...document.querySelectorAll('.wall-tile img:not([hidden])')]"
        ".filter((image) => image.naturalWidth === 320).length === 3",
    )


def test_the_operator_watches_the_wall_with_the_keyboard(chrome: Any, site: Daphne, world: World) -> None:
    film(world)
    with opened(chrome, site, world.ani, 1440) as page:
        page.add_init_script(COUNT_URLS)
        page.goto("/dinding/?ubin=12&putar=10")
        drawn(page)
        assert names(page) == ["5 Ulu", "35 Ilir", "Kemang Manis", "3-4 Ulu"], "the troubled one first"
        empty, closed = tile(page, world.ulu5), tile(page, world.ulu34)
        expect(empty).to_have_class(re.compile("is-absent"))
        expect(empty.locator(".wall-bar")).to_contain_text(re.compile(r"Kosong\s+(18|19) menit"))
        expect(empty.locator(".wall-bar use")).to_have_attribute("href", "#s-absent")
        expect(closed.locator("img")).to_be_hidden()
        expect(closed.locator(".word")).to_have_text("Di luar jam layanan")
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        page.wait_for_function("() => urls.size === 0")
        film(world)
        page.wait_for_function("() => made === 6 && urls.size === 0")

        world.stand(world.counter(world.kemang), StandingState.ABSENT, reason="late_opening")
        aside(lambda: board_rows.announce_changes({world.counter(world.kemang).pk}, set()))
        expect(tile(page, world.kemang)).to_have_class(re.compile("is-absent"))
        expect(page.locator('[data-part="late"]')).to_contain_text("1 Terlambat buka")

        page.keyboard.press("ArrowRight")
        focused = page.locator(".wall-tile:focus-within .wall-name")
        expect(focused).to_have_text("5 Ulu")
        page.keyboard.press("ArrowRight")
        expect(focused).to_have_text("Kemang Manis")
        page.keyboard.press("End")
        expect(focused).to_have_text("3-4 Ulu")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("f")
        page.wait_for_function("() => document.fullscreenElement !== null")
        expect(page.locator(".bar")).to_be_hidden()
        page.keyboard.press("f")
        expect(page.locator(".bar")).to_be_visible()
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/kantor/16\.71\.01\.1001/"))
        page.go_back()

        page.get_by_role("button", name="Lihat yang tutup").click()
        page.get_by_label("Alasan").fill("cek")
        page.get_by_role("button", name="Catat alasan dan lihat").click()
        expect(page.locator("#reason-problem")).to_contain_text("sedikitnya 10 huruf")
        page.get_by_label("Alasan").fill(REASON)
        page.get_by_role("button", name="Catat alasan dan lihat").click()
        expect(closed.locator("img")).to_be_visible()
        expect(page.locator("#explain")).to_contain_text("Yang tutup terlihat sampai")
    assert list(View.objects.filter(closed=True).values_list("reason", flat=True)) == [REASON]


def test_a_wall_shows_changes_never_announced_or_lost_on_its_socket(chrome: Any, site: Daphne, world: World) -> None:
    lost: list[str] = []

    def pass_on(line: WebSocketRoute) -> None:
        server = line.connect_to_server()

        def from_server(message: str | bytes) -> None:
            if isinstance(message, str) and json.loads(message)["type"] == "patch" and not lost:
                lost.append(message)
            else:
                line.send(message)

        server.on_message(from_server)

    with opened(chrome, site, world.ani, 1440) as page:
        page.route_web_socket(re.compile("/ws/dinding/"), pass_on)
        page.goto("/dinding/?ubin=12&putar=10")
        expect(tile(page, world.kemang)).to_have_class(re.compile("is-staffed"))
        page.evaluate("window.unreloaded = true")

        world.stand(world.counter(world.kemang), StandingState.ABSENT, reason="absence")
        aside(lambda: BoardVersion.objects.increment([world.kemang.pk]))  # announced, but no process received it
        expect(tile(page, world.kemang)).to_have_class(re.compile("is-absent"))
        assert not lost

        world.stand(world.counter(world.ilir35), StandingState.ABSENT, reason="absence")
        aside(lambda: board_rows.announce_changes({world.counter(world.ilir35).pk}, set()))
        while not lost:
            page.wait_for_timeout(100)
        world.stand(world.counter(world.kemang), StandingState.STAFFED)
        aside(lambda: board_rows.announce_changes({world.counter(world.kemang).pk}, set()))
        expect(tile(page, world.ilir35)).to_have_class(re.compile("is-absent"))
        expect(tile(page, world.kemang)).to_have_class(re.compile("is-staffed"))
        assert page.evaluate("window.unreloaded")


def test_pages_turn_by_themselves_until_somebody_pauses_them(chrome: Any, site: Daphne, world: World) -> None:
    film(world)
    with opened(chrome, site, world.ani, 1440) as page:
        page.clock.install()
        page.goto("/dinding/?ubin=12&putar=10")
        page.evaluate("document.getElementById('wall').dataset.size = 2")  # four offices on two pages
        page.evaluate("dispatchEvent(new Event('resize'))")
        number = page.locator("#page-number")
        expect(number).to_have_text("1 / 2")
        assert len(names(page)) == 2
        page.clock.run_for(11_000)
        expect(number).to_have_text("2 / 2")
        page.clock.run_for(11_000)
        expect(number).to_have_text("1 / 2")
        page.keyboard.press("Space")
        expect(page.get_by_role("button", name="Jeda")).to_have_attribute("aria-pressed", "true")
        page.clock.run_for(120_000)
        expect(number).to_have_text("1 / 2")
        page.keyboard.press("PageDown")
        expect(number).to_have_text("2 / 2")
        first = names(page)
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        expect(number).to_have_text("1 / 2")
        assert names(page) != first


def test_a_wall_on_a_telephone_is_chosen_scrolled_and_mends_itself(chrome: Any, site: Daphne, world: World) -> None:
    film(world, datetime.now(UTC) - timedelta(minutes=2))
    with opened(chrome, site, world.ani, 390) as page:
        page.goto("/dinding/")
        drawn(page)
        old = tile(page, world.ulu5).locator(".wall-age")
        expect(old).to_have_text(re.compile("Gambar [23] menit lalu"))
        film(world)
        expect(old).to_be_hidden()
        assert fits(page)

        page.get_by_role("button", name="Atur").click()
        page.get_by_text("Ilir Barat II").click()
        page.get_by_role("checkbox", name="Seluruh kecamatan").first.check()
        page.get_by_text("Seberang Ulu I").click()
        page.get_by_role("checkbox", name="5 Ulu").check()
        page.get_by_role("button", name="Perlihatkan").click()
        page.wait_for_url(re.compile(r"kecamatan=16\.71\.01&kantor=16\.71\.02\.1005"))
        drawn(page)
        assert set(names(page)) == {"35 Ilir", "Kemang Manis", "5 Ulu"}

        page.evaluate("window.unreloaded = true")
        site.kill()
        expect(page.locator("#freshness")).to_contain_text("Terputus")
        site.start()
        expect(page.locator("#freshness")).to_be_hidden(timeout=2 * PATIENCE_MS)
        assert page.evaluate("window.unreloaded")

        page.evaluate("document.getElementById('wall').dataset.build = 'older'")
        site.kill()
        site.start()
        page.wait_for_function("() => window.unreloaded === undefined", timeout=2 * PATIENCE_MS)
        drawn(page)
