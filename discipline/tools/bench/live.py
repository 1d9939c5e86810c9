"""Measure the cost and the delay of live viewing with simulated cameras, a real Daphne, raw viewers and a Chromium.

The delay comes from the clock that the simulator draws into its pictures, read back from what Chromium shows.
"""

import asyncio
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypedDict
from urllib.parse import urlsplit

import numpy as np
import psutil
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command

from discipline.core.websocket_routes import reverse_websocket
from discipline.tools.bench.clip_cameras import simulated_view
from discipline.tools.bench.live_viewers import BenchViewer, watch_stream
from discipline.tools.bench.looks import BenchPlan, create_bench_rows
from discipline.tools.bench.percentiles import Percentiles, percentiles
from discipline.tools.bench.web_server import BenchServer, create_sessions, processor_s, rss_mb
from offices.places.models import Kelurahan
from streams.cameras.models import Camera
from streams.simulator.clock import BLOCK
from streams.simulator.reading import WIDTH, read_clock

CONNECT_S = 60.0  # until every viewer has a picture; what has none then is counted as not viewing
SETTLE_S = 5.0
OPENINGS = 12  # of live pages in Chromium: half of a camera with other viewers, half of cameras without
SEEN_S = 12.0  # reading the clock in Chromium
NO_CHROMIUM = "no chromium: first pictures are those of raw viewers, and the delay is not measured"
# Collects the top rows of each displayed picture with a new clock, and when it was displayed (Unix ms).
READER = """
globalThis.seen = { first: null, clocks: [] };
new MutationObserver((_, observer) => {
  const video = document.querySelector(".live video");
  if (!video) return;
  observer.disconnect();
  const pen = new OffscreenCanvas(WIDTH, HEIGHT).getContext("2d", { willReadFrequently: true });
  let before = "";
  const look = (now, { expectedDisplayTime }) => {
    seen.first ??= now;
    pen.drawImage(video, 0, 0);
    const pixels = pen.getImageData(0, 0, WIDTH, HEIGHT).data;
    const row = Array.from({ length: pixels.length / 4 }, (_, n) => pixels[4 * n]);
    const text = row.map((value) => value > 128 ? 1 : 0).join("");
    if (text !== before) seen.clocks.push([performance.timeOrigin + expectedDisplayTime, row]);
    before = text;
    video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);
}).observe(document, { childList: true, subtree: true });
""".replace("WIDTH", str(WIDTH)).replace("HEIGHT", str(BLOCK))


@dataclass(frozen=True, slots=True)
class LivePlan:
    """What to measure: `viewers` of camera 1, and one viewer for each of `cameras` others, for `seconds`.

    `pattern` is the simulator's address with a %d for the camera's number, from 1.
    """

    pattern: str
    viewers: int = 50
    cameras: int = 20
    seconds: float = 30.0

    @property
    def all_cameras(self) -> int:
        """How many cameras the bench needs, with those that only Chromium views."""
        return 1 + self.cameras + OPENINGS // 2


class LiveFigures(TypedDict):
    """The result. Cores are those of the web server on top of its idle load; memory is its resident set.

    first_picture_ms: from opening a page to its first moving picture; behind_ms: from a new second on the camera's
    clock to its display, without Chromium {None, None}; between_fragments_ms: between two fragments of one viewer.
    """

    first_picture_ms: Percentiles
    behind_ms: Percentiles
    viewers: int  # that got a fragment
    camera_connections: int
    cores: float
    rss_mb: int
    rss_mb_idle: int
    measured_in: str
    between_fragments_ms: Percentiles
    mbit_s: float
    closed_by_server: int


@dataclass(slots=True)
class _Crowd:
    viewers: list[BenchViewer] = field(default_factory=list)
    cores: float = 0.0
    rss_mb: float = 0.0
    mbit_s: float = 0.0
    connections: int = 0


@dataclass(frozen=True, slots=True)
class _ChromiumTimes:
    """Milliseconds: to the first picture of each page, and of the display behind the camera's clock."""

    firsts_ms: list[float] = field(default_factory=list)
    behind_ms: list[float] = field(default_factory=list)


def measure_live(plan: LivePlan, progress: Callable[[str], None]) -> LiveFigures:
    """Run the bench on the present database, which must be an empty scratch one."""
    create_bench_rows(BenchPlan(plan.all_cameras, plan.seconds, plan.pattern, simulated_view))
    if settings.STATIC_MANIFEST:  # as in production
        call_command("collectstatic", interactive=False, verbosity=0)
    # A user may have few live views; the last one is Chromium's.
    names = [f"bench{number}" for number in range(plan.viewers + plan.cameras + 1)]
    *sessions, own = create_sessions(User.objects.create_superuser(name) for name in names)
    cookies = [f"{settings.SESSION_COOKIE_NAME}={session}" for session in sessions]
    cameras = list(Camera.objects.order_by("pk").values_list("pk", flat=True))
    paths = [f"{reverse_websocket('camera-live', cameras[0])}?stream=main"] * plan.viewers
    paths += [f"{reverse_websocket('camera-live', pk)}?stream=sub" for pk in cameras[1 : 1 + plan.cameras]]
    with BenchServer.running() as (server, process):
        port = server.port
        before, idle_mb = _cores(process, SETTLE_S), rss_mb(process)
        progress(f"{plan.viewers} viewers of one camera, {plan.cameras} cameras at once, for {plan.seconds:.0f} s")
        views = list(zip(paths, cookies, strict=True))
        crowd, shown = asyncio.run(_watch_all(plan, views, port, process, _Chromium(port, own)))
    firsts = shown.firsts_ms or [1000 * viewer.first_s for viewer in crowd.viewers if viewer.first_s]
    waits = [1000 * wait for viewer in crowd.viewers for wait in viewer.waits_s]
    return {
        "first_picture_ms": percentiles(firsts),
        "behind_ms": percentiles(shown.behind_ms),
        "viewers": sum(viewer.fragments > 0 for viewer in crowd.viewers),
        "camera_connections": crowd.connections,
        "cores": round(crowd.cores - before, 3),
        "rss_mb": round(crowd.rss_mb),
        "rss_mb_idle": round(idle_mb),
        "measured_in": "chromium" if shown.firsts_ms else NO_CHROMIUM,
        "between_fragments_ms": percentiles(waits),
        "mbit_s": round(crowd.mbit_s, 1),
        "closed_by_server": sum(viewer.closed is not None for viewer in crowd.viewers),
    }


async def _watch_all(
    plan: LivePlan, views: list[tuple[str, str]], port: int, process: psutil.Process, chromium: "_Chromium"
) -> tuple[_Crowd, _ChromiumTimes]:
    crowd, tasks = _Crowd(), []
    for path, cookie in views:
        crowd.viewers.append(BenchViewer())
        tasks.append(asyncio.create_task(watch_stream(port, path, cookie, crowd.viewers[-1])))
        await asyncio.sleep(0.02)
    await asyncio.wait([asyncio.create_task(viewer.started.wait()) for viewer in crowd.viewers], timeout=CONNECT_S)
    await asyncio.sleep(SETTLE_S)
    for viewer in crowd.viewers:
        viewer.waits_s.clear()
    before = sum(viewer.total for viewer in crowd.viewers)
    crowd.cores = await asyncio.to_thread(_cores, process, plan.seconds)
    crowd.mbit_s = 8e-6 * (sum(viewer.total for viewer in crowd.viewers) - before) / plan.seconds
    crowd.rss_mb = rss_mb(process)
    rtsp = urlsplit(plan.pattern % 1).port
    crowd.connections = sum(peer.raddr.port == rtsp for peer in process.net_connections() if peer.raddr)
    # After the measurement, so that the browser's own load is not in it.
    shown = await chromium.look() if chromium.path else _ChromiumTimes()
    for task in tasks:
        task.cancel()
    done = await asyncio.gather(*tasks, return_exceptions=True)
    for error in done:
        if isinstance(error, Exception) and not isinstance(error, asyncio.CancelledError):
            raise error
    return crowd, shown


class _Chromium:
    """Opens live pages while the crowd watches. `path` is None where Chromium or Playwright is not installed."""

    def __init__(self, port: int, session: str) -> None:
        self._url, self._session = f"http://localhost:{port}", session
        self.path = os.environ.get("CHROMIUM") or next(
            filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser"))), None
        )
        try:
            import playwright.async_api as tool  # noqa: PLC0415 only in requirements-dev.txt
        except ImportError:
            self.path = None
        else:
            self._tool = tool
        self._codes = list(Kelurahan.objects.order_by("pk").values_list("code", flat=True))

    async def look(self) -> _ChromiumTimes:
        times = _ChromiumTimes()
        async with self._tool.async_playwright() as tool:
            browser = await tool.chromium.launch(executable_path=self.path, args=["--no-sandbox"])
            for number in range(OPENINGS):
                code = self._codes[0 if number % 2 else -1 - number // 2]
                context = await browser.new_context(base_url=self._url, viewport={"width": 390, "height": 844})
                cookie: Any = {"name": settings.SESSION_COOKIE_NAME, "value": self._session, "url": self._url}
                await context.add_cookies([cookie])
                page = await context.new_page()
                await page.add_init_script(READER)
                await page.goto(f"/kantor/{code}/langsung/", wait_until="commit")
                await page.wait_for_function("() => globalThis.seen?.first", timeout=30_000)
                times.firsts_ms.append(await page.evaluate("seen.first"))
                if number < 2:
                    await page.wait_for_timeout(1000 * SEEN_S)
                    times.behind_ms.extend(_delays_ms(await page.evaluate("seen.clocks")))
                await context.close()
            await browser.close()
        return times


def _delays_ms(clocks: list[tuple[float, list[int]]]) -> list[float]:
    """Return the milliseconds from each new second of the camera's clock to the display of its first picture.

    The changes of the first two seconds are left out: a new viewer is sent the recent past.
    """
    readings = []
    for shown, row in clocks:
        clock = read_clock(np.array(row, np.uint8).reshape(BLOCK, WIDTH))
        if clock:
            readings.append((shown, 1000 * clock.timestamp()))
    return [shown - taken for shown, taken in readings if shown > readings[0][0] + 2000]


def _cores(process: psutil.Process, seconds: float) -> float:
    began, spent_s = time.monotonic(), processor_s(process)
    time.sleep(seconds)
    return (processor_s(process) - spent_s) / (time.monotonic() - began)
