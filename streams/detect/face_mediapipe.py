"""MediaPipe's face detector: the only file that imports MediaPipe.

It says where a face is. Nothing measures, compares or stores one: no recognition, no embedding.
"""

import threading
from pathlib import Path

import mediapipe
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision

from streams.detect.api import Picture
from streams.detect.crops import rgb
from streams.detect.model_files import FACE
from streams.pixels.shapes import Box

TILE, STEP = 200, 120  # pixels; the model shrinks its input to 128, and misses faces smaller than a tenth of it
SURE = 0.5
LARGE, SURE_OF_LARGE = 0.2, 0.7  # of the picture's height: the model sees faces as large as cupboards in cupboards


class FaceMediapipe:
    """The face model of a folder of prepared model files. One thread at a time is let in."""

    def __init__(self, models: Path) -> None:
        self._lock = threading.Lock()
        self._detector = vision.FaceDetector.create_from_options(
            vision.FaceDetectorOptions(
                base_options=BaseOptions(model_asset_path=str(models / FACE)), min_detection_confidence=SURE
            )
        )

    def close(self) -> None:
        """Free the model."""
        self._detector.close()

    def faces(self, image: Picture) -> list[Box]:
        """Return every face, found in the whole picture when it is large, and in tiles of it when it is small.

        One face may be found several times.
        """
        whole = rgb(image)
        height, width = whole.shape[:2]
        side = min(TILE, height, width)
        places = [(0, 0, width, height)]
        places += [(x, y, side, side) for y in _starts(height, side) for x in _starts(width, side)]
        found = []
        for x, y, across, down in places:
            part = np.ascontiguousarray(whole[y : y + down, x : x + across])
            picture = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=part)
            with self._lock:
                detections = self._detector.detect(picture).detections
            for face in detections:
                box = face.bounding_box
                x0, y0 = (x + box.origin_x) / width, (y + box.origin_y) / height
                x1, y1 = x0 + box.width / width, y0 + box.height / height
                found.append(Box(x0, y0, x1, y1, float(face.categories[0].score)))
        return [face for face in found if face.y1 - face.y0 < LARGE or face.score >= SURE_OF_LARGE]


def _starts(length: int, side: int) -> list[int]:
    """Return where tiles of this side begin so that they cover the length and overlap."""
    count = 1 + -(-(length - side) // STEP)
    return [round(start) for start in np.linspace(0, length - side, count)]
