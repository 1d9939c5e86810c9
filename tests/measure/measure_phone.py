"""Measures first loads on a phone at 400 kbit/s and 300 ms, with an empty cache, beside a running `make run`.

.venv/bin/python tests/measure/measure_phone.py [--url http://localhost:8000] [--loads 3]
Prints one JSON line per page: path, kb (compressed, with headers and the socket's first news), usable_s and cls (the
median of the loads), requests.
"""

import argparse
import json
import statistics
import sys
from dataclasses import asdict
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.support.paths import find_chromium
from tests.support.phone import Load, first_load, phone

USER, PASSWORD = "walikota", "sidak-demo"


def signed_in(browser: Browser, url: str) -> tuple[str, list[str]]:
    """Return a session of the demo's mayor and the pages to load: board, office, indications, the first indication."""
    with phone(browser, url, "") as page:
        page.goto("/masuk/")
        page.fill("[name=login]", USER)
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector("#board")
        paths = ["/", str(page.locator(".tile a").first.get_attribute("href")), "/indikasi/"]
        indication = page.locator("#feed a")
        paths += [str(indication.first.get_attribute("href"))] if indication.count() else []
        session = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "sessionid")
        return session, paths


def median(loads: list[Load]) -> Load:
    """Return the median of each figure."""
    return Load(**{name: statistics.median(asdict(load)[name] for load in loads) for name in asdict(loads[0])})


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", default="http://localhost:8000")
    parser.add_argument("--loads", type=int, default=3)
    arguments = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        session, paths = signed_in(browser, arguments.url)
        for path in paths:
            loads = []
            for _ in range(arguments.loads):
                with phone(browser, arguments.url, session) as page:
                    loads.append(first_load(page, path))
            sys.stdout.write(json.dumps({"path": path, **asdict(median(loads))}) + "\n")
        browser.close()


if __name__ == "__main__":
    main()
