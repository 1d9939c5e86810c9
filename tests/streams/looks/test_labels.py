"""Labels whose reference is a clip, and whose controls come from another file of the same camera."""

import json
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from streams.detect.api import Detector, Picture
from streams.looks.evaluation import evaluate
from streams.looks.labels import LabelError, read_labels
from streams.simulator import trials


def write_labels(folder: Path, *clips: dict[str, Any]) -> Path:
    labels = folder / "labels.json"
    labels.write_text(json.dumps({"clips": clips}))
    return labels


def film(path: Path, codec: str, pix_fmt: str, pictures: list[Picture]) -> None:
    with av.open(str(path), "w") as out:
        stream = out.add_stream(codec, rate=5)
        assert isinstance(stream, av.VideoStream)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = pix_fmt
        for image in pictures:
            out.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="bgr24").reformat(format=pix_fmt)))
        out.mux(stream.encode())


@pytest.mark.parametrize(
    ("name", "codec", "pix_fmt"), [("room.gif", "gif", "bgr8"), ("room.mp4", "libx264", "yuv420p")]
)
def test_of_a_reference_that_is_a_clip_the_first_picture_counts(
    tmp_path: Path, name: str, codec: str, pix_fmt: str
) -> None:
    light, dark = (np.full((64, 96, 3), grey, np.uint8) for grey in (220, 20))
    film(tmp_path / name, codec, pix_fmt, [light, dark, dark])
    zone = {"rect": [0, 0, 1, 1], "staffed": []}
    (clip,) = read_labels(write_labels(tmp_path, {"file": name, "reference": name, "zones": [zone]}), tmp_path)
    assert clip.reference is not None
    assert clip.reference.shape == (64, 96, 3)
    assert clip.reference.mean() > 200


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A folder with a clip of a staffed counter, its reference, and a dim one of it empty; and the labels."""
    folder = tmp_path_factory.mktemp("trials") / "hall"
    labels = trials.ensure_trials(folder, [trials.Trial("plain", rooms=("hall",))])
    (clip,) = json.loads(labels.read_text())["clips"]
    empty = cv2.imread(str(folder / clip["reference"]))
    assert empty is not None
    cv2.imwrite(str(folder / "dim.png"), cv2.convertScaleAbs(empty, alpha=0.25))
    return folder, clip


def test_controls_come_from_another_file_of_the_same_camera(
    detector: Detector, hall: tuple[Path, dict[str, Any]]
) -> None:
    folder, clip = hall
    dim = clip | {"file": "dim.png", "case": "dim", "zones": [clip["zones"][0] | {"staffed": []}]}
    labels = write_labels(folder, dim, clip)
    blind = {row.clip: row.empty_called_blind for row in evaluate(labels, folder, detector)[0]}
    assert blind["dim"] == 0, "its staff would have been seen"
    labels = write_labels(folder, {key: value for key, value in dim.items() if key != "controls"})
    rows, _ = evaluate(labels, folder, detector)
    assert rows[0].empty_called_blind == 1, "too little contrast to judge it without controls"


def test_controls_that_are_not_in_the_list_are_refused(detector: Detector, hall: tuple[Path, dict[str, Any]]) -> None:
    folder, clip = hall
    with pytest.raises(LabelError, match=r"other\.avi"):
        evaluate(write_labels(folder, clip | {"controls": "other.avi"}), folder, detector)
