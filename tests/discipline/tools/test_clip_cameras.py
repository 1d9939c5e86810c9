"""bench: cameras that show labelled clips have a reference picture and as many controls as a camera may have."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from discipline.tools.bench.clip_cameras import CameraView, clip_views
from streams.looks.control_choice import MOST
from streams.pixels.jpeg import decode_jpeg
from streams.simulator.labelled import ensure_labelled_footage

DESK = [0.1, 0.2, 0.6, 0.9]


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    cv2.imwrite(str(tmp_path / "staffed.jpg"), np.full((360, 640, 3), 90, np.uint8))
    cv2.imwrite(str(tmp_path / "empty.jpg"), np.full((360, 640, 3), 40, np.uint8))
    clips = [
        {"file": "staffed.jpg", "zones": [{"rect": DESK, "staffed": None}]},
        {"file": "empty.jpg", "zones": [{"rect": DESK, "staffed": []}]},
    ]
    path = tmp_path / "labels.json"
    path.write_text(json.dumps({"clips": clips}))
    return path


def test_a_camera_shows_its_clip_and_keeps_its_staff_as_controls(labels: Path) -> None:
    footage = ensure_labelled_footage(labels, labels.parent, labels.parent / "footage")
    view = clip_views(labels, footage)
    first, second, third = view(1), view(2), view(3)
    assert first.zone == second.zone == [[0.1, 0.2], [0.6, 0.2], [0.6, 0.9], [0.1, 0.9]]
    assert brightness(first) == brightness(third) == pytest.approx(90, abs=6)  # it shows a clock, too
    assert brightness(second) == pytest.approx(40, abs=6)
    assert (len(first.controls), len(second.controls)) == (MOST, 0)
    control = decode_jpeg(first.controls[0])
    assert control is not None
    assert float(control.mean()) == pytest.approx(90, abs=9)


def brightness(view: CameraView) -> float:
    assert view.reference is not None
    return float(view.reference.mean())
