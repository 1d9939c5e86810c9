"""Chromium for the browser tests: launching it and opening pages of a signed-in user."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

# Needs axe-core on the page. The findings of weight, each as its rule and the element.
SERIOUS = """async () => (await axe.run(document, { runOnly: {
    type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  } })).violations
  .filter(({ impact }) => impact === "serious" || impact === "critical")
  .flatMap(({ id, nodes }) => nodes.map(({ html }) => [id, html]))"""


@contextmanager
def chromium(path: str) -> Iterator[Browser]:
    """Launch the headless Chromium at `path`; close it on leaving."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


PATIENCE_MS = 30_000  # long, for a machine that is busy with other work
expect.set_options(timeout=PATIENCE_MS)


class Site(Protocol):
    """A served site: a Daphne, or pytest-django's live server."""

    url: str


@contextmanager
def opened(browser: Browser, site: Site, user: User | None, width: int, **more: Any) -> Iterator[Page]:
    """Open a page as `user`, or without a login, `width` pixels wide; close its context on leaving.

    `more` are arguments of new_context. Any error of the page's scripts fails the test.
    """
    size: ViewportSize = {"width": width, "height": 844}
    context = browser.new_context(base_url=site.url, viewport=size, locale="id-ID", **more)
    if user:
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site.url}])
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not errors, errors


def fits(page: Page) -> bool:
    """Return whether the page is no wider than its window."""
    return not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def aside(work: Callable[[], object]) -> None:
    """Call `work` in another thread, as `watch` does, and re-raise what it raises.

    Playwright keeps an event loop in the test's own thread.
    """
    raised: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if raised:
        raise raised[0]
