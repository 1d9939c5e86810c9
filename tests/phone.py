"""What a phone on a thin line sees: a site with hashed and compressed files, a slow Chromium, its bytes and jumps."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page

from tests.processes import ROOT

KBIT, LATENCY_MS = 400, 300
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}

# Before any script of the page: how far things jumped, and when the page could be used.
WATCHER = """
window.jumps = []; window.violations = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) jumps.push([entry.value,
    ...entry.sources.slice(0, 3).map(({ node }) => `${node?.nodeName}.${node?.className?.baseVal ?? node?.className}`)]);
}).observe({ type: "layout-shift", buffered: true });
addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => violations.push([violatedDirective, blockedURI]));
"""


@dataclass
class Load:
    """One first load: compressed bytes, seconds until every script has run and the page answers, and its jumps."""

    kb: float
    usable_s: float
    cls: float
    requests: int
    largest: list[tuple[float, str]] = field(default_factory=list)


def collect_static(folder: Path) -> dict[str, str]:
    """Into `folder`/static, as set-up does; returns what a Daphne needs to serve it."""
    names = {"SIDAK_VAR": str(folder), "STATIC_MANIFEST": "1", "SECRET_KEY": settings.SECRET_KEY}
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0", "--ignore", "admin"]
    subprocess.run(command, cwd=ROOT, env=os.environ | names, check=True, timeout=120)
    return names


@contextmanager
def thin_line(browser: Browser, url: str, cookie: str, **more: Any) -> Iterator[Page]:
    """A phone with an empty cache, at 400 kbit/s and 300 ms."""
    context = browser.new_context(base_url=url, locale="id-ID", **(PHONE | more))
    sign_in(context, url, cookie)
    context.add_init_script(WATCHER)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    rate = KBIT * 1000 / 8
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": LATENCY_MS, "downloadThroughput": rate, "uploadThroughput": rate},
    )
    yield page
    context.close()


def sign_in(context: BrowserContext, url: str, cookie: str) -> None:
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": url}])


def first_load(page: Page, path: str, settle_s: float = 1.5) -> Load:
    """The service worker's own fetching begins after it and is not counted: nobody waits for that."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    urls: dict[str, str] = {}
    sizes: dict[str, float] = {}
    session.on("Network.requestWillBeSent", lambda e: urls.__setitem__(e["requestId"], e["request"]["url"]))
    session.on("Network.loadingFinished", lambda e: sizes.__setitem__(e["requestId"], e["encodedDataLength"] / 1000))
    began = time.monotonic()
    page.goto(path, wait_until="domcontentloaded")  # deferred scripts, that is all modules, have run
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    usable = time.monotonic() - began
    page.wait_for_load_state("load")
    page.wait_for_timeout(settle_s * 1000)
    jumps = page.evaluate("jumps")
    parts = sorted(((round(size, 1), urls[one].split("/", 3)[-1]) for one, size in sizes.items()), reverse=True)
    return Load(
        round(sum(sizes.values()), 1), round(usable, 2), round(sum(one[0] for one in jumps), 4), len(sizes), parts[:3]
    )
