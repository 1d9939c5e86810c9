"""Turn labelled clips of real rooms into footage for simulated cameras.

Each clip plays forwards and then backwards, so that its end meets its beginning and it never loops visibly.
"""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import cv2

from streams.detect.api import Picture
from streams.looks.labels import LabelError, LabelledClip, pictures, read_labels

from .clips import FPS, GOP_S
from .clock import BLOCK
from .encoders import ENCODERS, Size, letters
from .layouts import HEIGHT, WIDTH

MOST_S = 60  # of a clip; it takes twice as long until it repeats
CODEC = "h264"
CLIP = "staffed"  # the name of the only clip of a layout; a camera shows it for every scene that is missing


def ensure_labelled_footage(labels: Path, clips: Path, folder: Path, fps: int = FPS) -> Path:
    """Encode the clips that `labels` names into `folder`, one layout each, and return the folder.

    clips: the folder of the clips. Footage that was made of the same files before is kept. Raises LabelError, OSError.
    """
    labelled = read_labels(labels, clips)
    made: dict[str, Any] = {
        "codec": CODEC,
        "clips": [[one.file, (clips / one.file).stat().st_mtime_ns] for one in labelled],
    }
    if fps != FPS:
        made["fps"] = fps
    index = folder / "index.json"
    if index.is_file() and json.loads(index.read_text())["made"] == made:
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    contents: dict[str, Any] = {"made": made, "letters": "letters", "stills": [], "layouts": {}}
    (folder / "letters").write_bytes(letters(CODEC))
    for one in labelled:
        (folder / f"{one.file}.{CODEC}").write_bytes(_film(clips / one.file, fps))
        contents["layouts"][one.file] = {CLIP: f"{one.file}.{CODEC}"}
    index.write_text(json.dumps(contents))
    return folder


def labelled_zone(clips: list[LabelledClip], number: int) -> list[list[float]]:
    """Return the polygon of camera `number`, from 1: the first zone of its clip that staff are ever seen in."""
    labels = clips[(number - 1) % len(clips)].labels
    zone = next((label.zone for label in labels if label.staffed != ()), labels[0].zone)
    return [list(point) for point in zone.polygon]


def _film(path: Path, fps: int) -> bytes:
    """Encode a clip as the cameras of the demo do, about their size."""
    first = next(_at_rate(path, fps))
    size = _size(first)
    there = [
        cv2.resize(image, size, interpolation=cv2.INTER_AREA) for image in islice(_at_rate(path, fps), MOST_S * fps)
    ]
    whole = [*there, *there[-2:0:-1]]
    gop = GOP_S * fps
    whole += [there[0]] * (-len(whole) % gop)  # the last group is filled up
    return ENCODERS[CODEC].film(whole, size, gop, fps)


def _at_rate(path: Path, fps: int) -> Iterator[Picture]:
    """Yield the picture that the clip shows at each fps-th of a second. Raises LabelError when there is none."""
    shown: Picture | None = None
    at = 0
    for second, image in pictures(path, 1 / fps):
        while shown is not None and at / fps < second - 1e-6:
            yield shown
            at += 1
        shown = image
    if shown is None:
        raise LabelError(f"{path} shows nothing.")
    yield shown


def _size(image: Picture) -> Size:
    """Return the size of the demo's pictures, as far as this picture's shape allows, in whole blocks."""
    height, width = image.shape[:2]
    scale = min(WIDTH / width, HEIGHT / height)
    return round(width * scale / BLOCK) * BLOCK, round(height * scale / BLOCK) * BLOCK
