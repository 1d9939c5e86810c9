"""The board and the office page in a real Chromium before a real Daphne: a clerk leaves, is absent, and returns."""

import re
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from discipline.alerts.models import Alert
from discipline.board import rows as board_rows
from discipline.staffing import ledger
from discipline.staffing.models import StandingState
from offices.places.models import Counter
from streams.pixels.occupancy import Look, Sample
from streams.source import newest_picture
from tests.support.base import SQUARE, World
from tests.support.browsing import aside
from tests.support.pictures import forget_pictures, grey_jpeg
from tests.support.processes import Daphne

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Clerk:
    """Records in the real ledger what the camera sees of one counter's clerk."""

    def __init__(self, counter: Counter) -> None:
        self.counter = counter
        self.at = timezone.now() - timedelta(minutes=16)

    def seen(self, look: Look, minutes: float) -> None:
        samples = []
        for _ in range(int(minutes * 2)):
            self.at += timedelta(seconds=30)
            samples.append(Sample(self.counter.pk, self.at, look, people=int(look is Look.STAFFED)))
        aside(lambda: ledger.record_samples(samples, self.at))


def open_board(page: Page) -> None:
    with page.expect_websocket():
        page.goto("/")
    page.wait_for_timeout(300)
    page.evaluate("window.unreloaded = true")


def state(name: str) -> re.Pattern[str]:
    return re.compile(rf"\bis-{name}\b")


def test_a_clerk_leaves_is_missed_and_returns_without_a_reload(page: Page, world: World) -> None:
    clerk = Clerk(world.counter(world.ilir35))
    clerk.seen(Look.STAFFED, 1)
    open_board(page)
    tile = page.locator(f'[data-office="{world.ilir35.pk}"]')
    expect(tile).to_have_class(state("staffed"))
    expect(page.locator("#summary .serving:visible")).to_have_text("4 dari 4 yang terpantau melayani")
    clerk.seen(Look.EMPTY, 2)
    expect(tile).to_have_class(state("grace"))
    expect(page.locator("#feed > li")).to_have_count(0)
    clerk.seen(Look.EMPTY, 9)
    expect(tile).to_have_class(state("absent"))
    expect(tile).to_contain_text("Kosong")
    expect(page.locator("#feed > li")).to_have_count(1)
    expect(page.locator("#feed > li")).to_contain_text("Loket kosong")
    expect(page.locator("#announce")).to_have_text("Loket kosong: Loket 1, 35 Ilir")
    card = page.locator("#troubled > li")
    expect(card).to_have_count(1)
    expect(card).to_have_class(state("absent"))
    expect(page.locator("#summary")).to_contain_text("1 kosong")
    clerk.seen(Look.STAFFED, 0.5)
    expect(tile).to_have_class(state("staffed"))
    expect(page.locator("#feed > li.ended")).to_have_count(1)
    expect(card).to_have_count(0)
    expect(page.locator("#calm")).to_be_visible()
    assert page.evaluate("window.unreloaded")


# Of each part: whether it begins a line, and whether a separator is seen before and behind it.
SEPARATORS = """([container, parts]) => [...document.querySelectorAll(parts)].filter((part) => part.checkVisibility())
  .map((part) => {
    part.scrollIntoView({ block: "center" });
    const range = document.createRange();
    range.selectNodeContents(part);
    const box = part.getBoundingClientRect(), [text] = range.getClientRects();
    const gap = parseFloat(getComputedStyle(part).fontSize);
    return {
      first: box.left - part.closest(container).getBoundingClientRect().left < 1,
      separated: document.elementFromPoint(box.left - gap / 2, text.top + text.height / 2) === part,
      trailing: getComputedStyle(part, "::after").content !== "none",
    };
  })"""


@pytest.mark.parametrize("width", [390])  # only to begin with
def test_separators_stand_between_parts_and_never_at_the_edge_of_a_line(page: Page, world: World) -> None:
    states = (StandingState.ABSENT, StandingState.UNKNOWN, StandingState.CLOSED)
    for office, now in zip((world.ilir35, world.kemang, world.ulu34), states, strict=True):
        for counter in world.counters[office.pk]:
            world.stand(counter, now, reason="covered" if now is StandingState.UNKNOWN else "")
    open_board(page)
    seen = []
    for width in (280, 320, 390, 640, 700, 800, 1440):
        page.set_viewport_size({"width": width, "height": 844})
        found = page.evaluate(SEPARATORS, ["#summary", ".part"])
        assert all(part["separated"] != part["first"] and not part["trailing"] for part in found), (width, found)
        seen += found
    assert {part["first"] for part in seen} == {True, False}


def test_a_dropped_line_says_how_old_the_page_is_and_catches_up(page: Page, world: World, site: Daphne) -> None:
    clerk = Clerk(world.counter(world.ulu5))
    clerk.seen(Look.STAFFED, 1)
    open_board(page)
    note = page.locator("#freshness")
    expect(note).to_be_hidden()
    site.kill()
    expect(note).to_contain_text("Terputus, data per")
    clerk.seen(Look.EMPTY, 11)
    site.start()
    expect(note).to_be_hidden(timeout=40_000)
    expect(page.locator(f'[data-office="{world.ulu5.pk}"]')).to_have_class(state("absent"))
    expect(page.locator(".tile")).to_have_count(4)
    expect(page.locator("#feed > li")).to_have_count(1)
    expect(page.locator("#troubled > li")).to_have_count(1)
    assert page.evaluate("window.unreloaded")


def test_the_search_understands_words_and_the_address_keeps_it(page: Page, world: World) -> None:
    aside(lambda: [world.accuse(world.counter(office)) for office in (world.ilir35, world.ulu5)])
    open_board(page)
    page.keyboard.press("/")
    page.keyboard.type("tiga puluh lima ilir")
    shown = page.locator(".tile:visible .tile-name")
    expect(shown).to_have_text(["35 Ilir"])
    expect(page.locator("#found")).to_have_text(re.compile(r"^\s*1 kantor"))
    indications = page.locator("#feed > li:visible, #troubled > li:visible, .sentence:visible, .chips:visible")
    on_phone = page.evaluate("innerWidth") < 640
    expect(indications).to_have_count(0 if on_phone else 4)  # a desk shows those of 35 Ilir beside the result
    assert "q=tiga+puluh+lima+ilir" in page.url
    page.reload()
    expect(shown).to_have_text(["35 Ilir"])
    page.locator("#cari").press("Escape")
    expect(shown).to_have_count(4)
    page.locator("#kecamatan").select_option("16.71.02")
    expect(shown).to_have_text(["3-4 Ulu", "5 Ulu"])
    expect(page.locator("#feed > li:visible")).to_have_count(1)
    page.goto("/?q=lima ulu")
    expect(page.locator("#feed > li:visible")).to_have_count(0 if on_phone else 1)
    page.locator("#cari").press("Enter")
    page.wait_for_url("**/kantor/16.71.02.1005/")


def test_a_day_of_indications_leaves_fifty_on_the_page(page: Page, world: World) -> None:
    open_board(page)
    counter, begin = world.counter(world.kemang), timezone.now() - timedelta(hours=2)
    for first in range(0, 70, 10):
        at = [begin + timedelta(minutes=n) for n in range(first, first + 10)]
        alerts = Alert.objects.bulk_create(
            Alert(counter=counter, kind="absence", since=one, raised_at=one, ended_at=one, ended_by="staffed")
            for one in at
        )
        aside(partial(board_rows.announce_changes, {counter.pk}, {alert.pk for alert in alerts}))
        page.wait_for_timeout(300)
    items = page.locator("#feed > li")
    expect(items).to_have_count(50)
    newest = max(Alert.objects.values_list("pk", flat=True))
    expect(items.first).to_have_attribute("data-alert", str(newest))


def test_the_office_page_shows_the_picture_and_follows_its_counters(page: Page, world: World) -> None:
    camera, counter = world.cameras[world.ilir35.pk], world.counter(world.ilir35)
    picture = grey_jpeg(180, 640, 360)
    zone = {"id": 1, "counter": counter.pk, "polygon": SQUARE, "look": "staffed", "people": 1, "step": "frame"}
    view = {"at": timezone.now().isoformat(), "width": 640, "height": 360, "boxes": [[0.2, 0.3, 0.4, 0.8, 0.9]]}
    newest_picture.store_picture(camera.pk, picture, view | {"zones": [zone], "reason": ""})
    clerk = Clerk(counter)
    clerk.seen(Look.STAFFED, 1)
    with page.expect_websocket():
        page.goto("/kantor/16.71.01.1001/")
    expect(page.locator(".screen img")).to_be_visible()
    expect(page.locator(".overlay polygon.is-staffed")).to_have_count(1)
    expect(page.locator(".overlay .person")).to_have_count(1)
    expect(page.locator("[data-age]")).to_contain_text("Gambar")
    page.evaluate("window.unreloaded = true")
    shown = page.locator(f'[data-counter="{counter.pk}"]')
    expect(shown.locator(".strip")).to_be_visible()
    clerk.seen(Look.EMPTY, 2)
    expect(shown).to_have_class(state("grace"))
    clerk.seen(Look.EMPTY, 9)
    expect(shown).to_have_class(state("absent"))
    expect(shown.locator(".strip .p-absent")).to_have_count(1)
    expect(page.locator(".feed-today li")).to_have_count(1)
    clerk.seen(Look.STAFFED, 0.5)
    expect(shown).to_have_class(state("staffed"))
    newest_picture.store_picture(
        camera.pk, picture, view | {"at": timezone.now().isoformat(), "zones": [zone], "reason": "covered"}
    )
    expect(page.locator("[data-trouble]")).to_have_text("Kamera terhalang")
    assert page.evaluate("window.unreloaded")
    forget_pictures(camera.pk)


def test_a_page_about_an_office_that_could_not_be_read_anew_is_asked_for_again(page: Page, world: World) -> None:
    def fail_first_refresh(one: Page, address: str) -> list[str]:
        failed: list[str] = []

        def fail_once(route: Route) -> None:
            if failed or route.request.resource_type == "document":
                route.fallback()
            else:
                failed.append(route.request.url)
                route.abort()

        one.route(f"**{address}", fail_once)
        with one.expect_websocket():
            one.goto(address)
        return failed

    pages = {
        "/kantor/16.71.01.1001/": page,
        "/kantor/16.71.01.1001/langsung/": page.context.new_page(),
    }
    failed = [fail_first_refresh(one, address) for address, one in pages.items()]
    page.wait_for_timeout(300)
    world.stand(world.counter(world.ilir35), StandingState.GRACE)
    aside(lambda: board_rows.announce_changes({world.counter(world.ilir35).pk}, set()))
    for one in pages.values():
        expect(one.locator("#live-head .is-grace")).to_be_visible(timeout=40_000)
    assert all(failed)
