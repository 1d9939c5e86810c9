"""Adding a detector by one file and one line, shown with OpenCV's HOG people detector."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from streams.detect.api import Detector
from streams.detect.model_files import ModelError
from streams.detect.registry import DETECTORS, load_detector
from streams.looks.evaluation import evaluate, table
from streams.pixels.occupancy import DetectionStep
from streams.pixels.shapes import DrawnZone
from tests.support.paths import ROOT

WHOLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


@pytest.fixture
def hog(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Detector]:
    monkeypatch.setitem(DETECTORS, "hog", "tests.support.hog_detector.load")
    with closing(load_detector("hog", tmp_path)) as detector:
        yield detector


@pytest.mark.parametrize("name", DETECTORS)
def test_every_line_leads_to_a_function(name: str) -> None:
    assert callable(import_string(DETECTORS[name]))


def test_the_settings_name_a_detector_that_is_there() -> None:
    assert settings.DETECTOR in DETECTORS


def test_an_unknown_detector_is_refused_with_the_names_that_are_known(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"DETECTOR names yolo, which is none of: .*ssd_pose"):
        load_detector("yolo", tmp_path)


def test_another_detector_goes_through_the_same_door(hog: Detector) -> None:
    wall = np.full((360, 640, 3), 170, np.uint8)
    [finding] = hog.detect(wall, [DrawnZone(3, 5, WHOLE)])
    assert (finding.zone, finding.people, finding.step) == (3, 0, DetectionStep.NOBODY)


@pytest.mark.clips
def test_another_detector_is_measured_on_the_same_footage(hog: Detector, clips: Path) -> None:
    """It detects some of the people who stand, and none of those who sit."""
    rows, total = evaluate(clips / "labels.json", clips, hog, every_s=2)
    assert len(rows) == 6
    assert 0.4 < total.staffed_called_empty / total.staffed_looks < 0.95, table(rows)
    assert total.empty_called_staffed <= 0.02 * total.empty_looks, table(rows)
    assert total.settled[DetectionStep.FRAME] > 0
    assert total.settled[DetectionStep.CROP] + total.settled[DetectionStep.POSE] == 0


def test_a_process_imports_only_the_runtimes_that_it_uses() -> None:
    """In particular, a process that watches counters has no face detector."""
    code = """
import sys
import streams.looks.evaluation, streams.looks.examiner, streams.detect.registry
assert not {"openvino", "mediapipe"} & sys.modules.keys()
import streams.detect.ssd_pose
assert "openvino" in sys.modules
assert not {"mediapipe", "streams.detect.faces", "streams.detect.face_mediapipe"} & sys.modules.keys()
"""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
