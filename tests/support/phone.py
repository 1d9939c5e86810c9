"""What a phone on a thin line sees: a site with hashed and compressed files, a slow Chromium, its bytes and jumps."""

import os
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page

from tests.support.processes import ROOT

# 400 kbit/s and 300 ms
THIN = {"offline": False, "latency": 300, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
LONGEST_S = 20.0  # until the first news on a page's socket
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
}

# Before any script of the page: how far things jumped, and what its policy refused.
WATCHER = """
window.jumps = []; window.refused = [];
new PerformanceObserver((list) => {
  for (const jump of list.getEntries()) if (!jump.hadRecentInput) jumps.push(jump.value);
}).observe({ type: "layout-shift", buffered: true });
addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
  refused.push(`${violatedDirective} ${blockedURI}`);
});
"""


@dataclass(frozen=True, slots=True)
class Load:
    """One first load: thousands of bytes on the line with their headers and the socket's first news, seconds until
    every script has run and the page answers, and how far things jumped (CLS)."""

    kb: float
    usable_s: float
    cls: float
    requests: int


def collect_static(folder: Path) -> dict[str, str]:
    """Into `folder`/static, as set-up does; returns what a Daphne needs to serve it."""
    names = {"SIDAK_VAR": str(folder), "STATIC_MANIFEST": "1", "SECRET_KEY": settings.SECRET_KEY}
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0", "--ignore", "admin"]
    subprocess.run(command, cwd=ROOT, env=os.environ | names, check=True, timeout=120)
    return names


def session_of(user: Any) -> str:
    """The cookie's value of a session that this user has begun."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@contextmanager
def phone(browser: Browser, url: str, session: str, **more: Any) -> Iterator[Page]:
    """A signed-in phone with an empty cache; `session` is the cookie's value, empty for nobody's."""
    context = browser.new_context(base_url=url, locale="id-ID", **(PHONE | more))
    if session:
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": url}])
    context.add_init_script(WATCHER)
    yield context.new_page()
    context.close()


def first_load(page: Page, path: str, *, throttled: bool = True) -> Load:
    """The service worker fetches for itself afterwards, which is not counted: nobody waits for that."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    if throttled:
        line.send("Network.emulateNetworkConditions", THIN)
    sizes: list[float] = []
    news: list[float] = []
    line.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"] / 1000))
    packed: list[bool] = []  # Chromium tells the text of a socket, not what of it was on the line

    def agreed(event: dict[str, Any]) -> None:
        packed.append("permessage-deflate" in str(event["response"]["headers"]))

    def heard(event: dict[str, Any]) -> None:
        said = event["response"]["payloadData"].encode()
        news.append(len(zlib.compress(said) if packed[0] else said) / 1000)

    line.on("Network.webSocketHandshakeResponseReceived", agreed)
    line.on("Network.webSocketFrameReceived", heard)
    began = time.monotonic()
    page.goto(path, wait_until="domcontentloaded")  # modules are deferred: they have run
    page.evaluate("new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))")
    usable = time.monotonic() - began
    page.wait_for_load_state("load")
    waits = page.locator("[data-socket]").count() > 0
    while waits and not news and time.monotonic() - began < LONGEST_S:
        page.wait_for_timeout(100)
    page.wait_for_timeout(1000)
    jumped = page.evaluate("jumps.reduce((sum, one) => sum + one, 0)")
    return Load(round(sum(sizes) + sum(news), 1), round(usable, 2), round(jumped, 4), len(sizes))
