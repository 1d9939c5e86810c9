"""A picture -> the heads of visitors. The only file that looks for faces, and it never asks whose they are.

MediaPipe's face detector says that there is a face and where. Nothing here measures, compares or keeps one: no
recognition, no embedding. The person detector adds those whom it misses: small, in profile, turned away.
Loaded by the Celery worker alone.
"""

import threading
from functools import cache
from pathlib import Path
from typing import Any, Self

import cv2
import mediapipe
import numpy as np
from django.conf import settings
from mediapipe.tasks.python import BaseOptions, vision

from streams.detect.model_files import FACE
from streams.detect.person_ssd import Detector
from streams.evidence.redaction import rule as redaction_rule
from streams.pixels.shapes import Box, DrawnZone

WIDTH = 640  # pixels to which a picture is scaled: the cost is the same for every camera
TILE, STEP = 200, 120  # pixels; the model shrinks what it gets to 128, and misses faces smaller than a tenth of it
SURE = 0.5
LARGE, SURE_OF_LARGE = 0.2, 0.7  # of the picture's height: the model sees faces as large as cupboards in cupboards
COLUMNS = ((0.0, 0.4), (0.3, 0.7), (0.6, 1.0))  # where the person detector looks a second time, larger

Picture = np.ndarray[Any, Any]


class Faces:
    """The loaded models, about 300 MB. One thread at a time is let in. ModelError when they are not as prepared."""

    def __init__(self, models: Path, device: str = "CPU") -> None:
        self._people = Detector(models, device)
        self._lock = threading.Lock()
        self._faces = vision.FaceDetector.create_from_options(
            vision.FaceDetectorOptions(
                base_options=BaseOptions(model_asset_path=str(models / FACE)), min_detection_confidence=SURE
            )
        )

    def close(self) -> None:
        self._faces.close()
        self._people.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def visitors(self, image: Picture, *zones: DrawnZone) -> tuple[redaction_rule.Head, ...]:
        """The heads outside the zones in a picture (height × width × 3, uint8, BGR)."""
        small = _scaled(image)
        return redaction_rule.visitor_heads(self.seen(small), self._people_in(small), *zones)

    def seen(self, image: Picture) -> list[Box]:
        """Every face: in the whole picture, for the large ones, and in tiles of it, for the small ones."""
        rgb = cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
        height, width = rgb.shape[:2]
        side = min(TILE, height, width)
        places = [(0, 0, width, height)]
        places += [(x, y, side, side) for y in _starts(height, side) for x in _starts(width, side)]
        found = []
        for x, y, across, down in places:
            part = np.ascontiguousarray(rgb[y : y + down, x : x + across])
            picture = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=part)
            with self._lock:
                detections = self._faces.detect(picture).detections
            for face in detections:
                box = face.bounding_box
                x0, y0 = (x + box.origin_x) / width, (y + box.origin_y) / height
                x1, y1 = x0 + box.width / width, y0 + box.height / height
                found.append(Box(x0, y0, x1, y1, float(face.categories[0].score)))
        return [face for face in found if face.y1 - face.y0 < LARGE or face.score >= SURE_OF_LARGE]

    def _people_in(self, image: Picture) -> list[Box]:
        columns = (DrawnZone(0, 0, ((x0, 0.0), (x1, 0.0), (x1, 1.0), (x0, 1.0))) for x0, x1 in COLUMNS)
        with self._lock:
            closer = [box for column in columns for box in self._people.in_crop(image, column)]
            return [*self._people.in_frame(image), *closer]


@cache
def loaded() -> Faces:
    """This process's Faces; the first call takes two seconds."""
    return Faces(settings.MODELS_DIR, settings.DETECTOR_DEVICE)


def _scaled(image: Picture) -> Picture:
    height, width = image.shape[:2]
    if width == WIDTH:
        return image
    return cv2.resize(image, (WIDTH, max(1, round(height * WIDTH / width))), interpolation=cv2.INTER_AREA)


def _starts(length: int, side: int) -> list[int]:
    """Where tiles of this side begin so that they cover the length and overlap."""
    count = 1 + -(-(length - side) // STEP)
    return [round(start) for start in np.linspace(0, length - side, count)]
