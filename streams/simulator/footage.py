"""Renders the clips of the demo cameras, once: about half a minute on two cores."""

import fcntl
import json
import math
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import av
import cv2
import numpy as np

from .clips import FPS, GOP
from .h264 import CELL, MACROBLOCK, PAPER
from .layouts import HEIGHT, LAYOUTS, WIDTH, Layout
from .stage import BAR, Stage

VERSION = 1  # of the pictures: footage of another version is rendered anew
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:-./"
SECONDS = {"staffed": 16, "serving": 12, "empty": 12, "waiting": 12, "leaving": 2, "returning": 2}
SECONDS |= {"dark": 4, "cover": 4, "shift": 4, "resolution": 4, "long_gop": 20}
LONG_GOP = 10 * FPS
SMALL = (320, 180)  # after the change of resolution

Painter = Callable[[float], np.ndarray]  # seconds into the clip → BGR


def ensure(
    folder: Path,
    layouts: Sequence[str] = tuple(LAYOUTS),
    scale: float = 1.0,
    tell: Callable[[str], None] = lambda line: None,
) -> Path:
    """Footage of these layouts in `folder`, rendered if it is not there; `scale` shortens the clips."""
    made = {"version": VERSION, "layouts": list(layouts), "scale": scale}
    index = folder / "index.json"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two may start at once; the second finds it done
        if _made(index) == made:
            return folder
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        _letters(folder / "glyphs.npz")
        files: dict[str, dict[str, str]] = {}
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            clips = pool.map(lambda name: render(LAYOUTS[name], folder, scale), layouts)
            for name, names in zip(layouts, clips, strict=True):
                files[name] = names
                tell(f"demo footage: office {len(files)} of {len(layouts)}")
        part = index.with_suffix(".part")
        part.write_text(json.dumps({"made": made, "layouts": files}))
        part.replace(index)
    return folder


def empty_room(folder: Path, layout: str) -> np.ndarray:
    """What a camera of this office shows while nobody is there: height × width × 3 BGR. OSError: not rendered."""
    files = json.loads((folder / "index.json").read_text())["layouts"][layout]
    with av.open(str(folder / files["empty"]), format="h264") as clip:
        return next(clip.decode(video=0)).to_ndarray(format="bgr24")


def _made(index: Path) -> object:
    """What the folder holds; None when an older version or a killed one wrote it."""
    try:
        return json.loads(index.read_text()).get("made")
    except (OSError, ValueError):
        return None


def render(layout: Layout, folder: Path, scale: float = 1.0) -> dict[str, str]:
    """All clips of one office; returns clip name → file name."""
    files = {}
    for name, painter in _painters(Stage(layout)).items():
        gop = LONG_GOP if name == "long_gop" else GOP
        pictures = max(gop, round(SECONDS[name] * scale * FPS / gop) * gop)
        files[name] = f"{layout.name}-{name}.h264"
        size = SMALL if name == "resolution" else (WIDTH, HEIGHT)
        (folder / files[name]).write_bytes(encode(_filmed(painter, pictures, size, layout), size, gop))
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

    def cover(t: float) -> np.ndarray:
        cloth = np.linspace(46, 70, WIDTH)[None, :, None] * np.linspace(1.1, 0.8, HEIGHT)[:, None, None]
        return (cloth * np.array([0.75, 0.85, 1.0])).astype(np.uint8)

    lens = replace(layout.lens, yaw=layout.lens.yaw + 17, pitch=layout.lens.pitch - 7)
    knocked = Stage(replace(layout, lens=lens))

    return {
        "staffed": lambda t: stage.picture(clerk(t)),
        "serving": lambda t: stage.picture(clerk(t + 5), visitor(t)),
        "empty": lambda t: stage.picture(),
        "waiting": lambda t: stage.picture(None, visitor(t)),
        "leaving": lambda t: stage.picture(walk(t)),
        "returning": lambda t: stage.picture(walk(SECONDS["returning"] - t)),
        "dark": lambda t: (stage.picture(clerk(t)) // 40).astype(np.uint8),
        "cover": cover,
        "shift": lambda t: knocked.picture(clerk(t)),
        "resolution": lambda t: stage.picture(clerk(t)),
        "long_gop": lambda t: stage.picture(clerk(t)),
    }


def _filmed(painter: Painter, pictures: int, size: tuple[int, int], layout: Layout) -> Iterator[np.ndarray]:
    """As the sensor sees it: with noise that never repeats."""
    dice = np.random.default_rng(sum(map(ord, layout.name)))
    grain = cv2.GaussianBlur(dice.normal(0, 1, (HEIGHT + 64, WIDTH + 64, 3)).astype(np.float32), (0, 0), 0.6)
    grain *= 3.2 / grain.std() * (1.5 - 0.5 * layout.light)
    # Noise in 8 bits: added, then its mean taken away again.
    noise = np.clip(grain + 16, 0, 32).astype(np.uint8)
    mean = np.full((HEIGHT, WIDTH, 3), 16, np.uint8)
    for number in range(pictures):
        image: np.ndarray = painter(number / FPS)
        down, right = dice.integers(0, 64, 2)
        image = cv2.subtract(cv2.add(image, noise[down : down + HEIGHT, right : right + WIDTH]), mean)
        if size != (WIDTH, HEIGHT):
            image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        yield image


def encode(pictures: Iterator[np.ndarray], size: tuple[int, int], gop: int) -> bytes:
    """Baseline H.264, Annex B, with the top row of macroblocks as a slice of its own."""
    film = BytesIO()
    with av.open(film, "w", format="h264") as out:
        stream = out.add_stream("libx264", rate=FPS)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.time_base = Fraction(1, FPS)
        stream.codec_context.thread_count = 1
        settings = {
            "keyint": gop,
            "min-keyint": gop,
            "scenecut": 0,
            "bframes": 0,
            "ref": 1,
            "weightp": 0,
            "cabac": 0,
        }
        settings |= {
            "threads": 1,
            "sliced-threads": 0,
            "slice-max-mbs": size[0] // MACROBLOCK,
            "slices-max": 2,
        }
        stream.options = {
            "preset": "veryfast",
            "tune": "zerolatency",
            "profile": "baseline",
            "crf": "25",
            "x264-params": ":".join(f"{name}={value}" for name, value in settings.items()),
        }
        for image in pictures:
            planes = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2YUV_I420), np.uint8)
            luma = planes[: size[1]]
            luma[:BAR] = PAPER
            chroma = planes[size[1] :].reshape(2, -1)
            chroma[:, : BAR // 2 * size[0] // 2] = 128
            out.mux(stream.encode(av.VideoFrame.from_ndarray(planes, format="yuv420p")))
        out.mux(stream.encode())
    return film.getvalue()


def _letters(path: Path) -> None:
    """The clock's letters, drawn large and shrunk: 16×8 luma each, by code point."""
    letters: dict[str, np.ndarray] = {}
    for letter in LETTERS:
        large = np.full((4 * MACROBLOCK, 4 * CELL), PAPER, np.uint8)
        cv2.putText(large, letter, (2, 52), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (225,), 5, cv2.LINE_AA)
        letters[str(ord(letter))] = cv2.resize(large, (CELL, MACROBLOCK), interpolation=cv2.INTER_AREA)
    np.savez(path, allow_pickle=False, **letters)
