"""A picture -> people, by three models. The only file that imports a model runtime.

SSDLite looks at the whole frame and at a zone's crop; MediaPipe's pose models look at a zone in three views, and when
that leaves doubt, once more at pictures without their grain. OpenVINO runs all of them, so that each answers with its
odds and not with a yes or no (see poses.py).
"""

import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any, Self

import cv2
import numpy as np
import openvino

from streams.detect import pose_decoding as poses
from streams.detect.model_files import GRAPH, POSE, ModelError, check
from streams.pixels.occupancy import DetectionStep
from streams.pixels.shapes import Box, DrawnZone

__all__ = ["Detector", "ModelError"]

SCORE = 0.4  # SSDLite: from here on it is somebody; below, chairs and coats
WEAK = 0.02  # SSDLite: from here on a box is evidence
SAME = 0.6  # two boxes that share this much of the smaller one are one person
SIDE = 300  # pixels, what SSDLite takes
BODIES, LANDMARKS = "pose_detector.tflite", "pose_landmarks_detector.tflite"  # in POSE
ROUND = 0.08  # the zone, for SSDLite
UPPER, NEAR, FAR = 0.65, 0.1, 0.4  # views of a zone: so much of its height and so much round that; much round it
GRAINS = 5, 3  # pixels each way, of the medians through which a doubtful zone is seen again; SSDLite by the first
EDGE, BELOW, GREY = 0.97, 0.25, 114  # whoever the picture's lower edge cuts off: a zone from here on gets a border

Picture = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class _View:
    """One view of a zone, and the bodies that the first pose model proposes in it, best first."""

    part: Picture
    place: Box
    bodies: list[poses.Body]

    def odds(self, nth: int) -> float:
        return self.bodies[nth].odds if nth < len(self.bodies) else -poses.CLEAR


class Detector:
    """The loaded models. One worker thread per Detector; several Detectors may live in one process.

    Raises ModelError when the model files are not those that were prepared, or when the device that is asked for
    does not run them.
    """

    def __init__(self, models: Path, device: str = "CPU", threads: int = 1) -> None:
        check(models)
        self.runs: dict[DetectionStep, int] = {DetectionStep.FRAME: 0, DetectionStep.CROP: 0, DetectionStep.POSE: 0}
        options: dict[str, Any] = {"PERFORMANCE_HINT": "LATENCY"}
        if device == "CPU":
            options["INFERENCE_NUM_THREADS"] = threads
        try:
            core = openvino.Core()
            graph = core.read_model(models / GRAPH)
            graph.reshape([1, SIDE, SIDE, 3])
            self._ssdlite = core.compile_model(graph, device, options).create_infer_request()
            # OpenVINO reads this format from files only.
            with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(models / POSE) as task:
                self._pose, self._marking = (
                    core.compile_model(core.read_model(task.extract(name, folder)), device, options)
                    .create_infer_request()
                    for name in (BODIES, LANDMARKS)
                )  # fmt: skip
        except Exception as error:
            reason = str(error).strip().splitlines()[-1:]
            raise ModelError(f"The person detector does not run on {device}: {' '.join(reason)}") from error

    def close(self) -> None:
        """Give the models' memory back; nothing can be asked afterwards."""
        del self._ssdlite, self._pose, self._marking

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def in_frame(self, image: Picture) -> list[Box]:
        """Everybody whom SSDLite sees in the whole picture, best first; boxes under SCORE are evidence only."""
        self.runs[DetectionStep.FRAME] += 1
        return self._people(image)

    def in_crop(self, image: Picture, zone: DrawnZone, grain: int = 0) -> list[Box]:
        """Everybody whom SSDLite sees in and right round the zone, best first; boxes under SCORE are evidence only.

        grain: the crop is seen through a median of so many pixels each way.
        """
        self.runs[DetectionStep.CROP] += 1
        part, place = _cut(image, zone.bounds.widened(ROUND), zone, grain)
        return [box.within(place) for box in self._people(part)]

    def in_pose(self, image: Picture, zone: DrawnZone, scores: Sequence[float] = ()) -> list[Box]:
        """Bodies in the zone, at most its quorum: head and shoulders lie inside its polygon.

        scores: what SSDLite gave to boxes in the zone, best first. There are n bodies when the n-th best of each
        view, model and of these scores together make it likely. Who is neither surely there nor surely not is looked
        for again without the picture's grain, which hides people from behind and in the dark.
        """
        views = self._views(image, zone)
        sure = self._bodies(views, zone, scores, poses.SURE)
        if len(sure) == zone.quorum or _evidence(views, len(sure), scores) < poses.DOUBT:
            return sure
        again = [box.score for box in self.in_crop(image, zone, GRAINS[0]) if zone.holds(box)]
        smooth = [view for grain in GRAINS for view in self._views(image, zone, grain)]
        return max(sure, self._bodies(smooth, zone, best(scores, again), poses.ENOUGH), key=len)

    def _people(self, image: Picture) -> list[Box]:
        small = cv2.cvtColor(_resized(image, SIDE, SIDE), cv2.COLOR_BGR2RGB)
        self._ssdlite.infer({0: small[None]}, share_inputs=True)
        boxes = self._ssdlite.get_tensor("detection_boxes:0").data[0]
        scores = self._ssdlite.get_tensor("detection_scores:0").data[0]
        return _distinct(
            Box(float(x0), float(y0), float(x1), float(y1), float(score))
            for (y0, x0, y1, x1), score in zip(boxes, scores, strict=True)
            if score > WEAK
        )

    def _views(self, image: Picture, zone: DrawnZone, grain: int = 0) -> list[_View]:
        self.runs[DetectionStep.POSE] += 1
        return [self._view(zone, *cut) for cut in _cuts(image, zone, grain)]

    def _view(self, zone: DrawnZone, part: Picture, place: Box) -> _View:
        rgb = cv2.cvtColor(part, cv2.COLOR_BGR2RGB)
        square, inner = _squared(rgb, poses.SIDE)
        self._pose.infer({0: square[None].astype(np.float32) / 127.5 - 1}, share_inputs=True)
        raw, logits = (self._pose.get_output_tensor(number).data[0] for number in (0, 1))
        screens = sum(one.moving for one in zone.ignored)
        found = poses.bodies(raw, logits[:, 0], inner, lambda at: zone.contains(place.at(at)), zone.quorum + screens)
        if screens:  # whom one shows must not stand in for whom one waits for
            found = [body for body in found if self._marks(rgb, place, body, zone)]
        return _View(rgb, place, found[: zone.quorum])

    def _bodies(self, views: list[_View], zone: DrawnZone, scores: Sequence[float], enough: float) -> list[Box]:
        """The bodies for whom there is that much evidence."""
        found: list[Box] = []
        while len(found) < zone.quorum and (body := self._nth(views, zone, len(found), scores, enough)):
            found.append(body)
        return found

    def _nth(self, views: list[_View], zone: DrawnZone, nth: int, scores: Sequence[float], enough: float) -> Box | None:
        """The n-th body, in the first view whose landmarks make it enough."""
        if _evidence(views, nth, scores, poses.CLEAR) < enough:
            return None  # whatever the second model says
        for view in sorted(views, key=lambda view: -view.odds(nth)):
            if nth < len(view.bodies):
                marks = self._marks(view.part, view.place, view.bodies[nth], zone)
                if marks and _evidence(views, nth, scores, marks.odds) >= enough:
                    return marks.box.within(view.place)
        return None

    def _marks(self, part: Picture, place: Box, body: poses.Body, zone: DrawnZone) -> poses.Marks | None:
        """What the second pose model says of a body; None when that is not in the zone."""
        height, width = part.shape[:2]
        turned = poses.upright(body, width, height)
        square = cv2.warpAffine(part, turned, (poses.UPRIGHT, poses.UPRIGHT))
        self._marking.infer({0: square[None].astype(np.float32) / 255}, share_inputs=True)
        points, presence = (self._marking.get_output_tensor(number).data[0] for number in (0, 1))
        marks = poses.marks(points.reshape(-1, 5), float(presence[0]), turned, width, height)
        centre = place.at(marks.head_and_shoulders)
        # Landmarks go on below a screen's edge, where no body is: on a screen is whose head and shoulders are.
        shown = any(one.moving and one.contains(centre) for one in zone.ignored)
        return marks if zone.contains(centre) and not shown else None


def best(*ranked: Iterable[float]) -> list[float]:
    """The best of the first scores, the best of the second scores and so on, of lists that begin with the best."""
    return [max(nth) for nth in zip_longest(*ranked, fillvalue=0.0)]


def _evidence(views: Sequence[_View], nth: int, scores: Sequence[float], presence: float = 0.0) -> float:
    """That the n-th body is there; presence: the second model's odds, none when it was not asked."""
    other = poses.odds(scores[nth]) if nth < len(scores) else -poses.CLEAR
    return poses.evidence([view.odds(nth) for view in views], presence, other)


def _cuts(image: Picture, zone: DrawnZone, grain: int) -> list[tuple[Picture, Box]]:
    """The zone; its upper part, where a desk takes nothing from head and shoulders; and the zone from farther away."""
    whole = zone.bounds
    upper = replace(whole, y1=whole.y0 + UPPER * (whole.y1 - whole.y0)).widened(NEAR)
    return [
        _cut(image, whole, zone, grain),
        _cut(image, upper, None, grain),
        _cut(image, whole.widened(FAR), zone, grain),
    ]


def _squared(part: Picture, side: int) -> tuple[Picture, Box]:
    """The part as large as it fits into a black square, and where in it."""
    height, width = part.shape[:2]
    scale = side / max(height, width)
    across, down = max(1, round(width * scale)), max(1, round(height * scale))
    left, above = (side - across) // 2, (side - down) // 2
    square = np.zeros((side, side, 3), np.uint8)
    square[above : above + down, left : left + across] = _resized(part, across, down)
    return square, Box(left / side, above / side, (left + across) / side, (above + down) / side)


def _resized(image: Picture, width: int, height: int) -> Picture:
    """Made smaller by means of areas: a dark camera's noise averages away."""
    smaller = image.shape[1] > width or image.shape[0] > height
    return cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR)


def _cut(image: Picture, place: Box, zone: DrawnZone | None, grain: int = 0) -> tuple[Picture, Box]:
    """The part of the picture, and its exact place after rounding to pixels.

    zone: for a zone that ends with the picture the part gets a border below: a body then looks cut off, and without
    it like nothing. grain: the part is seen through a median of so many pixels each way.
    """
    height, width = image.shape[:2]
    x0, y0 = min(int(place.x0 * width), width - 1), min(int(place.y0 * height), height - 1)
    x1, y1 = max(x0 + 1, int(place.x1 * width)), max(y0 + 1, int(place.y1 * height))
    part = np.ascontiguousarray(image[y0:y1, x0:x1])
    if grain:
        part = cv2.medianBlur(part, grain)
    if zone is not None and zone.bounds.y1 >= EDGE:
        border = round(BELOW * (y1 - y0))
        part = cv2.copyMakeBorder(part, 0, border, 0, 0, cv2.BORDER_CONSTANT, value=(GREY,) * 3)
        y1 += border
    return part, Box(x0 / width, y0 / height, x1 / width, y1 / height)


def _distinct(boxes: Iterable[Box]) -> list[Box]:
    """The boxes without those that show the same person again, best first."""
    kept: list[Box] = []
    for box in sorted(boxes, key=lambda box: -box.score):
        if all(box.overlap(other) < SAME * min(box.area, other.area) for other in kept):
            kept.append(box)
    return kept
