"""Cameras that show labelled clips of real rooms."""

import json
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from streams.looks.labels import LabelError, read_labels
from streams.simulator.clips import FPS, GOP, GOP_S, Library
from streams.simulator.labelled import CLIP, CODEC, ensure_labelled_footage, labelled_zone
from streams.simulator.simulator import Simulator
from streams.source.probing import probe

SLOW_FPS = 5
ZONE = [[0.1, 0.2], [0.6, 0.2], [0.6, 0.9]]


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """A clip of four seconds in which a wall gets lighter, and a still picture."""
    with av.open(str(tmp_path / "wall.mp4"), "w") as out:
        stream = out.add_stream("libx264", rate=SLOW_FPS)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for number in range(4 * SLOW_FPS):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(wall(40 + 8 * number), format="bgr24")))
        out.mux(stream.encode())
    cv2.imwrite(str(tmp_path / "still.jpg"), wall(90))
    empty = {"name": "corner", "rect": [0, 0, 0.1, 0.1], "staffed": []}
    clips = [
        {"file": "wall.mp4", "zones": [empty, {"name": "desk", "polygon": ZONE, "staffed": [[1, 2]]}]},
        {"file": "still.jpg", "zones": [empty]},
    ]
    path = tmp_path / "labels.json"
    path.write_text(json.dumps({"clips": clips}))
    return path


def wall(brightness: int) -> np.ndarray:
    return np.full((240, 320, 3), brightness, np.uint8)


def levels(path: Path) -> list[float]:
    """Return the mean brightness of each picture below the clock."""
    with av.open(str(path), format=CODEC) as film:
        return [float(picture.to_ndarray(format="gray")[32:].mean()) for picture in film.decode(video=0)]


def test_a_clip_plays_there_and_back_at_the_cameras_rate(labels: Path, tmp_path: Path) -> None:
    folder = ensure_labelled_footage(labels, tmp_path, tmp_path / "footage")
    shown = levels(folder / f"wall.mp4.{CODEC}")
    assert len(shown) % GOP == 0
    top = int(np.argmax(shown))
    assert top == pytest.approx(4 * FPS, abs=2 * FPS / SLOW_FPS)  # as many seconds, at another rate
    assert np.all(np.diff(shown[: top + 1]) > -2)
    assert np.abs(np.diff([*shown, shown[0]])).max() < 12  # no jump where it turns, nor where it begins again


def test_footage_of_another_rate_is_played_at_that_rate(labels: Path, tmp_path: Path) -> None:
    folder = ensure_labelled_footage(labels, tmp_path, tmp_path / "footage", SLOW_FPS)
    shown = levels(folder / f"wall.mp4.{CODEC}")
    assert len(shown) % (GOP_S * SLOW_FPS) == 0
    assert int(np.argmax(shown)) == pytest.approx(4 * SLOW_FPS, abs=2)
    with Simulator(cameras=1, footage=folder) as simulator:
        found = probe(simulator.url(1))
    assert found.fps == pytest.approx(SLOW_FPS, abs=0.5)
    assert found.gop == GOP_S * SLOW_FPS


def test_each_clip_is_a_layout_in_its_own_shape(labels: Path, tmp_path: Path) -> None:
    library = Library(ensure_labelled_footage(labels, tmp_path, tmp_path / "footage"))
    assert library.layouts == ("wall.mp4", "still.jpg")
    assert len(library.clip("still.jpg", CLIP).pictures) == GOP
    with av.open(str(tmp_path / "footage" / f"wall.mp4.{CODEC}"), format=CODEC) as film:
        picture = next(film.decode(video=0))
    assert picture.width / picture.height == pytest.approx(320 / 240, abs=0.1)


def test_the_zone_is_one_with_staff_where_the_clip_has_one(labels: Path, tmp_path: Path) -> None:
    clips = read_labels(labels, tmp_path)
    assert labelled_zone(clips, 1) == labelled_zone(clips, 3) == ZONE
    assert labelled_zone(clips, 2)[2] == [0.1, 0.1]


def test_footage_is_made_once_and_again_when_a_clip_changes(labels: Path, tmp_path: Path) -> None:
    folder = ensure_labelled_footage(labels, tmp_path, tmp_path / "footage")
    made = (folder / f"still.jpg.{CODEC}").stat().st_mtime_ns
    ensure_labelled_footage(labels, tmp_path, folder)
    assert (folder / f"still.jpg.{CODEC}").stat().st_mtime_ns == made
    cv2.imwrite(str(tmp_path / "still.jpg"), wall(200))
    ensure_labelled_footage(labels, tmp_path, folder)
    assert levels(folder / f"still.jpg.{CODEC}")[0] == pytest.approx(200, abs=5)


def test_a_clip_that_is_missing_is_named(labels: Path, tmp_path: Path) -> None:
    (tmp_path / "wall.mp4").write_bytes(b"no film")
    with pytest.raises(LabelError, match=r"wall\.mp4"):
        ensure_labelled_footage(labels, tmp_path, tmp_path / "footage")
