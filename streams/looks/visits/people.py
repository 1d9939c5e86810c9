"""Find people near a counter, those too that the detector of staff is not sure of: visitors are seen from behind.

Who is found for nothing only costs a checker a clip that can't be judged; nobody is counted or accused by it.
"""

import logging
import threading
from pathlib import Path

from streams.detect.api import Picture
from streams.detect.model_files import ModelError
from streams.detect.openvino_runtime import OpenVino
from streams.detect.person_ssd import PersonSsd
from streams.pixels.shapes import Box, DrawnZone

DOUBTFUL = 0.1  # score from which on a box counts here; staff needs person_ssd.SURE

log = logging.getLogger(__name__)


class PeopleNearby:
    """The network, loaded when it is first asked. One thread at a time is let in."""

    def __init__(self, models: Path, device: str = "CPU") -> None:
        self._models, self._device = models, device
        self._network: PersonSsd | None = None
        self._failed = False
        self._lock = threading.Lock()

    def find(self, image: Picture, place: DrawnZone) -> list[Box]:
        """Return the boxes of people in the place, one perhaps twice; none if the model can't be loaded."""
        with self._lock:
            if self._network is None and not self._failed:
                try:
                    self._network = PersonSsd(OpenVino(self._models, self._device))
                except ModelError as error:
                    self._failed = True
                    log.warning("No clips of counters: %s", error)
            if self._network is None:
                return []
            found = [*self._network.in_frame(image), *self._network.in_crop(image, place)]
        return [box for box in found if box.score >= DOUBTFUL and place.holds(box)]
