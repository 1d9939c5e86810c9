"""Render the streets' clips, once.

The pictures change half as often as packets come, as with the slow shutters of cameras on poles: each is sent twice.
"""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from streams.simulator.clips import FPS, GOP_S
from streams.simulator.encoders import ENCODERS, Encoder, Options, Size, letters
from streams.simulator.footage import render_once
from streams.simulator.layouts import HEIGHT, WIDTH
from streams.simulator.street.film import Film
from streams.simulator.street.layouts import STREETS, Street
from streams.simulator.street.paint.view import Array
from streams.simulator.street.scenes import StreetLight, StreetScene, clip_name
from streams.simulator.street.traffic import LOOP_S
from streams.simulator.street.turning import TURNED_CLIPS, StreetView, turned_lens, turned_name

VERSION = 1  # of the pictures: footage of another version is rendered again
REPEATED = 2
USUAL = clip_name(StreetScene.FLOW, StreetLight.DAY)
NOISE = {"day": 2.2, "dusk": 2.8, "night": 3.4, "rain": 2.6}  # grey levels of the sensor's noise
PRESET, CRF = "superfast", "29"
FAULT_S = 2  # length of the clips of faults, which all streets share

Clip = tuple[StreetScene, StreetLight]


def ensure_street_footage(
    folder: Path,
    streets: Sequence[str] = tuple(STREETS),
    clips: Callable[[Street], Sequence[Clip]] | None = None,
    report_progress: Callable[[str], None] = lambda _line: None,
) -> Path:
    """Render the footage of these streets into `folder` unless it is there, and return the folder.

    `clips` returns what is rendered of a street, by default all that it can show; `report_progress` is called with
    lines of progress. Raises OSError.
    """
    wanted = {name: [*(clips or clips_of)(STREETS[name])] for name in streets}
    named = {name: [clip_name(*clip) for clip in some] for name, some in wanted.items()}
    for name in streets:
        named[name] += [turned_name(clip_name(*clip), view) for clip, view in turned_clips(STREETS[name])]
    made = {"version": VERSION, "codec": "h264", "streets": named}

    def render_all() -> dict[str, Any]:
        (folder / "letters.h264").write_bytes(letters("h264"))
        (folder / "still.h264").write_bytes(_encoder().still((WIDTH, HEIGHT), GOP_S * FPS))
        shared = _render_faults(folder)
        contents: dict[str, Any] = {
            "letters": "letters.h264", "stills": ["still.h264"], "usual": USUAL, "layouts": {}
        }  # fmt: skip
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            rendered = pool.map(lambda name: render(STREETS[name], wanted[name], folder), streets)
            for number, (name, files) in enumerate(zip(streets, rendered, strict=True), 1):
                contents["layouts"][name] = files | shared
                report_progress(f"demo footage, streets: {number} of {len(streets)}")
        return contents

    render_once(folder, made, render_all)
    return folder


def clips_of(street: Street) -> list[Clip]:
    """Return all that is rendered of a street."""
    flow, day, night, rain = StreetScene.FLOW, StreetLight.DAY, StreetLight.NIGHT, StreetLight.RAIN
    clips = [(flow, day), (flow, night)]
    clips += [(flow, rain)] * street.rainy + [(flow, StreetLight.DUSK)] * street.glows
    if street.jams:
        clips += [(StreetScene.JAM, day), (StreetScene.JAM, night)]
    if street.gauge[1]:
        clips += [
            (scene, light) for scene in (StreetScene.FLOOD_LOW, StreetScene.FLOOD_HIGH) for light in (rain, night)
        ]
    if street.heap[1]:
        clips += [
            (scene, light) for scene in (StreetScene.RUBBISH_SOME, StreetScene.RUBBISH_MUCH) for light in (day, night)
        ]
    return clips


def turned_clips(street: Street) -> list[tuple[Clip, StreetView]]:
    """Return what is rendered of a street besides, for cameras that turn."""
    return [(clip, view) for clip in TURNED_CLIPS for view in StreetView if street.turns and view != StreetView.HOME]


def render(street: Street, clips: Sequence[Clip], folder: Path) -> dict[str, str]:
    """Render clips of one street and return their file names by clip name."""
    files = {}
    everything = [(clip, StreetView.HOME) for clip in clips] + turned_clips(street)
    for (scene, light), view in everything:
        name = turned_name(clip_name(scene, light), view)
        files[name] = f"{street.name}-{name}.h264"
        film = Film(replace(street, lens=turned_lens(street.lens, view)), scene, light)
        pictures = _filmed(film.picture, round(LOOP_S * FPS), street.seed, NOISE[light])
        (folder / files[name]).write_bytes(_encoder().film(pictures, (WIDTH, HEIGHT), GOP_S * FPS, FPS))
    return files


def first_picture(folder: Path, street: str, clip: str) -> Array:
    """Return the first picture of a rendered clip, height x width x 3 BGR. Raises OSError when there is none."""
    file = json.loads((folder / "index.json").read_text())["layouts"][street][clip]
    with av.open(str(folder / file), format="h264") as film:
        return np.asarray(next(film.decode(video=0)).to_ndarray(format="bgr24"))


def _render_faults(folder: Path) -> dict[str, str]:
    """Render what cameras of any street show when they are dark or covered."""
    pictures = FAULT_S * FPS
    cloth = np.linspace(46, 70, WIDTH)[None, :, None] * np.linspace(1.1, 0.8, HEIGHT)[:, None, None]
    shown = {"dark": np.full((HEIGHT, WIDTH, 3), 5, np.uint8), "cover": (cloth * (0.75, 0.85, 1.0)).astype(np.uint8)}
    files = {name: f"fault-{name}.h264" for name in shown}
    for name, image in shown.items():
        film = _filmed(partial(_same, image), pictures, 7, 3.0)
        (folder / files[name]).write_bytes(_encoder().film(film, (WIDTH, HEIGHT), GOP_S * FPS, FPS))
    return files


def _same(image: Array, _t: float) -> Array:
    return image


def _filmed(picture: Callable[[float], Array], pictures: int, seed: int, deviation: float) -> Iterator[Array]:
    """Yield pictures with sensor noise that does not repeat, each REPEATED times."""
    dice = np.random.default_rng(seed)
    grain = cv2.GaussianBlur(dice.normal(0, 1, (HEIGHT + 64, WIDTH + 64, 3)).astype(np.float32), (0, 0), 0.6)
    noise = np.clip(grain * deviation / grain.std() + 16, 0, 32).astype(np.uint8)
    mean = np.full((HEIGHT, WIDTH, 3), 16, np.uint8)
    for number in range(0, pictures, REPEATED):
        down, right = dice.integers(0, 64, 2)
        image = cv2.add(picture(number / FPS), noise[down : down + HEIGHT, right : right + WIDTH])
        image = cv2.subtract(image, mean)
        for _ in range(min(REPEATED, pictures - number)):
            yield image


def _encoder() -> Encoder:
    usual = ENCODERS["h264"]

    def options(size: Size, gop: int) -> Options:
        return {**usual.options(size, gop), "preset": PRESET, "crf": CRF}

    return replace(usual, options=options)
