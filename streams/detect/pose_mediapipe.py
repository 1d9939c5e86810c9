"""MediaPipe's two pose models, run by OpenVINO: the last step of the cascade.

Sees people from behind, seated, or half hidden. OpenVINO and not MediaPipe runs the models, so that they answer with
their odds and not with yes or no; pose_decoding.py weighs these.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from streams.detect import pose_decoding
from streams.detect.api import Picture, StepResult, best_by_rank
from streams.detect.crops import as_picture, cut, letterboxed, rgb
from streams.detect.model_files import POSE
from streams.detect.openvino_runtime import OpenVino
from streams.detect.person_ssd import PersonSsd
from streams.detect.pose_decoding import Body, Landmarks
from streams.pixels.occupancy import DetectionStep
from streams.pixels.shapes import Box, DrawnZone

BODIES, LANDMARKS = "pose_detector.tflite", "pose_landmarks_detector.tflite"  # in POSE, which is a zip
UPPER, NEAR, FAR = 0.65, 0.1, 0.4  # views of a zone: so much of its height, with so much around; so much around it all
SEEN_TOO = 0.1  # SSDLite's score from which it corroborates a body
MEDIANS = 5, 3  # pixels, of the filters through which a doubtful zone is seen again; SSDLite sees it through the first


@dataclass(frozen=True, slots=True)
class _View:
    """One view of a zone, and the bodies that the first model proposes in it, best first."""

    part: Picture  # RGB
    place: Box
    bodies: list[Body]

    def odds(self, nth: int) -> float:
        return self.bodies[nth].odds if nth < len(self.bodies) else -pose_decoding.CLEAR


class ZonePose:
    """The step that looks for bodies: head and shoulders must lie inside the zone's polygon.

    people: the SSDLite whose scores count as evidence; it is asked once more where there is doubt.

    Raises ModelError when the device does not run the models.
    """

    step, independent = DetectionStep.POSE, False  # without scores it sees less

    def __init__(self, runtime: OpenVino, people: PersonSsd) -> None:
        self._people = people
        self.body_network = runtime.load(POSE, member=BODIES)
        self.landmark_network = runtime.load(POSE, member=LANDMARKS)

    def search(self, image: Picture, zones: Sequence[DrawnZone], scores: Sequence[Sequence[float]]) -> list[StepResult]:
        """Return the bodies in each zone, at most its quorum."""
        return [StepResult(self.bodies(image, *of_zone)) for of_zone in zip(zones, scores, strict=True)]

    def bodies(self, image: Picture, zone: DrawnZone, scores: Sequence[float] = ()) -> list[Box]:
        """Return the bodies in the zone, at most its quorum.

        scores: what SSDLite gave to boxes in the zone, best first. There are n bodies when the n-th best of each
        view, of each model and of these scores make it likely together. A body that is neither surely there nor
        surely not is looked for again without the picture's grain, which hides people from behind and in the dark.
        """
        views = self._views(image, zone)
        sure = self._likely(views, zone, scores, pose_decoding.SURE)
        if len(sure) == zone.quorum or _evidence(views, len(sure), scores) < pose_decoding.DOUBT:
            return sure
        again = [box.score for box in self._people.in_crop(image, zone, MEDIANS[0]) if zone.holds(box)]
        smooth = [view for median in MEDIANS for view in self._views(image, zone, median)]
        return max(sure, self._likely(smooth, zone, best_by_rank(scores, again), pose_decoding.ENOUGH), key=len)

    def _views(self, image: Picture, zone: DrawnZone, median: int = 0) -> list[_View]:
        return [self._view(zone, *part) for part in _parts(image, zone, median)]

    def _view(self, zone: DrawnZone, part: Picture, place: Box) -> _View:
        part = rgb(part)
        square, inner = letterboxed(part, pose_decoding.SIDE)
        self.body_network.run(square[None].astype(np.float32) / 127.5 - 1)
        points, logits = (self.body_network.output(number)[0] for number in (0, 1))
        screens = sum(one.moving for one in zone.ignored)
        found = pose_decoding.bodies(
            points, logits[:, 0], inner, lambda at: zone.contains(place.at(at)), zone.quorum + screens
        )
        if screens:  # a body on a screen must not take the place of one that stands in the zone
            found = [body for body in found if self._landmarks(part, place, body, zone)]
        return _View(part, place, found[: zone.quorum])

    def _likely(self, views: list[_View], zone: DrawnZone, scores: Sequence[float], enough: float) -> list[Box]:
        """Return the bodies for which there is that much evidence."""
        found: list[Box] = []
        while len(found) < zone.quorum and (body := self._nth(views, zone, len(found), scores, enough)):
            found.append(body)
        return found

    def _nth(self, views: list[_View], zone: DrawnZone, nth: int, scores: Sequence[float], enough: float) -> Box | None:
        """Return the n-th body, from the first view whose landmarks make the evidence enough.

        Its score is the chance of that evidence, at least that of SURE when SSDLite sees something there too.
        """
        if _evidence(views, nth, scores, pose_decoding.CLEAR) < enough:
            return None  # whatever the second model says
        for view in sorted(views, key=lambda view: -view.odds(nth)):
            if nth < len(view.bodies):
                landmarks = self._landmarks(view.part, view.place, view.bodies[nth], zone)
                weight = _evidence(views, nth, scores, landmarks.odds) if landmarks else -pose_decoding.CLEAR
                if landmarks and weight >= enough:
                    if nth < len(scores) and scores[nth] >= SEEN_TOO:
                        weight = max(weight, pose_decoding.SURE)
                    return replace(landmarks.box.within(view.place), score=pose_decoding.chance(weight))
        return None

    def _landmarks(self, part: Picture, place: Box, body: Body, zone: DrawnZone) -> Landmarks | None:
        """Return what the second model finds of a body; None when that is not in the zone."""
        height, width = part.shape[:2]
        turned = pose_decoding.upright(body, width, height)
        square = as_picture(cv2.warpAffine(part, turned, (pose_decoding.UPRIGHT, pose_decoding.UPRIGHT)))
        self.landmark_network.run(square[None].astype(np.float32) / 255.0)
        points, presence = (self.landmark_network.output(number)[0] for number in (0, 1))
        found = pose_decoding.landmarks(points.reshape(-1, 5), float(presence[0]), turned, width, height)
        centre = place.at(found.head_and_shoulders)
        # Landmarks go on below a screen's edge, where no body is: a body is on the screen when head and shoulders are.
        on_screen = any(one.moving and one.contains(centre) for one in zone.ignored)
        return found if zone.contains(centre) and not on_screen else None


def _evidence(views: Sequence[_View], nth: int, scores: Sequence[float], presence: float = 0.0) -> float:
    """Return the evidence for the n-th body. presence: the second model's odds; 0 when it was not asked."""
    other = pose_decoding.odds(scores[nth]) if nth < len(scores) else -pose_decoding.CLEAR
    return pose_decoding.evidence([view.odds(nth) for view in views], presence, other)


def _parts(image: Picture, zone: DrawnZone, median: int) -> list[tuple[Picture, Box]]:
    """Return the zone, its upper part, where a desk takes nothing from head and shoulders, and the zone from afar."""
    whole = zone.bounds
    upper = replace(whole, y1=whole.y0 + UPPER * (whole.y1 - whole.y0)).widened(NEAR)
    return [
        cut(image, whole, zone, median),
        cut(image, upper, None, median),
        cut(image, whole.widened(FAR), zone, median),
    ]
