"""A picture -> who is in each zone. The only file that imports a model runtime.

The cascade: SSDLite on the whole frame, SSDLite on the zone's crop, MediaPipe's pose on the zone's crop; each
step only for the zones where the ones before saw fewer people than the counter needs.
"""

import contextlib
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Self

os.environ.setdefault("GLOG_minloglevel", "3")  # read by the C++ sides when they are loaded
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import cv2
import mediapipe
import numpy as np
import openvino
from mediapipe.tasks.python import BaseOptions, vision

from streams.occupancy import Finding, Step
from streams.prepare_models import GRAPH, POSE, ModelError, check
from streams.shapes import Box, Frame, Zone
from streams.unchanged import Patch, patch_of, unchanged

__all__ = ["Detector", "Examiner", "Finding", "ModelError", "Step"]

SCORE = 0.4  # SSDLite: below it, chairs and coats
SAME = 0.6  # two boxes that share this much of the smaller one are one person
MARGIN = 0.15  # round the zone, for SSDLite: people cut at the edge are missed
CONFIDENCE = 0.5  # pose
BODIES = 2  # asked for at least: a landmarker takes 70 MB, and one for all counters of up to two does
SIDE = 300  # pixels, what SSDLite takes
NOSE_AND_SHOULDERS = (0, 11, 12)
# MediaPipe 1.x logs without asking any setting.
CHATTER = re.compile(rb"[IW]\d{4} \d\d:|INFO: Created TensorFlow|WARNING: (Logging before|Read-only tensor)")

Picture = np.ndarray[Any, Any]


class Detector:
    """The loaded models. One worker thread per Detector; several Detectors may live in one process.

    Takes 2 s and 220 MB. Raises ModelError when the model files are not those that were prepared, or when the
    device that is asked for does not run them. Close it: MediaPipe complains at exit if nobody did.
    """

    def __init__(self, models: Path, device: str = "CPU", threads: int = 1) -> None:
        check(models)
        self.runs: dict[Step, int] = {Step.FRAME: 0, Step.CROP: 0, Step.POSE: 0}
        self._pose_file = models / POSE
        self._seen = False
        self._poses: dict[int, vision.PoseLandmarker] = {}
        options: dict[str, Any] = {"PERFORMANCE_HINT": "LATENCY"}
        if device == "CPU":
            options["INFERENCE_NUM_THREADS"] = threads
        try:
            core = openvino.Core()
            graph = core.read_model(models / GRAPH)
            graph.reshape([1, SIDE, SIDE, 3])
            self._request = core.compile_model(graph, device, options).create_infer_request()
            self._landmarker(BODIES)
        except Exception as error:
            reason = str(error).strip().splitlines()[-1:]
            raise ModelError(f"The person detector does not run on {device}: {' '.join(reason)}") from error

    def close(self) -> None:
        for landmarker in self._poses.values():
            landmarker.close()
        self._poses.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def in_frame(self, image: Picture) -> list[Box]:
        """Everybody whom SSDLite sees in the whole picture."""
        self.runs[Step.FRAME] += 1
        return self._people(image)

    def in_crop(self, image: Picture, zone: Zone) -> list[Box]:
        """Everybody whom SSDLite sees in and round the zone."""
        self.runs[Step.CROP] += 1
        part, place = _cut(image, zone.bounds.widened(MARGIN))
        return [_replaced(box, place) for box in self._people(part)]

    def in_pose(self, image: Picture, zone: Zone) -> list[Box]:
        """Bodies in the zone: head and shoulders lie inside its polygon."""
        self.runs[Step.POSE] += 1
        part, place = _cut(image, zone.bounds)
        rgb = cv2.cvtColor(part, cv2.COLOR_BGR2RGB)
        picture = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=rgb)
        landmarker = self._landmarker(max(BODIES, _bodies(zone)))
        with contextlib.nullcontext() if self._seen else _quiet():  # it logs once more at the first body
            found = landmarker.detect(picture).pose_landmarks
        self._seen = self._seen or bool(found)
        bodies = (_body(marks, place, zone) for marks in found)
        return [_replaced(body, place) for body in bodies if body is not None]

    def _people(self, image: Picture) -> list[Box]:
        small = cv2.cvtColor(cv2.resize(image, (SIDE, SIDE)), cv2.COLOR_BGR2RGB)
        self._request.infer({0: small[None]}, share_inputs=True)
        boxes = self._request.get_tensor("detection_boxes:0").data[0]
        scores = self._request.get_tensor("detection_scores:0").data[0]
        return _distinct(
            Box(float(x0), float(y0), float(x1), float(y1), float(score))
            for (y0, x0, y1, x1), score in zip(boxes, scores, strict=True)
            if score > SCORE
        )

    def _landmarker(self, bodies: int) -> vision.PoseLandmarker:
        if bodies not in self._poses:
            with _quiet():
                landmarker = vision.PoseLandmarker.create_from_options(
                    vision.PoseLandmarkerOptions(
                        base_options=BaseOptions(model_asset_path=str(self._pose_file)),
                        num_poses=bodies,
                        min_pose_detection_confidence=CONFIDENCE,
                        min_pose_presence_confidence=CONFIDENCE,
                    )
                )
                grey = np.full((64, 64, 3), 128, np.uint8)  # the first picture logs too
                landmarker.detect(mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=grey))
            self._poses[bodies] = landmarker
        return self._poses[bodies]


def _bodies(zone: Zone) -> int:
    """How many to ask for: one more than needed where somebody else may stand beside the polygon."""
    return zone.quorum + (zone.share(zone.bounds) < 0.95)


def _cut(image: Picture, place: Box) -> tuple[Picture, Box]:
    """The part of the picture, and its exact place after rounding to pixels."""
    height, width = image.shape[:2]
    x0, y0 = min(int(place.x0 * width), width - 1), min(int(place.y0 * height), height - 1)
    x1, y1 = max(x0 + 1, int(place.x1 * width)), max(y0 + 1, int(place.y1 * height))
    return np.ascontiguousarray(image[y0:y1, x0:x1]), Box(x0 / width, y0 / height, x1 / width, y1 / height)


def _replaced(box: Box, place: Box) -> Box:
    """A box within a part, as a box within the whole picture."""
    width, height = place.x1 - place.x0, place.y1 - place.y0
    return Box(
        place.x0 + box.x0 * width,
        place.y0 + box.y0 * height,
        place.x0 + box.x1 * width,
        place.y0 + box.y1 * height,
        box.score,
    )


def _distinct(boxes: Iterable[Box]) -> list[Box]:
    """The boxes without those that show the same person again, best first."""
    kept: list[Box] = []
    for box in sorted(boxes, key=lambda box: -box.score):
        if all(box.overlap(other) < SAME * min(box.area, other.area) for other in kept):
            kept.append(box)
    return kept


def _body(marks: Sequence[Any], place: Box, zone: Zone) -> Box | None:
    """The box, within the part, of a body whose head and shoulders are in the zone."""
    x = sum(marks[i].x for i in NOSE_AND_SHOULDERS) / len(NOSE_AND_SHOULDERS)
    y = sum(marks[i].y for i in NOSE_AND_SHOULDERS) / len(NOSE_AND_SHOULDERS)
    centre = _replaced(Box(x, y, x, y), place)
    if not zone.contains((centre.x0, centre.y0)):
        return None
    seen = [(mark.x, mark.y) for mark in marks if mark.visibility > 0.5] or [(x, y)]
    xs, ys = (np.clip(values, 0.0, 1.0) for values in zip(*seen, strict=True))
    return Box(float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max()))


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep MediaPipe's chatter off stderr; whatever else was written meanwhile comes out afterwards."""
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as written:
        os.dup2(written.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(kept, 2)
            written.seek(0)
            for line in written:
                if not CHATTER.match(line):
                    os.write(kept, line)
            os.close(kept)


class Examiner:
    """One camera's zones, and what the last full examination of each saw.

    Unchanged picture, unchanged verdict: a zone whose pixels are those of its last full examination (not of
    the last look: drift) keeps that verdict without running a model, once two full examinations have agreed,
    and for at most full_every_s. Motion alone never decides: a clerk who sits still is still there.
    full_every_s=0 examines every look in full.
    """

    def __init__(self, detector: Detector, zones: Sequence[Zone], full_every_s: float = 60) -> None:
        self._detector = detector
        self._zones = tuple(zones)
        self._full_every_s = full_every_s
        self._memories: dict[int, _Memory] = {}

    def look(self, frame: Frame) -> list[Finding]:
        """One Finding per zone, in the order of the zones."""
        patches = {zone.id: patch_of(frame.image, zone) for zone in self._zones}
        changed = [zone for zone in self._zones if not self._stands(zone, patches[zone.id], frame.at)]
        people = self._detector.in_frame(frame.image) if changed else []
        for zone in changed:
            finding = self._examine(frame.image, zone, people)
            before = self._memories.get(zone.id)
            agreed = before is not None and (before.finding.people >= zone.quorum) == (finding.people >= zone.quorum)
            self._memories[zone.id] = _Memory(patches[zone.id], frame.at, finding, agreed)
        fresh = {zone.id for zone in changed}
        found = [self._memories[zone.id].finding for zone in self._zones]
        return [finding if finding.zone in fresh else replace(finding, step=Step.UNCHANGED) for finding in found]

    def _stands(self, zone: Zone, patch: Patch, at: datetime) -> bool:
        memory = self._memories.get(zone.id)
        return (
            memory is not None
            and memory.agreed
            and 0 <= (at - memory.at).total_seconds() < self._full_every_s
            and unchanged(memory.patch, patch)
        )

    def _examine(self, image: Picture, zone: Zone, people: list[Box]) -> Finding:
        steps: tuple[tuple[Step, Callable[[], list[Box]]], ...] = (
            (Step.FRAME, lambda: people),
            (Step.CROP, lambda: self._detector.in_crop(image, zone)),
            (Step.POSE, lambda: self._detector.in_pose(image, zone)),
        )
        most: list[Box] = []
        for step, look in steps:
            inside = [box for box in look() if step is Step.POSE or zone.holds(box)]
            most = max(most, inside, key=len)
            if len(most) >= zone.quorum:
                return Finding(zone.id, len(most), tuple(most), step)
        return Finding(zone.id, len(most), tuple(most), Step.NOBODY)


@dataclass(frozen=True, slots=True)
class _Memory:
    """What the last full examination of a zone saw."""

    patch: Patch
    at: datetime
    finding: Finding
    agreed: bool  # with the full examination before it
