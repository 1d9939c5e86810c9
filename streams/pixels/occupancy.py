"""What was found in the zones of one picture -> one Sample per counter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from streams.pixels.shapes import Box, DrawnZone


class Look(StrEnum):
    STAFFED = "staffed"
    EMPTY = "empty"
    BLIND = "blind"


class Blind(StrEnum):
    """Why nobody can tell. Always a matter of cameras or of this system, never of staff."""

    OFFLINE = "offline"
    STALE = "stale"
    FROZEN = "frozen"
    DARK = "dark"
    COVERED = "covered"
    BLURRED = "blurred"  # out of focus, or a smeared lens
    MOVED = "moved"  # the same room, seen from elsewhere
    SCENE = "scene"  # not the view that the zones were drawn on at all
    SYSTEM = "system"  # looked at during a system incident: it may be us


BLINDING = (Blind.COVERED, Blind.MOVED, Blind.SCENE)  # what a hand can do to a camera


class DetectionStep(StrEnum):
    """Which step of the detection settled a zone."""

    UNCHANGED = "unchanged"  # the pixels of the last full examination: its verdict stands
    FRAME = "frame"
    CROP = "crop"
    POSE = "pose"
    NOBODY = "nobody"  # every step looked and saw fewer than the quorum


@dataclass(frozen=True, slots=True)
class ZoneFinding:
    """Who is in one zone of one picture. Boxes are in fractions of the whole picture."""

    zone: int
    people: int
    boxes: tuple[Box, ...]
    step: DetectionStep
    ignored: tuple[Box, ...] = ()  # marked portraits that were left out of the picture


@dataclass(frozen=True, slots=True)
class Sample:
    """What one look at one counter says. `reason` is a Blind value when the look is BLIND, else empty."""

    counter: int
    at: datetime
    look: Look
    people: int = 0
    reason: str = ""


def samples_from(zones: Iterable[DrawnZone], findings: Iterable[ZoneFinding], at: datetime) -> list[Sample]:
    """One sample per zone that was examined; a zone without a finding says nothing, above all not EMPTY."""
    by_zone = {finding.zone: finding for finding in findings}
    return [
        Sample(
            zone.counter,
            at,
            Look.STAFFED if by_zone[zone.id].people >= zone.quorum else Look.EMPTY,
            by_zone[zone.id].people,
        )
        for zone in zones
        if zone.id in by_zone
    ]


def blind_samples(zones: Iterable[DrawnZone], reason: Blind, at: datetime) -> list[Sample]:
    """The samples of a camera that shows nothing worth judging."""
    return [Sample(zone.counter, at, Look.BLIND, 0, reason.value) for zone in zones]
