"""A camera live in a real Chromium before a real Daphne and real (simulated) cameras."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from offices.models import HoursPlan
from streams.models import Camera, View
from streams.simulator.simulator import Simulator
from tests.base import World
from tests.browsing import chromium, opened
from tests.processes import Daphne

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIVE = ".live[data-state=live]"
PATIENCE_MS = 30_000


@pytest.fixture(scope="module")
def chrome(chromium_path: str) -> Iterator[Any]:
    with chromium(chromium_path) as browser:
        yield browser


@pytest.fixture
def world(city: Simulator) -> World:
    made = World()
    HoursPlan.objects.update(**dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"), on_holidays=True)
    Camera.objects.filter(kelurahan=made.ilir35).update(url=city.url(1))
    return made


@pytest.fixture
def site(world: World) -> Iterator[Daphne]:
    running = Daphne()
    yield running
    running.kill()


@pytest.fixture
def page(chrome: Any, site: Daphne, world: World) -> Iterator[Page]:
    with opened(chrome, site, world.walikota, 390) as page:
        yield page


def test_the_mayor_sees_an_office_live(page: Page, world: World, city: Simulator) -> None:
    page.goto("/kantor/16.71.01.1001/")
    page.get_by_role("link", name="Lihat langsung").click()
    expect(page.locator(LIVE)).to_be_visible(timeout=PATIENCE_MS)
    before = page.evaluate("document.querySelector('video').currentTime")
    page.wait_for_timeout(2000)
    print(page.evaluate("document.querySelector('video').currentTime") - before, page.evaluate("document.querySelector('.live').dataset.behind"))
    page.screenshot(path="/tmp/w/live-1.png")
