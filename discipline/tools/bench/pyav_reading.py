"""Read cameras with PyAV, one thread each, and decode their keyframes: what a watch's cost is compared with.

python -m discipline.tools.bench.pyav_reading ADDRESSES COUNT reads until SIGTERM or SIGINT, then prints JSON: cores,
processor seconds a second since WARM_UP_S after the start; rss_mb, the most memory; pictures_per_s; failed, threads
that ended. ADDRESSES has a %d for the camera's number, from 1.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypedDict

import av

from discipline.core.environment import BASE_DIR

WARM_UP_S = 15.0
STOP_S = 10.0
OPEN_GAP_S = 0.02  # as a watch opens them
OPTIONS = {"rtsp_transport": "tcp", "probesize": "32768", "analyzeduration": "500000", "fflags": "nobuffer"}


class ReadingFigures(TypedDict):
    """What the process prints."""

    cores: float
    rss_mb: int
    pictures_per_s: float
    failed: int


@dataclass
class _Totals:
    pictures: int = 0
    failed: int = 0


@contextmanager
def reading_beside(pattern: str, cameras: int) -> Iterator[ReadingFigures]:
    """Read the cameras in another process inside the block; what is yielded is filled in at its end."""
    figures = ReadingFigures(cores=0.0, rss_mb=0, pictures_per_s=0.0, failed=0)
    command = [sys.executable, "-m", "discipline.tools.bench.pyav_reading", pattern, str(cameras)]
    process = subprocess.Popen(command, cwd=BASE_DIR, stdout=subprocess.PIPE, text=True)  # noqa: S603
    try:
        yield figures
        process.terminate()
        figures.update(json.loads(process.communicate(timeout=STOP_S)[0]))
    finally:
        process.kill()
        process.wait()


def _read(address: str, totals: _Totals) -> None:
    try:
        with av.open(address, timeout=(10, 10), options=OPTIONS) as source:
            stream = source.streams.video[0]
            stream.codec_context.skip_frame = "NONKEY"
            for packet in source.demux(stream):
                totals.pictures += len(packet.decode())
    finally:
        totals.failed += 1


def _main(pattern: str, cameras: int) -> None:
    stopping = threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: stopping.set())
    totals = _Totals()
    for number in range(1, cameras + 1):
        threading.Thread(target=_read, args=(pattern % number, totals), daemon=True).start()
        time.sleep(OPEN_GAP_S)
    stopping.wait(WARM_UP_S)
    began, spent_s, pictures = time.monotonic(), time.process_time(), totals.pictures
    stopping.wait()
    seconds = time.monotonic() - began
    figures = ReadingFigures(
        cores=round((time.process_time() - spent_s) / seconds, 3),
        rss_mb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        pictures_per_s=round((totals.pictures - pictures) / seconds, 1),
        failed=totals.failed,
    )
    sys.stdout.write(json.dumps(figures))
    sys.stdout.flush()
    os._exit(0)  # without waiting for the threads


if __name__ == "__main__":
    _main(sys.argv[1], int(sys.argv[2]))
