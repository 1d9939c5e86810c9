"""Render difficult pictures of offices with labels, for `manage.py evaluate --own`.

Each trial shows a counter staffed, then the same counter empty. Marks are what an operator would mark in the trial's
reference picture, which shows no people.
"""

import fcntl
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from . import props
from .layouts import HEIGHT, LAYOUTS, WIDTH, Layout
from .people import Figure, clerk
from .props import Prop, before
from .stage import Stage

VERSION = 5  # of the pictures: trials of another version are rendered again
LOOKS, PER_S = 8, 2  # pictures in each half of a trial, and per second
REFERENCE = "-reference.png"

PropPlacer = Callable[[Layout, float], list[Prop]]  # layout, seconds into the trial → props


def _nothing(_layout: Layout, _at_s: float) -> list[Prop]:
    return []


@dataclass(frozen=True, slots=True)
class Trial:
    """One condition under which a counter is hard to judge."""

    name: str
    layout: Callable[[Layout], Layout] = lambda layout: layout
    figure: Callable[[Layout], Figure] = clerk
    behind: PropPlacer = _nothing
    front: PropPlacer = _nothing
    light: Callable[[np.ndarray], np.ndarray] = lambda image: image
    noise: float = 3.2
    shift: tuple[float, float, float] = (0.0, 0.0, 0.0)  # of the clerk in metres: right, up, away
    marked: str = ""  # "still" or "moving": the props behind are marked as such
    width: int = WIDTH
    rooms: Sequence[str] = tuple(LAYOUTS)


def _dim(image: np.ndarray) -> np.ndarray:
    return (np.power(image / 255.0, 1.5) * 105).astype(np.uint8)


def _against_the_light(image: np.ndarray) -> np.ndarray:
    """Return the picture exposed for the window: everything else is dark, and the light spills over."""
    spill = cv2.GaussianBlur(np.where(image > 235, image, 0).astype(np.float32), (0, 0), 18)
    return np.clip(image * 0.42 + 0.45 * spill, 0, 255).astype(np.uint8)


def _bent(layout: Layout) -> Figure:
    """Return the clerk bent over papers: the head forward and down, its top towards the camera."""
    upright = clerk(layout)
    rows = len(upright.alpha)
    shape = upright.alpha.shape[1], round(0.66 * rows)
    return Figure(cv2.resize(upright.image, shape), cv2.resize(upright.alpha, shape))


def _hang_behind(dx: float, y: float, size: tuple[float, float], texture: Callable[[float], np.ndarray]) -> PropPlacer:
    """Place a texture on the back wall so that it appears beside the clerk."""

    def hung(layout: Layout, at_s: float) -> list[Prop]:
        return [Prop(texture(at_s), *before(layout, dx, y, layout.depth - 0.06), *size)]

    return hung


def _jacket(layout: Layout, _at_s: float) -> list[Prop]:
    x, z = layout.clerk
    return [Prop(_worn(layout, props.jacket), x, 0.88, z + 0.22, 0.46, 0.52)]


def _dummy(layout: Layout, _at_s: float) -> list[Prop]:
    x, z = layout.clerk
    return [Prop(_worn(layout, props.dummy), x + 0.4, 1.27, z + 0.3, 0.49, 0.83)]


def _monitor(layout: Layout, _at_s: float) -> list[Prop]:
    x, z = layout.clerk
    return [Prop(_texture(props.monitor), x + 0.12, layout.desk_height + 0.2, z - 0.45, 0.52, 0.34)]


def _high(layout: Layout) -> Layout:
    lens = replace(layout.lens, y=2.8, pitch=27, yaw=layout.lens.yaw / 2, x=layout.clerk[0] / 2, field=58)
    return replace(layout, lens=lens)


def _far(layout: Layout) -> Layout:
    return replace(layout, lens=replace(layout.lens, field=92, pitch=6))


def _cut(layout: Layout) -> Layout:
    """Return the layout with a view that ends below the shoulders."""
    return replace(layout, lens=replace(layout.lens, pitch=2.5, field=44))


@cache
def _texture(make: Callable[[], np.ndarray]) -> np.ndarray:
    return make()


@cache
def _worn(layout: Layout, make: Callable[[Layout], np.ndarray]) -> np.ndarray:
    return make(layout)


def _portrait(_at_s: float) -> np.ndarray:
    return _texture(props.framed)


def _poster(_at_s: float) -> np.ndarray:
    return _texture(props.poster)


TRIALS = (
    Trial("plain"),
    Trial("dim light", light=_dim, noise=7),
    Trial("against a window", behind=_hang_behind(0.0, 1.5, (1.5, 1.3), lambda _at_s: _texture(props.daylight)),
          light=_against_the_light),
    Trial("bent over the desk", figure=_bent, shift=(0.0, -0.26, -0.1)),
    Trial("half behind a monitor", front=_monitor),
    Trial("from behind", figure=props.turned),
    Trial("from high up", layout=_high),
    Trial("30 pixels high", layout=_far, width=400),
    Trial("cut by the edge", layout=_cut, rooms=("hall", "narrow")),
    Trial("jacket on the chair", behind=_jacket),
    Trial("portrait beside", behind=_hang_behind(0.36, 1.46, (0.5, 0.6), _portrait), marked="still"),
    Trial("portrait behind", behind=_hang_behind(0.05, 1.5, (0.6, 0.72), _portrait), marked="still"),
    Trial("portrait, dim", behind=_hang_behind(0.36, 1.46, (0.5, 0.6), _portrait), marked="still",
          light=_dim, noise=7),
    Trial("poster", behind=_hang_behind(-0.34, 1.36, (0.56, 0.84), _poster), marked="still"),
    Trial("television", behind=_hang_behind(-0.3, 1.46, (0.8, 0.58), props.television), marked="moving"),
    Trial("dummy", behind=_dummy, marked="still"),
)  # fmt: skip


def ensure_trials(
    folder: Path, trials: Sequence[Trial] = TRIALS, report_progress: Callable[[str], None] = lambda _line: None
) -> Path:
    """Render the trials' films, reference pictures and labels into `folder` unless they are there.

    Return the labels' file. `report_progress` is called with lines of progress.
    """
    made: list[Any] = [VERSION, [[trial.name, *trial.rooms] for trial in trials]]
    labels = folder / "labels.json"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of two processes that start at once, the second finds it done
        if labels.is_file() and json.loads(labels.read_text())["made"] == made:
            return labels
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        clips: list[dict[str, Any]] = []
        for trial in trials:
            clips += [_film(trial, LAYOUTS[room], folder) for room in trial.rooms]
            report_progress(f"trial footage: {trial.name}")
        part = labels.with_suffix(".part")
        part.write_text(json.dumps({"made": made, "clips": clips}))
        part.replace(labels)
    return labels


def trial_pictures(name: str, layout: Layout) -> Iterator[np.ndarray]:
    """Yield pictures of the staffed half of one trial in one office. Raises StopIteration for an unknown name."""
    trial = next(one for one in TRIALS if one.name == name)
    yield from islice(_pictures(trial, layout), LOOKS)


def _film(trial: Trial, layout: Layout, folder: Path) -> dict[str, Any]:
    """Write one trial in one office and return its labels."""
    layout = trial.layout(layout)
    name = f"{trial.name.replace(' ', '-').replace(',', '')}-{layout.name}"
    size = trial.width, round(trial.width * HEIGHT / WIDTH)
    pictures = list(_pictures(trial, layout))
    _write(folder / f"{name}.avi", [cv2.resize(image, size, interpolation=cv2.INTER_AREA) for image in pictures[:-1]])
    cv2.imwrite(str(folder / (name + REFERENCE)), pictures[-1])
    clip: dict[str, Any] = {
        "file": f"{name}.avi",
        "case": trial.name,
        "reference": name + REFERENCE,
        "controls": f"{name}.avi",
    }
    zone: dict[str, Any] = {"name": layout.name, "polygon": layout.zone, "staffed": [[0, (LOOKS - 0.5) / PER_S]]}
    if trial.marked:
        ignored = [_edged(prop.corners(layout)) for prop in trial.behind(layout, 0.0)]
        zone["marked"] = [{"polygon": polygon, "moving": trial.marked == "moving"} for polygon in ignored]
    return clip | {"zones": [zone]}


def _edged(corners: Sequence[tuple[float, float]]) -> list[list[float]]:
    """Clip the corners to the picture."""
    return [[round(min(1.0, max(0.0, value)), 4) for value in corner] for corner in corners]


def _pictures(trial: Trial, layout: Layout) -> Iterator[np.ndarray]:
    """Yield LOOKS staffed pictures, LOOKS empty ones, and last the reference picture."""
    stage = _stage(layout, trial.figure)
    dice = np.random.default_rng(sum(map(ord, trial.name + layout.name)))
    for number in range(2 * LOOKS + 1):
        at_s = number / PER_S
        behind, front = trial.behind(layout, at_s), trial.front(layout, at_s)
        room = stage.room
        for prop in behind:
            room = prop.hang(room, layout, stage.away, layout.light)
        image = stage.picture(_pose(trial, layout, dice), room=room) if number < LOOKS else room
        for prop in front:
            image = prop.hang(image, layout, stage.away, layout.light)
        noise = dice.normal(0, trial.noise, (*image.shape[:2], 1)) + dice.normal(0, trial.noise / 2, image.shape)
        yield np.clip(trial.light(image) + noise, 0, 255).astype(np.uint8)


def _pose(trial: Trial, layout: Layout, dice: np.random.Generator) -> tuple[float, float, float, float]:
    (x, z), (right, up, away) = layout.clerk, trial.shift
    sway, nod, lean = dice.uniform(-1, 1, 3)
    return x + right + 0.07 * sway, layout.head + up + 0.02 * nod, z + away, 4 * lean


def _write(path: Path, pictures: Sequence[np.ndarray]) -> None:
    with av.open(str(path), "w", format="avi") as out:
        stream = out.add_stream("mjpeg", rate=PER_S)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = "yuvj420p"
        stream.options = {"qmin": "3", "qmax": "3"}
        for image in pictures:
            out.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="bgr24").reformat(format="yuvj420p")))
        out.mux(stream.encode())


@cache
def _stage(layout: Layout, figure: Callable[[Layout], Figure]) -> Stage:
    return Stage(layout, figure(layout))
