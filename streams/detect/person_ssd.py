"""SSDLite-MobileNetV2, trained on people: the first two steps of the cascade."""

from collections.abc import Iterable, Sequence

from streams.detect.api import Picture, StepResult
from streams.detect.crops import cut, resized, rgb
from streams.detect.model_files import GRAPH
from streams.detect.openvino_runtime import OpenVino
from streams.pixels.occupancy import DetectionStep
from streams.pixels.shapes import Box, DrawnZone

SIDE = 300  # pixels of the square that the network takes
SURE = 0.4  # score above which a box is a person; below it lie chairs and coats
WEAK = 0.02  # score above which a box is evidence
SAME = 0.6  # two boxes that share this much of the smaller one are one person
MARGIN = 0.08  # of the zone's width and height, on each side of the crop


class PersonSsd:
    """The network. Its boxes come best first, those between WEAK and SURE too.

    Raises ModelError when the device does not run it.
    """

    def __init__(self, runtime: OpenVino) -> None:
        self.network = runtime.load(GRAPH, shape=[1, SIDE, SIDE, 3])

    def in_frame(self, image: Picture) -> list[Box]:
        """Return the people in the whole picture."""
        small = rgb(resized(image, SIDE, SIDE))
        self.network.run(small[None])
        boxes = self.network.output("detection_boxes:0")[0]
        scores = self.network.output("detection_scores:0")[0]
        return _distinct(
            Box(float(x0), float(y0), float(x1), float(y1), float(score))
            for (y0, x0, y1, x1), score in zip(boxes, scores, strict=True)
            if score > WEAK
        )

    def in_crop(self, image: Picture, zone: DrawnZone, median: int = 0) -> list[Box]:
        """Return the people in and right around the zone. median: as for `crops.cut`."""
        part, place = cut(image, zone.bounds.widened(MARGIN), zone, median)
        return [box.within(place) for box in self.in_frame(part)]


class WholeFrame:
    """The step that looks at the whole picture, once for all zones."""

    step, independent = DetectionStep.FRAME, True

    def __init__(self, people: PersonSsd) -> None:
        self.people = people

    def search(self, image: Picture, zones: Sequence[DrawnZone], scores: Sequence[Sequence[float]]) -> list[StepResult]:  # noqa: ARG002 the interface of steps
        """Return who is in each zone."""
        boxes = self.people.in_frame(image)
        return [_held(zone, boxes) for zone in zones]


class ZoneCrop:
    """The step that looks at each zone by itself, larger."""

    step, independent = DetectionStep.CROP, True

    def __init__(self, people: PersonSsd) -> None:
        self.people = people

    def search(self, image: Picture, zones: Sequence[DrawnZone], scores: Sequence[Sequence[float]]) -> list[StepResult]:  # noqa: ARG002
        """Return who is in each zone."""
        return [_held(zone, self.people.in_crop(image, zone)) for zone in zones]


def _held(zone: DrawnZone, boxes: Iterable[Box]) -> StepResult:
    held = [box for box in boxes if zone.holds(box)]
    return StepResult([box for box in held if box.score > SURE], [box.score for box in held])


def _distinct(boxes: Iterable[Box]) -> list[Box]:
    """Return the boxes without those that show the same person again, best first."""
    kept: list[Box] = []
    for box in sorted(boxes, key=lambda box: -box.score):
        if all(box.overlap(other) < SAME * min(box.area, other.area) for other in kept):
            kept.append(box)
    return kept
