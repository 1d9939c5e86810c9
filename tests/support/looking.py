"""Pictures of pages, for those who want to look at them."""

import os
from itertools import product
from typing import Literal

from playwright.sync_api import Page

from tests.support.browsing import fits

LOOKS = os.environ.get("LOOKS")  # a folder for the pictures


def look(page: Page, name: str) -> None:
    """Check that the page fits into its window; with LOOKS, store pictures of it, narrow and wide, light and dark."""
    assert fits(page)
    if not LOOKS:
        return
    before = page.viewport_size
    themes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for width, theme in product((390, 1440), themes):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)
        page.screenshot(path=f"{LOOKS}/{name}-{width}-{theme}.png", full_page=True)
    if before:
        page.set_viewport_size(before)
