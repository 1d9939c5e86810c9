"""A second person detector, registered as any other would be: OpenCV's HOG people detector. It needs no model file."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from streams.detect.api import Picture, StepResult
from streams.detect.cascade import Cascade
from streams.pixels.occupancy import DetectionStep
from streams.pixels.shapes import Box, DrawnZone

SURE = 0.8  # least margin of the support vector machine that counts as a person


class HogFrame:
    """A cascade step that searches the whole picture for standing people."""

    step, independent = DetectionStep.FRAME, True

    def __init__(self) -> None:
        self._hog = cv2.HOGDescriptor()
        self._hog.setSVMDetector(np.array(cv2.HOGDescriptor.getDefaultPeopleDetector(), np.float32))

    def search(self, image: Picture, zones: Sequence[DrawnZone], scores: Sequence[Sequence[float]]) -> list[StepResult]:
        """Return the people in each zone."""
        del scores  # unused
        height, width = image.shape[:2]
        places, margins = self._hog.detectMultiScale(image, winStride=(8, 8))
        boxes = [
            Box(x / width, y / height, (x + across) / width, (y + down) / height, float(margin))
            for (x, y, across, down), margin in zip(places, np.ravel(margins), strict=True)
        ]
        return [StepResult([box for box in boxes if box.score > SURE and zone.holds(box)]) for zone in zones]


def load(models: Path, device: str, threads: int) -> Cascade:
    """Return the detector, by the signature of `registry.Load`."""
    del models, device, threads  # unused
    return Cascade([HogFrame()])
