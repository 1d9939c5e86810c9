"""The test of an address, on cameras as odd as real ones."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from streams.cameras.words import WARNINGS
from streams.source.probing import probe
from tests.support.odd_camera import CameraOddities, OddCamera
from tests.support.relaying import relayed

FINE = {
    "plain": CameraOddities(),
    "silent-first": CameraOddities(silent_first=True),
    "slow-describe": CameraOddities(describe_s=1.5),
    "sha-256": CameraOddities(algorithm="SHA-256"),
    "udp-only": CameraOddities(udp_only=True),
    "half-speed": CameraOddities(stamp_speed=0.5, fps=5),
    "still-stamps": CameraOddities(stamp_speed=0.0, fps=5),
    "closes-after-401": CameraOddities(algorithm="MD5", closes=True),
}
PROBLEMS = {
    "login_needed": CameraOddities(algorithm="MD5", password=""),
    "unauthorized": CameraOddities(algorithm="MD5", password="keliru"),
    "forbidden": CameraOddities(status={"DESCRIBE": 403}),
    "not_acceptable": CameraOddities(status={"DESCRIBE": 406}),
    "busy": CameraOddities(status={"SETUP": 453}),
    "transport": CameraOddities(status={"SETUP": 461}),
    "unavailable": CameraOddities(status={"DESCRIBE": 503}),
    "udp_lost": CameraOddities(udp_only=True, udp_lost=True),
    "slow": CameraOddities(describe_s=30.0),
    "no_keyframe": CameraOddities(keyframes=0),
    "damaged": CameraOddities(lose=3),
}


@pytest.mark.parametrize("oddities", FINE.values(), ids=FINE.keys())
def test_an_odd_camera_shows_its_picture_and_what_was_measured(oddities: CameraOddities) -> None:
    with OddCamera(oddities) as camera:
        found = probe(camera.url, 5)
    assert (found.ok, found.problem, found.codec, found.width, found.height) == (True, "", "h264", 64, 48)
    assert found.gop == 5
    assert found.gop_s is not None
    true_s = 5 / oddities.fps
    assert 0.65 * true_s < found.gop_s < 3, "by the stamps of the slow cameras it is half of that, and 0"
    assert found.fps == pytest.approx(5 / found.gop_s, rel=0.1)
    assert found.warnings == []


@pytest.mark.parametrize(("problem", "oddities"), PROBLEMS.items())
def test_each_reason_is_told_apart(problem: str, oddities: CameraOddities) -> None:
    with OddCamera(oddities) as camera:
        url = camera.url.replace("admin:@", "") if problem == "login_needed" else camera.url
        found = probe(url, 2)
    assert (found.ok, found.problem) == (False, problem)
    assert found.seconds < 3
    assert camera.refused <= 1, "a second wrong login may lock the account"


def test_one_keyframe_shows_a_picture_and_no_made_up_numbers() -> None:
    with OddCamera(CameraOddities(keyframes=1)) as camera:
        found = probe(camera.url, 3, look_s=1.0)
    assert (found.ok, found.fps, found.gop, found.gop_s) == (True, 0.0, None, None)
    assert found.warnings == ["long_gop"]


def test_video_that_may_give_no_clips_is_shown_with_that_warning() -> None:
    shots = (np.full((48, 64, 3), 40 + number % 90, np.uint8) for number in range(100))
    pictures = tuple((cv2.imencode(".jpg", shot)[1].tobytes(),) for shot in shots)
    with OddCamera(CameraOddities(format="JPEG", pictures=pictures, fps=10)) as camera:
        found = probe(camera.url, 10)
    assert (found.ok, found.codec, found.warnings) == (True, "mjpeg", ["ffmpeg"])
    assert "mungkin tanpa klip" in str(WARNINGS["ffmpeg"])
    assert found.fps == pytest.approx(10, rel=0.1), "what FFmpeg read while it opened comes at once"


def test_a_camera_that_a_watch_reads_is_not_connected_to_again(tmp_path: Path) -> None:
    with OddCamera() as camera, relayed(camera, tmp_path):
        found = probe(camera.url, 5, relay_folder=tmp_path)
        assert (found.ok, found.gop, camera.open) == (True, 5, 1)
        assert sum(request.startswith("DESCRIBE") for request in camera.requests) == 1
