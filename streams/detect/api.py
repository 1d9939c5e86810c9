"""The interface of person detectors. Places are fractions of a picture's width and height, from the top left. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from types import MappingProxyType
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from streams.pixels.occupancy import DetectionStep, ZoneFinding
from streams.pixels.shapes import Box, DrawnZone

Picture = NDArray[np.uint8]  # height × width × 3, BGR
SettledBy = Mapping[int, DetectionStep]  # by the zone's id: what settled it when it was last examined
NONE_YET: SettledBy = MappingProxyType({})


class Detector(Protocol):
    """Finds people in the zones of a picture.

    Remembers nothing from one picture to the next. Used by one thread at a time; several detectors may be loaded in
    one process.
    """

    def detect(self, image: Picture, zones: Sequence[DrawnZone], settled_by: SettledBy = NONE_YET) -> list[ZoneFinding]:
        """Return one finding per zone, in the order of the zones.

        image: any size; left as it is. `DrawnZone.holds` says whether a box is in a zone. It is enough to find a
        zone's quorum. `ZoneFinding.ignored` stays empty: marked portraits were painted over before. settled_by may
        save time, and decides nothing: what is found is enough for the quorum with it exactly when it is without it.
        """
        ...

    def close(self) -> None:
        """Free the models; nothing may be called afterwards."""
        ...


@dataclass(frozen=True, slots=True)
class StepResult:
    """What one step of a cascade found in one zone."""

    people: Sequence[Box]  # whom the step is sure of, best first, in fractions of the whole picture
    scores: Sequence[float] = ()  # 0 to 1, best first, of all who may be people: evidence for the steps that follow


class CascadeStep(Protocol):
    """One step of a `Cascade`: a model, and the part of the picture that it is shown."""

    @property
    def step(self) -> DetectionStep:
        """Return the name under which a finding is stored and explained: by the picture, the crop, or the pose."""
        ...

    @property
    def independent(self) -> bool:
        """Whether it finds the same without the scores of the steps before it, so that it may be tried first."""
        ...

    def search(self, image: Picture, zones: Sequence[DrawnZone], scores: Sequence[Sequence[float]]) -> list[StepResult]:
        """Return one result per zone, in the order of the zones.

        zones: those in which the earlier steps found too few people, at least one. scores: what the earlier steps
        gave in each of them, best first (see `best_by_rank`).
        """
        ...


def best_by_rank(*ranked: Iterable[float]) -> list[float]:
    """Merge lists of scores, each best first: the best first score, the best second one, and so on."""
    return [max(nth) for nth in zip_longest(*ranked, fillvalue=0.0)]
