"""Render the clips of the demo cameras, once: about half a minute on two cores."""

import fcntl
import json
import math
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from streams.simulator.room import paint_room

from .clips import FPS, GOP_S
from .encoders import ENCODERS, letters
from .layouts import HEIGHT, LAYOUTS, WIDTH, Layout
from .stage import Stage

VERSION = 3  # of the pictures: footage of another version is rendered again
SECONDS = {"staffed": 16, "serving": 12, "empty": 12, "waiting": 12, "leaving": 2, "returning": 2}
SECONDS |= {"dark": 4, "cover": 4, "blur": 4, "shift": 4, "scene": 4, "resolution": 4, "long_gop": 20}
LONG_GOP_S = 10
SMALL = (320, 180)  # size in the clip "resolution"
BLUR = 6.0  # pixels

Painter = Callable[[float], np.ndarray]  # seconds into the clip → BGR


def ensure_footage(
    folder: Path,
    layouts: Sequence[str] = tuple(LAYOUTS),
    scale: float = 1.0,
    report_progress: Callable[[str], None] = lambda _line: None,
    codec: str = "h264",
    fps: int = FPS,
) -> Path:
    """Render the footage of these layouts into `folder` unless it is there, and return the folder.

    `scale` shortens the clips; `report_progress` is called with lines of progress. Raises OSError.
    """
    made = {"version": VERSION, "codec": codec, "layouts": list(layouts), "scale": scale}
    if fps != FPS:
        made["fps"] = fps

    def render_all() -> dict[str, Any]:
        contents: dict[str, Any] = {"letters": f"letters.{codec}", "stills": [], "layouts": {}}
        (folder / contents["letters"]).write_bytes(letters(codec))
        for size in ((WIDTH, HEIGHT), SMALL):
            contents["stills"].append(f"still-{size[0]}.{codec}")
            (folder / contents["stills"][-1]).write_bytes(ENCODERS[codec].still(size, GOP_S * fps))
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            clips = pool.map(lambda name: render(LAYOUTS[name], folder, scale, codec, fps), layouts)
            for number, (name, files) in enumerate(zip(layouts, clips, strict=True), 1):
                contents["layouts"][name] = files
                report_progress(f"demo footage, {codec}: office {number} of {len(layouts)}")
        return contents

    render_once(folder, made, render_all)
    return folder


def render_once(folder: Path, made: dict[str, Any], render_all: Callable[[], dict[str, Any]]) -> None:
    """Fill the folder with footage unless it was rendered from the same `made`. Raises OSError.

    `render_all` writes the files into the folder, which is empty, and returns what index.json holds besides `made`.
    """
    index = folder / "index.json"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of two processes that start at once, the second finds it done
        if _stored_index(index) == made:
            return
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        part = index.with_suffix(".part")
        part.write_text(json.dumps({"made": made, **render_all()}))
        part.replace(index)


def empty_room(folder: Path, layout: str) -> np.ndarray:
    """Return this office without people, as height x width x 3 BGR. Raises OSError when it is not rendered."""
    index = json.loads((folder / "index.json").read_text())
    file = ENCODERS[index["made"]["codec"]].file
    with av.open(str(folder / index["layouts"][layout]["empty"]), format=file) as clip:
        return np.asarray(next(clip.decode(video=0)).to_ndarray(format="bgr24"))


def _stored_index(index: Path) -> object:
    """Return what the folder was rendered from; None when it is missing or incomplete."""
    try:
        return json.loads(index.read_text()).get("made")
    except (OSError, ValueError):
        return None


def render(layout: Layout, folder: Path, scale: float, codec: str, fps: int = FPS) -> dict[str, str]:
    """Render all clips of one office and return their file names by clip name."""
    files = {}
    for name, painter in _painters(Stage(layout)).items():
        gop = fps * (LONG_GOP_S if name == "long_gop" else GOP_S)
        pictures = max(gop, round(SECONDS[name] * scale * fps / gop) * gop)
        files[name] = f"{layout.name}-{name}.{codec}"
        size = SMALL if name == "resolution" else (WIDTH, HEIGHT)
        film = ENCODERS[codec].film(_filmed(painter, pictures, fps, size, layout), size, gop, fps)
        (folder / files[name]).write_bytes(film)
    return files


def _painters(stage: Stage) -> dict[str, Painter]:
    layout = stage.layout
    x, z = layout.clerk
    stands_x, stands_z = layout.visitor
    phase = sum(map(ord, layout.name))

    def clerk(t: float) -> tuple[float, float, float, float]:
        sway = 0.03 * math.sin(0.9 * t + phase) + 0.012 * math.sin(2.7 * t)
        nod = 0.012 * math.sin(1.7 * t + phase) - 0.02 * max(0.0, math.sin(0.55 * t))
        return x + sway, layout.head + nod, z, 2.2 * math.sin(0.7 * t + phase)

    def visitor(t: float) -> tuple[float, float, float, float]:
        return (
            stands_x + 0.02 * math.sin(0.8 * t),
            1.66 + 0.006 * math.sin(2.1 * t),
            stands_z,
            1.2 * math.sin(t),
        )

    def walk(t: float) -> tuple[float, float, float, float]:
        risen, gone = min(1.0, t / 0.6), max(0.0, t - 0.5)
        return (
            x + layout.exit * 2.3 * gone**1.2,
            layout.head + 0.2 * risen + 0.015 * math.sin(9 * t),
            z,
            3 * risen,
        )

    def cover(_t: float) -> np.ndarray:
        cloth = np.linspace(46, 70, WIDTH)[None, :, None] * np.linspace(1.1, 0.8, HEIGHT)[:, None, None]
        return np.asarray((cloth * np.array([0.75, 0.85, 1.0])).astype(np.uint8))

    elsewhere = another_room(layout)
    lens = replace(layout.lens, yaw=layout.lens.yaw + 17, pitch=layout.lens.pitch - 7)
    knocked = Stage(replace(layout, lens=lens))

    return {
        "staffed": lambda t: stage.picture(clerk(t)),
        "serving": lambda t: stage.picture(clerk(t + 5), visitor(t)),
        "empty": lambda _t: stage.picture(),
        "waiting": lambda t: stage.picture(None, visitor(t)),
        "leaving": lambda t: stage.picture(walk(t)),
        "returning": lambda t: stage.picture(walk(SECONDS["returning"] - t)),
        "dark": lambda t: (stage.picture(clerk(t)) // 40).astype(np.uint8),
        "cover": cover,
        "blur": lambda t: cv2.GaussianBlur(stage.picture(clerk(t)), (0, 0), BLUR),
        "shift": lambda t: knocked.picture(clerk(t)),
        "scene": lambda _t: elsewhere,
        "resolution": lambda t: stage.picture(clerk(t)),
        "long_gop": lambda t: stage.picture(clerk(t)),
    }


def another_room(layout: Layout) -> np.ndarray:
    """Return the next office in the list without people, in which everything stands elsewhere."""
    names = list(LAYOUTS)
    return paint_room(LAYOUTS[names[(names.index(layout.name) + 1) % len(names)]])[0]


def _filmed(painter: Painter, pictures: int, fps: int, size: tuple[int, int], layout: Layout) -> Iterator[np.ndarray]:
    """Yield the painter's pictures with sensor noise that never repeats."""
    dice = np.random.default_rng(sum(map(ord, layout.name)))
    grain = cv2.GaussianBlur(dice.normal(0, 1, (HEIGHT + 64, WIDTH + 64, 3)).astype(np.float32), (0, 0), 0.6)
    grain *= 3.2 / grain.std() * (1.5 - 0.5 * layout.light)
    # Signed noise in 8 bits: added with an offset of 16, which is then subtracted.
    noise = np.clip(grain + 16, 0, 32).astype(np.uint8)
    mean = np.full((HEIGHT, WIDTH, 3), 16, np.uint8)
    for number in range(pictures):
        image: np.ndarray = painter(number / fps)
        down, right = dice.integers(0, 64, 2)
        image = cv2.subtract(cv2.add(image, noise[down : down + HEIGHT, right : right + WIDTH]), mean)
        if size != (WIDTH, HEIGHT):
            image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        yield image
