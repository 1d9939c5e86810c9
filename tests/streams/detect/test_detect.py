"""The real models on real footage, and the shortcut for unchanged pictures on drawn ones."""

import importlib.util
import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest

from streams.detect import ssd_pose
from streams.detect.api import Detector
from streams.detect.cascade import Cascade
from streams.detect.model_files import ModelError
from streams.detect.person_ssd import WholeFrame
from streams.detect.pose_mediapipe import ZonePose
from streams.detect.relight import Relit
from streams.looks.evaluation import evaluate, table
from streams.looks.examiner import Examiner
from streams.looks.labels import LabelError, pictures, read_labels
from streams.pixels.occupancy import DetectionStep, ZoneFinding
from streams.pixels.shapes import DrawnZone, Frame
from streams.simulator import trials
from tests.support.paths import ROOT

pytestmark = pytest.mark.once

MODELS = Path(os.environ.get("MODELS_DIR", ROOT / "var" / "models"))
CLIPS = Path(os.environ.get("CLIPS_DIR", ROOT.parent / "shared" / "clips"))
START = datetime(2025, 11, 24, 1, 0, tzinfo=UTC)


def rectangle(number: int, x0: float, y0: float, x1: float, y1: float, quorum: int = 1) -> DrawnZone:
    return DrawnZone(number, number, ((x0, y0), (x1, y0), (x1, y1), (x0, y1)), quorum)


DESK = rectangle(1, 0.3, 0.1, 0.7, 1.0)
WALL = rectangle(2, 0.75, 0.1, 0.95, 0.6)


@pytest.fixture(scope="session")
def clerk() -> np.ndarray:
    """The portrait that the demo cameras show, before a plain wall behind a desk: 360 × 640, BGR."""
    package = importlib.util.find_spec("matplotlib")
    assert package is not None
    assert package.origin is not None
    portrait = cv2.imread(str(Path(package.origin).parent / "mpl-data" / "sample_data" / "grace_hopper.jpg"))
    assert portrait is not None
    image = office()
    person = cv2.resize(portrait, (200, 240))
    image[90:330, 220:420] = person
    image[290:] = (60, 80, 120)
    return image


def office() -> np.ndarray:
    image = np.full((360, 640, 3), (170, 175, 180), np.uint8)
    image[290:] = (60, 80, 120)
    cv2.rectangle(image, (500, 60), (600, 200), (90, 120, 60), -1)
    return image


def noisy(image: np.ndarray, look: int, sigma: float = 3) -> np.ndarray:
    noise = np.random.default_rng(look).standard_normal(image.shape, dtype=np.float32) * sigma
    return np.clip(image + noise, 0, 255).astype(np.uint8)


def looks(examiner: Examiner, images: Iterable[np.ndarray], every_s: float = 5) -> list[ZoneFinding]:
    """Return the findings of the first zone."""
    frames = (Frame(image, START + timedelta(seconds=i * every_s)) for i, image in enumerate(images))
    return [examiner.look(frame)[0] for frame in frames]


def pose_step(detector: Detector) -> ZonePose:
    assert isinstance(detector, Relit)
    assert isinstance(detector.inner, Cascade)
    pose = detector.inner.steps[-1]
    assert isinstance(pose, ZonePose)
    return pose


def frame_step(detector: Detector) -> WholeFrame:
    assert isinstance(detector, Relit)
    assert isinstance(detector.inner, Cascade)
    frame = detector.inner.steps[0]
    assert isinstance(frame, WholeFrame)
    return frame


def runs(detector: Detector) -> int:
    """Return how often a network has been run."""
    frame, pose = frame_step(detector), pose_step(detector)
    return frame.people.network.runs + pose.body_network.runs + pose.landmark_network.runs


def full_looks(findings: Sequence[ZoneFinding]) -> list[int]:
    return [look for look, finding in enumerate(findings) if finding.step is not DetectionStep.UNCHANGED]


# Real footage


@pytest.mark.clips
@pytest.mark.slow
def test_at_most_one_look_is_wrong_either_way_when_each_is_examined_in_full(detector: Detector, clips: Path) -> None:
    """One of 180 looks is the finest rate near half a percent that they can show; the next test counts finer."""
    rows, total = evaluate(clips / "labels.json", clips, detector, 0.5, full_every_s=0)
    assert len(rows) == 6
    assert total.staffed_looks >= 150
    assert total.empty_looks >= 300
    assert total.staffed_called_empty <= 1, table(rows)
    assert total.empty_called_staffed <= 1, table(rows)
    assert sum(total.settled.values()) == total.looks
    assert total.settled[DetectionStep.UNCHANGED] == 0


@pytest.mark.clips
@pytest.mark.slow
def test_less_than_half_a_percent_is_wrong_either_way_with_the_shortcut(detector: Detector, clips: Path) -> None:
    rows, total = evaluate(clips / "labels.json", clips, detector, 0.4)
    assert total.staffed_looks >= 220
    assert total.staffed_called_empty < 0.005 * total.staffed_looks, table(rows)
    assert total.empty_called_staffed < 0.005 * total.empty_looks, table(rows)
    assert sum(total.settled.values()) == total.looks
    assert total.settled[DetectionStep.UNCHANGED] > 0


# Hard pictures


@pytest.fixture(scope="session")
def hard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The labels of clips in which grain hides a clerk, and of an empty chair with a uniform on it."""
    rooms = {"from behind": ("hall", "dim"), "dim light": ("dim",), "portrait, dim": ("dim",),
             "jacket on the chair": ("corner",)}  # fmt: skip
    chosen = [replace(trial, rooms=rooms[trial.name]) for trial in trials.TRIALS if trial.name in rooms]
    return trials.ensure_trials(tmp_path_factory.mktemp("trials") / "hard", chosen)


def test_a_clerk_from_behind_or_in_the_dark_is_seen_and_their_empty_chair_is_empty(
    detector: Detector, hard: Path
) -> None:
    rows, total = evaluate(hard, hard.parent, detector, full_every_s=0)
    assert (total.staffed_looks, total.empty_looks) == (40, 40)
    assert total.staffed_called_empty <= 1, table(rows)
    assert total.empty_called_staffed == 0, table(rows)


def test_only_a_doubtful_zone_is_examined_again(detector: Detector, clerk: np.ndarray, hard: Path) -> None:
    pose = pose_step(detector)

    def examinations(zone: DrawnZone, image: np.ndarray) -> float:
        before = pose.body_network.runs
        pose.bodies(image, zone)
        return (pose.body_network.runs - before) / 3  # views of a zone

    [doubtful] = [clip for clip in read_labels(hard, hard.parent) if clip.file == "from-behind-dim.avi"]
    [label] = doubtful.labels
    looked = [(label.truth(at), image) for at, image in pictures(hard.parent / doubtful.file, 0.5)]
    assert {examinations(label.zone, image) for staffed, image in looked if staffed} == {3}  # plain and two grains
    assert {examinations(label.zone, image) for staffed, image in looked if not staffed} == {1}
    assert [examinations(DESK, clerk), examinations(WALL, clerk)] == [1, 1]


@pytest.mark.clips
def test_a_still_picture_counts_as_one_look(detector: Detector, clips: Path, tmp_path: Path) -> None:
    _, image = next(pictures(clips / "book.mkv", 9))
    cv2.imwrite(str(tmp_path / "still.jpg"), image)
    (tmp_path / "labels.json").write_text(
        '{"clips": [{"file": "still.jpg", "zones": ['
        '{"name": "signer", "rect": [0.1, 0, 0.9, 1], "staffed": null},'
        '{"name": "corner", "polygon": [[0, 0], [0.12, 0], [0, 0.12]], "staffed": []}]}]}'
    )
    rows, total = evaluate(tmp_path / "labels.json", tmp_path, detector)
    assert [(row.zone, row.staffed_looks, row.empty_looks) for row in rows] == [
        ("signer", 1, 0),
        ("corner", 0, 1),
    ]
    assert (total.staffed_called_empty, total.empty_called_staffed) == (0, 0)


@pytest.mark.clips
def test_a_body_outside_the_polygon_is_not_in_the_zone(detector: Detector, clips: Path) -> None:
    """The man fills the middle; an L along the left and the bottom has him in its bounding box only."""
    _, image = next(pictures(clips / "eat.mkv", 9))
    ell = DrawnZone(1, 1, ((0.0, 0.0), (0.2, 0.0), (0.2, 0.9), (1.0, 0.9), (1.0, 1.0), (0.0, 1.0)))
    whole = rectangle(2, 0.0, 0.0, 1.0, 1.0)
    assert len(pose_step(detector).bodies(image, whole)) == 1
    assert pose_step(detector).bodies(image, ell) == []
    [beside, inside] = Examiner(detector, [ell, whole]).look(Frame(image, START))
    assert (beside.people, inside.people) == (0, 1)


# The cascade


def test_the_clerk_is_seen_and_the_wall_is_empty(detector: Detector, clerk: np.ndarray) -> None:
    desk, wall = Examiner(detector, [DESK, WALL]).look(Frame(clerk, START))
    assert (desk.zone, desk.people) == (1, 1)
    assert DESK.holds(desk.boxes[0])
    assert (wall.zone, wall.people, wall.boxes, wall.step) == (2, 0, (), DetectionStep.NOBODY)


def test_one_clerk_where_two_are_needed_passes_every_step(detector: Detector, clerk: np.ndarray) -> None:
    zone = rectangle(1, 0.3, 0.1, 0.7, 1.0, quorum=2)
    [finding] = Examiner(detector, [zone]).look(Frame(clerk, START))
    assert (finding.people, finding.step) == (1, DetectionStep.NOBODY)


def test_the_whole_frame_is_examined_once_for_all_zones(detector: Detector, clerk: np.ndarray) -> None:
    network = frame_step(detector).people.network
    before = network.runs
    desk, wall = frame_step(detector).search(clerk, [DESK, WALL], [(), ()])
    assert network.runs == before + 1
    assert (len(desk.people), len(wall.people)) == (1, 0)


# Unchanged picture, unchanged verdict


@pytest.mark.parametrize("sigma", [0, 3, 6])
def test_an_unchanged_picture_is_settled_without_a_model(detector: Detector, clerk: np.ndarray, sigma: float) -> None:
    examiner = Examiner(detector, [DESK])
    looks(examiner, [noisy(clerk, look, sigma) for look in range(2)])
    before = runs(detector)
    late = [
        examiner.look(Frame(noisy(clerk, look, sigma), START + timedelta(seconds=5 * look)))[0] for look in range(2, 12)
    ]
    assert runs(detector) == before
    assert {(finding.step, finding.people) for finding in late} == {(DetectionStep.UNCHANGED, 1)}


def test_a_clerk_who_sits_still_for_ten_minutes_never_vanishes(detector: Detector, clerk: np.ndarray) -> None:
    findings = looks(Examiner(detector, [DESK]), [noisy(clerk, look) for look in range(120)])
    assert {finding.people for finding in findings} == {1}
    assert full_looks(findings) == [0, *range(1, 120, 12)]  # twice at first, then once a minute


def test_an_empty_desk_stays_empty_and_is_looked_at_again_each_minute(detector: Detector) -> None:
    findings = looks(Examiner(detector, [DESK]), [noisy(office(), look) for look in range(60)])
    assert {finding.people for finding in findings} == {0}
    assert full_looks(findings) == [0, *range(1, 60, 12)]


def test_a_clerk_who_leaves_or_comes_is_noticed_at_that_look(detector: Detector, clerk: np.ndarray) -> None:
    images = [noisy(clerk if look // 5 % 2 == 0 else office(), look) for look in range(20)]
    people = [finding.people for finding in looks(Examiner(detector, [DESK]), images)]
    assert people == [1] * 5 + [0] * 5 + [1] * 5 + [0] * 5


def test_a_slow_fade_is_compared_with_the_last_full_examination(detector: Detector, clerk: np.ndarray) -> None:
    """Each picture nearly equals the one before; compared with that one it would never be examined again."""
    fades = [cv2.addWeighted(clerk, 1 - step / 100, office(), step / 100, 0) for step in [0, 0, *range(0, 101, 2)]]
    findings = looks(Examiner(detector, [DESK], full_every_s=3600), fades, every_s=1)
    assert findings[0].people == 1
    assert findings[-1].people == 0
    assert len(full_looks(findings)) > 5


def test_lights_that_flicker_run_no_model(detector: Detector, clerk: np.ndarray) -> None:
    lights = [np.clip(clerk.astype(np.int16) + 3 * (-1) ** look, 0, 255).astype(np.uint8) for look in range(10)]
    findings = looks(Examiner(detector, [DESK]), [noisy(light, look) for look, light in enumerate(lights)])
    assert full_looks(findings) == [0, 1]


def test_a_movement_in_one_zone_leaves_the_other_at_rest(detector: Detector, clerk: np.ndarray) -> None:
    examiner = Examiner(detector, [DESK, WALL])
    for look in range(2):
        examiner.look(Frame(clerk, START + timedelta(seconds=5 * look)))
    desk, wall = examiner.look(Frame(office(), START + timedelta(seconds=10)))
    assert (desk.step, desk.people) == (DetectionStep.NOBODY, 0)
    assert (wall.step, wall.people) == (DetectionStep.UNCHANGED, 0)


def test_a_new_resolution_or_a_clock_gone_back_is_examined_in_full(detector: Detector, clerk: np.ndarray) -> None:
    examiner = Examiner(detector, [DESK])
    looks(examiner, [clerk] * 3)
    [larger] = examiner.look(Frame(cv2.resize(clerk, (320, 180)), START + timedelta(seconds=15)))
    [earlier] = examiner.look(Frame(clerk, START - timedelta(hours=1)))
    assert DetectionStep.UNCHANGED not in {larger.step, earlier.step}
    assert larger.people == earlier.people == 1


# Errors


@pytest.mark.usefixtures("detector")
def test_an_altered_model_is_refused(tmp_path: Path) -> None:
    for path in MODELS.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    with (tmp_path / "pose.task").open("ab") as file:
        file.write(b"!")
    with pytest.raises(ModelError, match=r"pose\.task is not the one that was prepared: run `make install`"):
        ssd_pose.load(tmp_path)


@pytest.mark.usefixtures("detector")
def test_a_device_that_is_not_there_is_named() -> None:
    with pytest.raises(ModelError, match="does not run on NOSUCH"):
        ssd_pose.load(MODELS, device="NOSUCH")


def test_labels_that_are_no_labels_say_which_file(detector: Detector, tmp_path: Path) -> None:
    (tmp_path / "labels.json").write_text('{"clips": [{"file": "gone.mp4", "zones": []}]}')
    with pytest.raises(LabelError, match=r"gone\.mp4"):
        evaluate(tmp_path / "labels.json", tmp_path, detector)
    (tmp_path / "labels.json").write_text("[]")
    with pytest.raises(LabelError, match="not a labels file"):
        read_labels(tmp_path / "labels.json", tmp_path)
