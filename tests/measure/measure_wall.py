"""Measures a wall of 107 tiles: bytes to the browser, processor time of the web server and the page's memory.

.venv/bin/python tests/measure/measure_wall.py [--seconds 60] [--viewers 1] [--shot FILE.png]
On a scratch database: the city's offices around the clock, a new picture of each camera (a rendered office with sensor
noise) every five seconds, a real Daphne, real Chromium pages. Prints one JSON line.
"""

import argparse
import json
import os
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import psutil
from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ["DJANGO_SETTINGS_MODULE"] = "discipline.settings"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright runs an event loop in this thread
os.environ["REDIS_PREFIX"] = f"sidak-wall-{os.getpid()}"
os.environ["STATIC_MANIFEST"] = "0"
from discipline.ops.local import embedded
from streams.pixels.thumbs import encode_tile

embedded.ensure_servers()
import django  # noqa: E402

django.setup()
from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from discipline.staffing.models import Standing, StandingState  # noqa: E402
from discipline.tools.bench import looks as look_bench  # noqa: E402
from offices.access.models import Membership  # noqa: E402
from offices.city.loading import load_offices, read_offices  # noqa: E402
from offices.hours.models import HoursPlan  # noqa: E402
from offices.places.models import Counter  # noqa: E402
from streams.cameras.models import Camera  # noqa: E402
from streams.source import newest_picture  # noqa: E402
from tests.support.base import member  # noqa: E402
from tests.support.paths import find_chromium  # noqa: E402
from tests.support.processes import Daphne  # noqa: E402
from tests.support.visitors import room  # noqa: E402

LOOK_S = 5.0
SAMPLES = 4  # of the page's memory, after the first one
STATES = (
    *[StandingState.STAFFED] * 8,
    StandingState.GRACE,
    StandingState.ABSENT,
    StandingState.UNKNOWN,
    StandingState.STAFFED,
)


def furnish() -> str:
    """Create the city; return the session of a user who sees all of it."""
    load_offices(read_offices(), counters=True)
    HoursPlan.objects.update(**dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"), on_holidays=True)
    now = timezone.now()
    for n, counter in enumerate(Counter.objects.select_related("kelurahan")):
        Camera.objects.create(kelurahan=counter.kelurahan, name="Ruang pelayanan", url="rtsp://127.0.0.1:1/x")
        state = STATES[n % len(STATES)]
        reason = "offline" if state == StandingState.UNKNOWN else ""
        Standing.objects.create(counter=counter, state=state, reason=reason, since=now, last_look_at=now)
    client = Client()
    client.force_login(member("ani", Membership.Role.OPERATOR))
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def film(cameras: list[int], stop: threading.Event) -> None:
    """Store each camera's newest picture every LOOK_S, one camera after another, as `watch` would, until `stop`."""
    rooms = [room(clerk, visitor) for clerk in (True, False) for visitor in (None, 1.5)]
    rng = np.random.default_rng(0)
    while not stop.is_set():
        for n, camera in enumerate(cameras):
            noise = rng.integers(-4, 5, rooms[0].shape, dtype=np.int16)
            image = np.clip(rooms[n % len(rooms)] + noise, 0, 255).astype(np.uint8)
            at = datetime.now(UTC)
            cv2.putText(image, f"{at:%H:%M:%S}", (10, 30), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (255, 255, 255), 2)
            newest_picture.store_picture(camera, b"jpeg", {"at": at.isoformat()}, encode_tile(image))
            if stop.wait(LOOK_S / len(cameras)):
                return


class Wall:
    """A page of the wall, with the bytes and pictures received by its socket."""

    def __init__(self, browser: Any, site: Daphne, session: str) -> None:
        context = browser.new_context(base_url=site.url, viewport={"width": 1920, "height": 1080}, locale="id-ID")
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site.url}])
        self.bytes = self.pictures = 0
        self.page: Page = context.new_page()
        self.page.on("websocket", lambda socket: socket.on("framereceived", self.heard))
        self.page.goto("/dinding/?ubin=0&putar=0")

    def heard(self, payload: Any) -> None:
        """Count a message."""
        self.bytes += len(payload)
        self.pictures += isinstance(payload, bytes) and payload.count(b"\xff\xd8\xff")


def kept(page: Page) -> dict[str, float]:
    """Return the page's heap in MB and its DOM nodes after garbage collection."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    heap = session.send("Runtime.getHeapUsage")["usedSize"]
    return {"heap_mb": round(heap / 1e6, 2), "nodes": session.send("Memory.getDOMCounters")["nodes"]}


def measure(walls: list[Wall], server: psutil.Process, seconds: float) -> dict[str, Any]:
    """Return the figures of that many seconds, once all tiles show a picture."""
    first = walls[0].page
    first.wait_for_function(
        "() => document.querySelectorAll('.wall-tile img:not([hidden])').length === 107", timeout=60_000
    )
    first.wait_for_timeout(5000)
    memory = [kept(first)]
    before = [(wall.bytes, wall.pictures) for wall in walls]
    used, began = sum(server.cpu_times()[:2]), time.monotonic()
    for _ in range(SAMPLES):
        first.wait_for_timeout(seconds * 1000 / SAMPLES)
        memory.append(kept(first))
    elapsed = time.monotonic() - began
    cores = (sum(server.cpu_times()[:2]) - used) / elapsed
    received = [(wall.bytes - b, wall.pictures - p) for wall, (b, p) in zip(walls, before, strict=True)]
    return {
        "viewers": len(walls),
        "tiles": first.locator(".wall-tile img:visible").count(),
        "mbit_s": [round(b * 8 / elapsed / 1e6, 2) for b, _ in received],
        "pictures_s": [round(p / elapsed, 1) for _, p in received],
        "tile_kb": round(received[0][0] / received[0][1] / 1000, 1),
        "server_cores": round(cores, 3),
        "server_rss_mb": round(server.memory_info().rss / 1e6),
        "page": memory,
        "old": first.locator(".wall-age:visible").count(),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--viewers", type=int, default=1)
    parser.add_argument("--shot")
    arguments = parser.parse_args()
    stop = threading.Event()
    with look_bench.scratch_database():
        session = furnish()
        filming = threading.Thread(target=film, args=(list(Camera.objects.values_list("pk", flat=True)), stop))
        filming.start()
        site = Daphne(fresh=True)
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
                walls = [Wall(browser, site, session) for _ in range(arguments.viewers)]
                assert site.process
                figures = measure(walls, psutil.Process(site.process.pid), arguments.seconds)
                if arguments.shot:
                    walls[0].page.screenshot(path=arguments.shot)
                browser.close()
            sys.stdout.write(json.dumps(figures) + "\n")
        finally:
            site.kill()
            stop.set()
            filming.join()
            time.sleep(1)  # until the server's database sessions have ended


if __name__ == "__main__":
    main()
