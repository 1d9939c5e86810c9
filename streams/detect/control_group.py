"""Would this camera, as it sees now, have seen the staff that it has seen before?

A zone in which nobody is found may be empty, or too dim, hazy or blurred for the detector. Earlier pictures of staff in
the same zone, the controls, are brought into the light of the present picture and shown to the same detector. If too
few of them are seen, the zone can't be judged. A cut-out person pasted into the picture proves nothing: the detector
finds it in zones in which it loses real people.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from streams.detect.api import Detector, Picture
from streams.detect.crops import resized
from streams.detect.relight import surroundings
from streams.pixels.light import in_light_of
from streams.pixels.shapes import DrawnZone

ENOUGH = 0.8  # share of the controls that must be seen
SEED = 1  # of the grain that is added: a later recheck shows the detector the same pictures


@dataclass(frozen=True, slots=True)
class ControlResult:
    """How many of the controls that were shown the detector saw."""

    seen: int
    shown: int

    @property
    def clear(self) -> bool:
        """Whether the zone could be judged; without controls nothing is known, and it counts as clear."""
        return self.seen >= ENOUGH * self.shown


class ControlGroup:
    """The controls of one zone.

    reference: the camera's picture on which the zone was drawn. controls: whole pictures of the same camera in which
    the detector saw the zone staffed, of any size.
    """

    def __init__(self, zone: DrawnZone, reference: Picture, controls: Sequence[Picture]) -> None:
        self._zone, self._reference, self._controls = zone, reference, controls

    def __len__(self) -> int:
        return len(self._controls)

    def examine(self, detector: Detector, image: Picture) -> ControlResult:
        """Show the detector every control in the light of this picture; stop when the outcome is certain."""
        dice = np.random.default_rng(SEED)
        rows, columns = surroundings(image, self._zone)
        size = image.shape[1], image.shape[0]
        reference = resized(self._reference, *size)
        seen = shown = 0
        for control in self._controls:
            picture = image.copy()
            picture[rows, columns] = in_light_of(image, reference, resized(control, *size), dice)[rows, columns]
            (finding,) = detector.detect(picture, [self._zone])
            shown += 1
            seen += finding.people >= self._zone.quorum
            missed = shown - seen
            if missed > (1 - ENOUGH) * len(self._controls) + 1e-9:
                break
        return ControlResult(seen, shown)
