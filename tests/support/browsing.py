"""A real Chromium before a real Daphne: what the browser tests open their pages with."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright


@contextmanager
def chromium(path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


PATIENCE_MS = 30_000  # of a machine that is busy with much else
expect.set_options(timeout=PATIENCE_MS)


class Site(Protocol):
    """A Daphne, or pytest-django's live server."""

    url: str


@contextmanager
def opened(browser: Browser, site: Site, user: Any, width: int, **more: Any) -> Iterator[Page]:
    """A page of a signed-in user; any error of its scripts fails the test."""
    size: ViewportSize = {"width": width, "height": 844}
    context = browser.new_context(base_url=site.url, viewport=size, locale="id-ID", **more)
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site.url}])
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    yield page
    context.close()
    assert not troubles


def fits(page: Page) -> bool:
    """Whether the page is no wider than its window."""
    return not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def aside(work: Callable[[], Any]) -> None:
    """In a plain thread, as `watch` works: Playwright keeps an event loop in this one."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
