"""Measures the time from a flip in the ledger to the changed tile in a real Chromium, beside a running `make run`.

.venv/bin/python tests/measure/measure_board.py [--seconds 120] [--url http://localhost:8000]
Prints one JSON line: flips, seen, ms {p50, p95, max} from noticed_at to the DOM, and the page's heap before and after.
"""

import argparse
import json
import os
import statistics
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "discipline.settings")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright runs an event loop in this thread
from discipline.ops.local import embedded

embedded.ensure_servers()
import django  # noqa: E402

django.setup()
from django.utils import timezone  # noqa: E402

from discipline.staffing.models import Flip  # noqa: E402
from tests.support.paths import find_chromium  # noqa: E402

WATCH = """
window.changes = [];
new MutationObserver((records) => {
  for (const { target } of records) {
    if (target.dataset.office) changes.push([+target.dataset.office, target.className, Date.now()]);
  }
}).observe(document.querySelector("#board"), { subtree: true, attributeFilter: ["class"] });
"""


def open_board(page: Page, url: str) -> None:
    """Sign in as the demo's mayor and open the board."""
    page.goto(f"{url}/masuk/")
    page.fill("[name=login]", "walikota")
    page.fill("[name=password]", "sidak-demo")
    page.keyboard.press("Enter")
    page.wait_for_selector("#board")
    page.wait_for_timeout(3000)  # the socket's first snapshot


def heap_mb(page: Page) -> float:
    """Return the page's used heap after garbage collection, in MB."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    used: dict[str, Any] = session.send("Runtime.getHeapUsage")
    return round(used["usedSize"] / 1e6, 2)


def measure(page: Page, seconds: int) -> dict[str, Any]:
    """Return the figures of the flips noticed in that many seconds."""
    before = heap_mb(page)
    page.evaluate(WATCH)
    began = timezone.now()
    page.wait_for_timeout(seconds * 1000)
    ended = timezone.now()
    page.wait_for_timeout(2000)
    changes = page.evaluate("changes")
    flips = Flip.objects.filter(noticed_at__gt=began, noticed_at__lt=ended).select_related("counter")
    delays_ms: list[float] = []
    for flip in flips:
        noticed = flip.noticed_at.timestamp() * 1000
        office, expected = flip.counter.kelurahan_id, f"is-{flip.new}"
        seen = [
            at - noticed for tile, classes, at in changes if tile == office and expected in classes and at >= noticed
        ]
        if seen:
            delays_ms.append(min(seen))
    cuts = statistics.quantiles(delays_ms, n=100, method="inclusive")
    return {
        "flips": len(flips),
        "seen": len(delays_ms),
        "ms": {"p50": round(cuts[49]), "p95": round(cuts[94]), "max": round(max(delays_ms))},
        "heap_mb": {"before": before, "after": heap_mb(page)},
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--url", default="http://localhost:8000")
    arguments = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        page = browser.new_page()
        open_board(page, arguments.url)
        sys.stdout.write(json.dumps(measure(page, arguments.seconds)) + "\n")
        browser.close()


if __name__ == "__main__":
    main()
