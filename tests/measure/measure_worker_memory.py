"""Measures what threads hold that blur heads, with and without streams.servers.memory.tune_malloc.

.venv/bin/python tests/measure/measure_worker_memory.py CLIPS [--seconds 180] [--threads 4]
Two processes at the same time, one of them tuned, each do what Celery's worker does with stills of three sizes and with
clips, from the videos in the folder CLIPS. Prints a JSON line for each: resident MB once the models are loaded, each
half minute and at most, and how much it did.
"""

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from io import BytesIO
from itertools import cycle
from pathlib import Path

import av
import cv2
import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ["DJANGO_SETTINGS_MODULE"] = "discipline.settings"
import django

from streams.servers.memory import tune_malloc

WIDTHS = (640, 1280, 1920)
STILLS = 24  # between two clips
SAMPLE_S = 1.0
NOTED = 30  # samples


def blur_until(ending: threading.Event, films: list[bytes], done: Counter[str]) -> None:
    """Blur stills and clips in turn."""
    from streams.detect import faces  # noqa: PLC0415 needs settings
    from streams.evidence.redaction import clip, rule, still  # noqa: PLC0415 needs settings

    def look(image: clip.Picture) -> tuple[rule.Head, ...]:
        return rule.visitor_heads(*faces.loaded().find(image))

    stills = cycle(_stills(films))
    for film in cycle(films):
        for jpeg in (next(stills) for _ in range(STILLS)):
            image = still.decode_picture(jpeg)
            still.encode_picture(still.blur_heads(image, look(image)))
            done["stills"] += 1
            if ending.is_set():
                return
        clip.blur_clip(film, (), look)
        done["clips"] += 1


def _stills(films: list[bytes]) -> list[bytes]:
    """Return a picture of each film in each of WIDTHS, as JPEG."""
    found = []
    for film in films:
        with av.open(BytesIO(film), "r") as video:
            image = next(video.decode(video=0)).to_ndarray(format="bgr24")
        for width in WIDTHS:
            scaled = cv2.resize(image, (width, width * image.shape[0] // image.shape[1]))
            found.append(cv2.imencode(".jpg", scaled)[1].tobytes())
    return found


def measure(arguments: argparse.Namespace) -> None:
    """Blur in threads, and print what this process held."""
    if arguments.tuned:
        tune_malloc()
    django.setup()
    from streams.detect import faces  # noqa: PLC0415 needs settings

    faces.loaded()
    films = [path.read_bytes() for path in sorted(arguments.clips.glob("*.mkv"))]
    ending, done, own = threading.Event(), Counter[str](), psutil.Process()
    loaded = own.memory_info().rss
    threads = [threading.Thread(target=blur_until, args=(ending, films, done)) for _ in range(arguments.threads)]
    for thread in threads:
        thread.start()
    held, until = [], time.monotonic() + arguments.seconds
    while time.monotonic() < until:
        time.sleep(SAMPLE_S)
        held.append(own.memory_info().rss)
    ending.set()
    for thread in threads:
        thread.join()
    megabytes = [round(value / 1e6) for value in (loaded, *held[NOTED - 1 :: NOTED], max(held))]
    result = {"tuned": arguments.tuned, "loaded": megabytes[0], "held": megabytes[1:-1], "most": megabytes[-1]}
    sys.stdout.write(json.dumps(result | dict(done)) + "\n")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", type=Path)
    parser.add_argument("--seconds", type=float, default=180.0)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--tuned", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.alone:
        measure(arguments)
        return
    command = [sys.executable, __file__, *sys.argv[1:], "--alone"]
    both = [subprocess.Popen([*command, *more]) for more in ((), ("--tuned",))]
    sys.exit(max(process.wait() for process in both))


if __name__ == "__main__":
    main()
