"""Live pictures of a camera in a real Chromium, before a real Daphne and real (simulated) cameras."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from discipline.tools.bench.live import READER
from offices.hours.models import HoursPlan
from streams.cameras.models import Camera
from streams.live.models import View
from streams.simulator.clock import BLOCK
from streams.simulator.reading import WIDTH, read_clock
from streams.simulator.simulator import Simulator
from tests.support.base import World
from tests.support.browsing import fits
from tests.support.processes import Daphne

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OFFICE = "/kantor/16.71.01.1001/"


@pytest.fixture(scope="module")
def cameras(footage: Path, footage_h265: Path) -> Iterator[Simulator]:
    """Two cameras; the second sends H.265."""
    with Simulator(cameras=2, footage=footage, footage_of={2: footage_h265}) as simulator:
        yield simulator


@pytest.fixture
def world(cameras: Simulator) -> World:
    made = World()
    HoursPlan.objects.update(**dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"), on_holidays=True)
    Camera.objects.update(url=cameras.url(1))
    Camera.objects.create(kelurahan=made.ilir35, name="Sisi pintu", url=cameras.url(2))
    return made


@pytest.fixture
def width() -> int:
    return 390


def state(page: Page, name: str) -> None:
    expect(page.locator(f'.live[data-state="{name}"]')).to_be_visible()


def seconds(page: Page) -> float:
    return float(page.evaluate("document.querySelector('.live video').currentTime"))


def plays(page: Page) -> None:
    state(page, "live")
    before = seconds(page)
    page.wait_for_function("(since) => document.querySelector('.live video').currentTime > since + 1", arg=before)


def test_the_mayor_looks_into_an_office_as_it_is_now(page: Page, world: World) -> None:
    page.add_init_script(READER)
    page.goto(OFFICE)
    page.get_by_role("link", name="Lihat langsung").click()
    plays(page)
    page.wait_for_function("() => globalThis.seen.clocks.length > 2")
    shown, row = page.evaluate("seen.clocks.at(-1)")
    clock = read_clock(np.array(row, np.uint8).reshape(BLOCK, WIDTH))
    assert clock
    behind = datetime.fromtimestamp(shown / 1000, UTC) - clock
    assert timedelta(0) <= behind < timedelta(seconds=10), "a CI machine may be slow; bench --live holds the budget"

    with page.expect_download() as saved:
        page.get_by_role("button", name="Simpan foto").click()
    photo = cv2.imread(str(saved.value.path()))
    assert photo is not None
    assert photo.shape[1] == 640
    assert photo.shape[0] > 360, "where and when stand below the picture"
    assert photo[370:].max() > 200
    assert "35-Ilir" in saved.value.suggested_filename

    page.locator(".live-frame").focus()
    page.keyboard.press("+")
    expect(page.locator(".live-frame.is-zoomed")).to_be_visible()
    page.keyboard.press("0")
    expect(page.locator(".live-frame.is-zoomed")).to_have_count(0)

    page.evaluate("Object.defineProperty(document, 'hidden', { get: () => window.away, configurable: true })")
    page.evaluate("window.away = true; document.dispatchEvent(new Event('visibilitychange'))")
    state(page, "paused")
    page.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))")
    plays(page)
    page.get_by_role("button", name="Jeda").click()
    state(page, "paused")
    page.get_by_role("button", name="Lanjutkan").click()
    plays(page)
    page.goto("/")
    page.wait_for_timeout(500)
    looked = list(View.objects.order_by("pk"))
    assert [(view.user_id, view.camera_id, view.ended_at is not None) for view in looked] == [
        (world.walikota.pk, world.cameras[world.ilir35.pk].pk, True)
    ] * 3, "each time the picture ran is a line of its own"


def test_a_dropped_line_mends_itself_and_says_so_meanwhile(page: Page, site: Daphne) -> None:
    page.goto(f"{OFFICE}langsung/")
    plays(page)
    site.kill()
    state(page, "stale")
    expect(page.locator(".live-state")).to_have_text("Terputus. Menyambung kembali…")
    site.start()
    plays(page)


def test_all_cameras_of_an_office_play_at_once_by_their_small_streams(page: Page, cameras: Simulator) -> None:
    # The main streams' addresses are invalid: only the substreams can be shown.
    Camera.objects.update(url="rtsp://127.0.0.1:1/main", sub_url=cameras.url(1))
    page.goto(OFFICE + "langsung/?kamera=semua")
    expect(page.locator('.live[data-state="live"]')).to_have_count(2)
    page.wait_for_function("() => [...document.querySelectorAll('.live video')].every((one) => one.currentTime > 1)")
    assert fits(page)


def test_what_a_browser_cannot_play_is_shown_as_pictures_and_a_closed_office_asks_why(page: Page) -> None:
    HoursPlan.objects.all().delete()
    page.goto(f"{OFFICE}langsung/")
    page.get_by_role("link", name="Sisi pintu").click()
    state(page, "reason")
    expect(page.locator(".live-picture")).to_be_hidden()
    page.get_by_label("Alasan melihat ruangan di luar jam layanan").fill("Lampu masih menyala")
    page.get_by_role("button", name="Lihat", exact=True).click()
    state(page, "live")
    expect(page.locator(".live-state")).to_have_text("Gambar terbaru")
    expect(page.locator(".live-note")).to_contain_text("H.265")
    first = page.locator(".live-picture").get_attribute("src")
    expect(page.locator(".live-picture")).not_to_have_attribute("src", first or "")
    assert [view.reason for view in View.objects.all()] == ["Lampu masih menyala"]
