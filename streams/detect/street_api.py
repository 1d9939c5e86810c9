"""The interface of detectors of what is on a street. Places are fractions of the whole picture. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from streams.detect.api import Picture
from streams.pixels.shapes import Box


class Thing(StrEnum):
    """What a street detector tells apart."""

    PERSON = "person"
    BICYCLE = "bicycle"
    CAR = "car"
    MOTORCYCLE = "motorcycle"
    BUS = "bus"
    TRUCK = "truck"
    BOAT = "boat"


VEHICLES = frozenset({Thing.CAR, Thing.MOTORCYCLE, Thing.BUS, Thing.TRUCK})


@dataclass(frozen=True, slots=True)
class SeenThing:
    """One thing on one picture; its box holds the score."""

    thing: Thing
    box: Box


class StreetDetector(Protocol):
    """Finds people and vehicles on a whole picture, whoever they are. Used by several threads."""

    def see(self, image: Picture) -> list[SeenThing]:
        """Return what is on the picture, best first. image: any size; left as it is."""
        ...
