"""The faces and people on a picture, wherever they are, so that visitors can be hidden from viewers.

It is never asked whose face one is. People are found too, because the face model misses faces that are small, in
profile or turned away. Apart from the detectors, so that no look at a counter can ever ask for a face. Loaded by the
Celery worker alone.
"""

import threading
from functools import cache
from pathlib import Path
from typing import Self

import cv2
from django.conf import settings

from streams.detect.api import Picture
from streams.detect.crops import as_picture
from streams.detect.face_mediapipe import FaceMediapipe
from streams.detect.openvino_runtime import OpenVino
from streams.detect.person_ssd import PersonSsd
from streams.pixels.shapes import Box, DrawnZone

WIDTH = 640  # pixels to which a picture is scaled: the cost is the same for every camera
COLUMNS = ((0.0, 0.4), (0.3, 0.7), (0.6, 1.0))  # of the width, where SSDLite looks a second time, larger


class Faces:
    """The loaded models. One thread at a time is let in.

    models, device: as for `registry.Load`. Raises ModelError when a file is not as it was prepared or the device
    does not run it.
    """

    def __init__(self, models: Path, device: str = "CPU") -> None:
        self._people = PersonSsd(OpenVino(models, device))
        self._people_lock = threading.Lock()
        self._faces = FaceMediapipe(models)

    def close(self) -> None:
        """Free the models; nothing may be called afterwards."""
        self._faces.close()
        del self._people

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def find(self, image: Picture) -> tuple[list[Box], list[Box]]:
        """Return the faces and the people on a picture of any size, in fractions of it; one may be there twice."""
        small = _scaled(image)
        return self._faces.faces(small), self._people_in(small)

    def _people_in(self, image: Picture) -> list[Box]:
        columns = (DrawnZone(0, 0, ((x0, 0.0), (x1, 0.0), (x1, 1.0), (x0, 1.0))) for x0, x1 in COLUMNS)
        with self._people_lock:
            closer = [box for column in columns for box in self._people.in_crop(image, column)]
            return [*self._people.in_frame(image), *closer]


@cache
def loaded() -> Faces:
    """Return this process's Faces; the first call takes two seconds. Raises ModelError, as `Faces` does."""
    return Faces(settings.MODELS_DIR, settings.DETECTOR_DEVICE)


def _scaled(image: Picture) -> Picture:
    height, width = image.shape[:2]
    if width == WIDTH:
        return image
    size = (WIDTH, max(1, round(height * WIDTH / width)))
    return as_picture(cv2.resize(image, size, interpolation=cv2.INTER_AREA))
