"""The whole way without substitutes: RTSP, a real watch, the real detector, Daphne, and the board in Chromium."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from discipline.alerts.case import case_file
from discipline.alerts.models import Alert
from discipline.staffing import ledger
from discipline.staffing.alert_kinds import AlertKind
from discipline.staffing.models import StaffingRule
from offices.hours.models import HoursPlan
from streams.cameras.models import Camera, Zone
from streams.simulator.layouts import LAYOUTS
from streams.simulator.scenes import Scene
from streams.simulator.simulator import Simulator
from tests.support.base import World
from tests.support.browsing import opened
from tests.support.processes import Daphne, start_watch

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
WIDTHS = (1440, 390)
SOON_MS = 30_000


@pytest.fixture
def office(footage: Path) -> Iterator[tuple[World, Simulator, Daphne]]:
    """One office with a simulated camera, open around the clock, with graces of seconds."""
    ledger.schedule.forget()
    world = World()
    HoursPlan.objects.update(**dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"), on_holidays=True)
    StaffingRule.objects.create(
        absence_grace_s=8, opening_grace_s=8, closing_window_s=8, not_opened_s=60, exit_looks=2, stale_s=7
    )
    with Simulator(cameras=1, footage=footage) as simulator:
        Camera.objects.exclude(pk=world.cameras[world.ilir35.pk].pk).delete()
        Camera.objects.update(url=simulator.url(1))
        Zone.objects.update(polygon=[list(point) for point in LAYOUTS["hall"].zone])
        watch = start_watch("satu")
        try:
            with Daphne() as site:
                yield world, simulator, site
        finally:
            watch.terminate()
            watch.wait(15)


def test_a_clerk_leaves_before_the_camera_and_every_open_page_shows_it_until_she_returns(
    office: tuple[World, Simulator, Daphne], chrome: Any
) -> None:
    world, simulator, site = office
    loket = world.counters[world.ilir35.pk][0]
    with ExitStack() as stack:

        def open_pages(path: str) -> list[Page]:
            pages = [stack.enter_context(opened(chrome, site, world.walikota, width)) for width in WIDTHS]
            for page in pages:
                page.goto(path)
                page.evaluate("window.unreloaded = true")
            return pages

        boards, pages = open_pages("/"), open_pages(f"/kantor/{world.ilir35.code}/")
        tiles = [page.locator(f'[data-office="{world.ilir35.pk}"] [data-dots] svg').first for page in boards]
        counters = [page.locator(f'[data-counter="{loket.pk}"]') for page in pages]

        def all_show(state: str) -> None:
            for place in (*tiles, *counters):
                expect(place).to_have_class(re.compile(rf"\bis-{state}\b"), timeout=SOON_MS)

        all_show("staffed")
        simulator.set_scene("cam001", Scene.EMPTY)
        all_show("grace")
        all_show("absent")
        for page in boards:
            expect(page.locator("#feed [data-alert]:not(.ended)")).to_have_count(1, timeout=SOON_MS)
        for page in pages:
            expect(page.locator("figure img").first).to_be_visible()
        simulator.set_scene("cam001", Scene.STAFFED)
        all_show("staffed")
        for page in boards:
            expect(page.locator("#feed [data-alert].ended")).to_have_count(1, timeout=SOON_MS)
        assert all(page.evaluate("window.unreloaded") for page in (*boards, *pages))
    (absence,) = Alert.objects.filter(counter=loket).exclude(kind=AlertKind.CAMERA_FAULT)
    assert case_file.recheck(case_file.open_case(absence, timezone.now())).same, (
        "judged again from its spans it is another"
    )
