"""Boards that stay open all day, as in the command centre: memory does not grow and the content stays right.

107 offices, a day of looks through the real ledger as fast as Channels delivers, pages whose clocks run through the
same 12 hours, connections that break every hour, and Chromium's own memory counters. `-s` prints them.
"""

import json
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect

from discipline.alerts.models import Alert
from discipline.staffing import ledger
from discipline.staffing.models import Flip, StaffingRule
from offices.access.models import Membership
from offices.city.loading import load_offices, read_offices
from offices.hours.models import HoursPlan
from offices.places.models import Counter
from streams.pixels.occupancy import Look, Sample
from tests.support.base import member
from tests.support.browsing import aside, opened
from tests.support.processes import Daphne

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

HOURS, SETTLED_H = 12, 3
LOOKS = 4  # per counter and hour: one with its clerk, three without, which cause three flips
AWAKE_S = 45  # of each hour the page is awake; shorter than the silence after which it drops its connection
GROWTH = 1.1
KEPT = ("JSHeapUsedSize", "Nodes", "JSEventListeners")

COUNTED = """(() => {
  const Real = WebSocket;
  globalThis.lines = 0;
  globalThis.WebSocket = class extends Real { constructor(...how) { super(...how); globalThis.lines += 1; } };
})()"""
SHOWN = r"""() => {
  const all = (what, show) => [...document.querySelectorAll(what)].map(show);
  const texts = (one) => [...one.querySelectorAll("span, strong")].filter((part) => !part.querySelector("*")
    && !part.classList.contains("elapsed")).map((part) => part.textContent.trim());
  const place = (one) => [one.className.replace(/ ?\bnew\b/, ""), one.hidden, one.dataset.alert,
    one.querySelector("a").href, one.querySelector(".elapsed").dataset.from, ...texts(one)];
  return {
    tiles: all(".tile", place),
    dots: all("[data-dots] svg", (one) => one.outerHTML),
    cards: all("#troubled > li", place),
    feed: all("#feed > li", place),
    counts: all("[data-count]", (one) => one.textContent),
    parts: all("[data-part], [data-kind], #calm, #nothing, #more-troubled, #feed-empty", (one) => one.hidden),
  };
}"""


@pytest.fixture
def counters() -> list[int]:
    """The whole city around the clock, one counter per office, with tolerances that suit a look every 15 minutes."""
    ledger.schedule.forget()
    load_offices(read_offices(), counters=True)
    HoursPlan.objects.update(**dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"), on_holidays=True)
    StaffingRule.objects.create(
        absence_grace_s=1200, opening_grace_s=1200, closing_window_s=1200, stale_s=1000, exit_looks=1
    )
    return list(Counter.objects.order_by("kelurahan__code").values_list("pk", flat=True))


@pytest.fixture
def mayor(counters: list[int], chrome: Browser, site: Daphne) -> Iterator[BrowserContext]:
    del counters  # requested for its effect
    user, troubles = member("walikota", Membership.Role.MAYOR), list[str]()
    with opened(chrome, site, user, 1440) as page:
        page.context.on("weberror", lambda error: troubles.append(str(error.error)))
        yield page.context
        connection.close()  # the thread of Playwright's loop has its own connection
    assert not troubles


def seen(office: int, tick: int) -> tuple[Look, str]:
    if (tick + office) % LOOKS == 0:
        return Look.STAFFED, ""
    return (Look.BLIND, "dark") if office % 20 == 0 else (Look.EMPTY, "")


def an_hour_of_looks(counters: list[int], begin: datetime, hour: int) -> None:
    for tick in range(hour * LOOKS, (hour + 1) * LOOKS):
        at = begin + timedelta(hours=1) / LOOKS * tick
        looks = [(counter, *seen(office, tick)) for office, counter in enumerate(counters)]
        ledger.record_samples([Sample(counter, at, look, reason=reason) for counter, look, reason in looks], at)
        ledger.sweep_deadlines(at + timedelta(minutes=6))  # a camera fault is raised after five


class Wall:
    """A board without user input, with a clock of its own."""

    def __init__(self, context: BrowserContext, path: str) -> None:
        self.path = path
        self.page: Page = context.new_page()
        self.page.clock.install()
        self.page.add_init_script(COUNTED)  # Playwright's own websocket event is sometimes missed
        with self.page.expect_websocket():
            self.page.goto(path)
        self.page.evaluate("window.unreloaded = true")
        self._chrome: CDPSession = context.new_cdp_session(self.page)
        self._chrome.send("Performance.enable")

    def live_an_hour(self) -> None:
        """Advance the page's clock by an hour, most of it suspended: the silent connection is dropped and reopened."""
        before = self.page.evaluate("lines")
        self.page.clock.run_for(AWAKE_S * 1000)
        self.page.clock.fast_forward((3600 - AWAKE_S) * 1000)
        self.page.clock.fast_forward(1000)  # skips the page's wait before it reconnects
        self.page.wait_for_function("(before) => lines > before", arg=before, timeout=90_000)
        expect(self.page.locator("#freshness")).to_be_hidden(timeout=30_000)

    def kept(self) -> dict[str, int]:
        """Return live bytes, DOM nodes and listeners: the least of three, as some garbage is collected later."""
        readings = []
        for _ in range(3):
            self.page.wait_for_timeout(200)
            self._chrome.send("HeapProfiler.collectGarbage")
            readings.append(
                {m["name"]: int(m["value"]) for m in self._chrome.send("Performance.getMetrics")["metrics"]}
            )
        return {name: min(reading[name] for reading in readings) for name in KEPT}


def test_a_board_open_all_day_does_not_grow_and_shows_what_a_fresh_one_shows(
    mayor: BrowserContext, counters: list[int]
) -> None:
    walls = [Wall(mayor, "/"), Wall(mayor, "/?kecamatan=16.71.02")]
    early: list[dict[str, int]] = []
    begin = timezone.now() - timedelta(hours=HOURS)
    for hour in range(HOURS):
        aside(partial(an_hour_of_looks, counters, begin, hour))
        for wall in walls:
            wall.live_an_hour()
        if hour + 1 == SETTLED_H:
            early = [wall.kept() for wall in walls]
    late = [wall.kept() for wall in walls]
    flips, indications = Flip.objects.count(), Alert.objects.count()
    figures = {"flips": flips, "indications": indications, "early": early, "late": late}
    sys.stdout.write(json.dumps(figures) + "\n")
    assert flips > 30 * len(counters)
    for wall in walls:
        fresh = mayor.new_page()
        fresh.goto(wall.path)
        assert wall.page.evaluate("window.unreloaded")
        assert wall.page.evaluate(SHOWN) == fresh.evaluate(SHOWN)
        fresh.close()
    for then, now in zip(early, late, strict=True):
        assert all(now[name] <= GROWTH * then[name] for name in KEPT), figures
