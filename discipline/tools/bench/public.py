"""Measure what the public's view costs: viewers of stills and of live video before nginx, on this machine.

nginx serves by the part of deploy/nginx/sidak.conf that is about files, without TLS. What it serves is written as
`watch` writes it: a segment a point every 4 s, the playlist by rename. The content is random, and as large as a real
one: what it shows doesn't matter to nginx.
"""

import asyncio
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict

import psutil

from discipline.core.environment import BASE_DIR
from discipline.tools.bench.percentiles import percentile
from discipline.tools.bench.public_viewers import STILL_S, Fetched, watch_live, watch_stills
from discipline.tools.bench.web_server import processor_s, rss_mb
from streams.source.hls.playlist_rule import KEPT, LISTED, PLAYLIST, SHORTEST_S, STILL, Playlist, VideoSegment
from streams.source.hls.public_folder import PublicFolder, write_by_rename

INIT = "init-0123456789ab.mp4"
SITE = BASE_DIR / "deploy" / "nginx" / "sidak.conf"
WORKERS, CONNECTIONS = 2, 8192
START_S = 10.0


class NoNginx(Exception):
    """Raised where nginx is not installed, or doesn't start."""


@dataclass(frozen=True, slots=True)
class PublicPlan:
    """How many watch what, and for how long. kbit_s: of the video of one point."""

    points: int = 31
    stills: int = 2000
    live: int = 500
    seconds: float = 60.0
    kbit_s: int = 400
    still_kb: int = 30


class PublicFigures(TypedDict):
    """Times in ms from the request to the last byte; cores and memory are nginx's, viewer_cores the bench's own."""

    viewers_of_stills: int
    viewers_of_live: int
    segments: int
    segment_p50_ms: float | None
    segment_p95_ms: float | None
    stills: int
    still_p50_ms: float | None
    still_p95_ms: float | None
    playlist_p95_ms: float | None
    failed: int
    mbit_s: float
    nginx_cores: float
    nginx_mb: float
    viewer_cores: float
    load: float


class _Writer:
    """Writes what `watch` would, until cancelled."""

    def __init__(self, plan: PublicPlan, folder: Path) -> None:
        self._plan = plan
        public = PublicFolder(folder)
        self.codes = [f"PLB-{number:03d}" for number in range(1, plan.points + 1)]
        self._folders = [public.make_point(code) for code in self.codes]
        self._playlists = [Playlist() for _ in self.codes]
        self._number = 0
        for folder in self._folders:
            write_by_rename(folder / INIT, os.urandom(900))
        for _ in range(LISTED):
            self._number += 1
            for point in range(plan.points):
                self._write(point)

    def _write(self, point: int) -> None:
        folder, now = self._folders[point], datetime.now(UTC)
        segment = VideoSegment(self._number, SHORTEST_S, now, INIT)
        write_by_rename(folder / segment.name, os.urandom(round(self._plan.kbit_s * 125 * SHORTEST_S)))
        write_by_rename(folder / STILL, os.urandom(self._plan.still_kb * 1000))
        self._playlists[point] = self._playlists[point].added(segment)
        write_by_rename(folder / PLAYLIST, self._playlists[point].text().encode())
        (folder / f"seg-{self._number - KEPT}.m4s").unlink(missing_ok=True)

    async def run(self) -> None:
        """Write a segment of each point every SHORTEST_S, one point after the other."""
        while True:
            self._number += 1
            for point in range(self._plan.points):
                await asyncio.to_thread(self._write, point)
                await asyncio.sleep(SHORTEST_S / self._plan.points)


def measure_public(plan: PublicPlan, progress: Callable[[str], None]) -> PublicFigures:
    """Return the figures. Raises NoNginx."""
    memory = "/dev/shm"  # noqa: S108 of this machine's own bench
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as scratch:
        folder = Path(scratch)
        folder.chmod(0o755)
        writer = _Writer(plan, folder / "public")
        with _nginx(folder) as (port, process):
            progress(f"{plan.stills} viewers of stills and {plan.live} of live video for {plan.seconds:.0f} s")
            return asyncio.run(_measure(plan, writer, port, process))


async def _measure(plan: PublicPlan, writer: _Writer, port: int, nginx: psutil.Process) -> PublicFigures:
    fetched = Fetched()
    codes = writer.codes
    tasks = [asyncio.create_task(writer.run())]
    for number in range(plan.stills + plan.live):
        watch = watch_stills if number < plan.stills else watch_live
        tasks.append(asyncio.create_task(watch(port, number, codes[number % len(codes)], fetched)))
    await asyncio.sleep(STILL_S)  # until all have come
    for times in (fetched.segments_ms, fetched.stills_ms, fetched.playlists_ms):
        times.clear()
    fetched.total = fetched.failed = 0
    began, used, own = time.monotonic(), _used_s(nginx), processor_s(psutil.Process())
    await asyncio.sleep(plan.seconds)
    took = time.monotonic() - began
    figures = _figures(plan, fetched, took)
    figures["nginx_cores"] = round((_used_s(nginx) - used) / took, 2)
    figures["nginx_mb"] = round(sum(map(rss_mb, [nginx, *nginx.children()])))
    figures["viewer_cores"] = round((processor_s(psutil.Process()) - own) / took, 2)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return figures


def _figures(plan: PublicPlan, fetched: Fetched, took: float) -> PublicFigures:
    segments, stills = sorted(fetched.segments_ms), sorted(fetched.stills_ms)
    return {
        "viewers_of_stills": plan.stills,
        "viewers_of_live": plan.live,
        "segments": len(segments),
        "segment_p50_ms": percentile(segments, 50),
        "segment_p95_ms": percentile(segments, 95),
        "stills": len(stills),
        "still_p50_ms": percentile(stills, 50),
        "still_p95_ms": percentile(stills, 95),
        "playlist_p95_ms": percentile(sorted(fetched.playlists_ms), 95),
        "failed": fetched.failed,
        "mbit_s": round(fetched.total * 8 / took / 1e6, 1),
        "nginx_cores": 0.0,
        "nginx_mb": 0.0,
        "viewer_cores": 0.0,
        "load": round(os.getloadavg()[0], 1),
    }


def _used_s(nginx: psutil.Process) -> float:
    return sum(map(processor_s, [nginx, *nginx.children()]))


@contextmanager
def _nginx(folder: Path) -> Iterator[tuple[int, psutil.Process]]:
    """Serve folder/public inside the block; yield the port and the main process."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if not nginx:
        raise NoNginx("No nginx here: apt-get install nginx-light")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    conf = folder / "nginx.conf"
    conf.write_text(_configuration(SITE.read_text(), folder, port))
    process = subprocess.Popen([nginx, "-p", str(folder), "-c", str(conf)])  # noqa: S603
    try:
        deadline = time.monotonic() + START_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise NoNginx("nginx does not start") from None
                time.sleep(0.1)
        yield port, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(20)


def _configuration(site: str, folder: Path, port: int) -> str:
    """Return nginx's configuration with the parts of the site's that are about the public's files."""
    shared = site[: site.index("upstream ")]
    files = re.search(r'    location ~ "\^/langsung/.*?\n    }\n', site, re.DOTALL)
    if not files:
        raise NoNginx(f"{SITE} has no part for /langsung/")
    serving = files[0].replace("/run/sidak-public/", f"{folder / 'public'}/")
    temporary = "".join(
        f"{part}_temp_path {folder / part};" for part in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.getuid() == 0 else ""
    return (
        f"{user} daemon off; pid {folder}/pid; error_log stderr crit; worker_processes {WORKERS};\n"
        f"worker_rlimit_nofile {CONNECTIONS * 2}; events {{ worker_connections {CONNECTIONS}; }}\n"
        f"http {{ {temporary} access_log off;\n{shared}\n"
        f"server {{ listen 127.0.0.1:{port} backlog=4096;\n{serving}\n}} }}\n"
    )
