"""Page loads on a phone with a slow connection: compressed static files, a throttled Chromium, bytes, layout shifts."""

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
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, Page

from tests.support.paths import ROOT

# 400 kbit/s and 300 ms
THIN = {"offline": False, "latency": 300, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
LONGEST_S = 20.0  # limit of the wait for the first message on a page's socket
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
}

# Runs before any script of the page; records layout shifts and what its Content-Security-Policy refused.
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
    """One first load.

    `kb`: thousands of bytes on the line, with headers and the socket's first news. `usable_s`: seconds until every
    script has run and the page responds. `cls`: cumulative layout shift.
    """

    kb: float
    usable_s: float
    cls: float
    requests: int


def collect_static(folder: Path) -> dict[str, str]:
    """Collect the static files into `folder`/static; return the environment with which a Daphne serves them."""
    names = {"SIDAK_VAR": str(folder), "STATIC_MANIFEST": "1", "SECRET_KEY": settings.SECRET_KEY}
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0", "--ignore", "admin"]
    subprocess.run(command, cwd=ROOT, env=os.environ | names, check=True, timeout=120)
    return names


def session_of(user: User) -> str:
    """Return the session cookie's value of a new session of `user`."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@contextmanager
def phone(browser: Browser, url: str, session: str, **more: Any) -> Iterator[Page]:
    """Open a page on a phone with an empty cache; `session` is the cookie's value, empty to be signed out."""
    context = browser.new_context(base_url=url, locale="id-ID", **(PHONE | more))
    if session:
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": url}])
    context.add_init_script(WATCHER)
    yield context.new_page()
    context.close()


def first_load(page: Page, path: str, *, throttled: bool = True) -> Load:
    """Load `path` and return what it took.

    The service worker's own fetches afterwards are not counted: no visitor waits for them.
    """
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    if throttled:
        line.send("Network.emulateNetworkConditions", THIN)
    sizes: list[float] = []
    news: list[float] = []
    line.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"] / 1000))
    compressed: list[bool] = []  # Chromium gives the text of a message, not its compressed size

    def note_handshake(event: dict[str, Any]) -> None:
        compressed.append("permessage-deflate" in str(event["response"]["headers"]))

    def note_message(event: dict[str, Any]) -> None:
        payload = event["response"]["payloadData"].encode()
        news.append(len(zlib.compress(payload) if compressed[0] else payload) / 1000)

    line.on("Network.webSocketHandshakeResponseReceived", note_handshake)
    line.on("Network.webSocketFrameReceived", note_message)
    began = time.monotonic()
    page.goto(path, wait_until="domcontentloaded")  # modules are deferred: they have run
    page.evaluate("new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))")
    usable = time.monotonic() - began
    page.wait_for_load_state("load")
    waits = page.locator("[data-socket]").count() > 0
    while waits and not news and time.monotonic() - began < LONGEST_S:
        page.wait_for_timeout(100)
    page.wait_for_timeout(1000)
    jumped = page.evaluate("jumps.reduce((sum, jump) => sum + jump, 0)")
    return Load(round(sum(sizes) + sum(news), 1), round(usable, 2), round(jumped, 4), len(sizes))
