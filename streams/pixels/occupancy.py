"""Turn what was found in the zones of one picture into one Sample per counter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from streams.pixels.shapes import Box, DrawnZone


class Look(StrEnum):
    """The state of a counter in one sample."""

    STAFFED = "staffed"
    EMPTY = "empty"
    BLIND = "blind"


class Blind(StrEnum):
    """Why a counter's state is unknown. The cause is always the camera or this system, never the staff."""

    OFFLINE = "offline"
    STALE = "stale"
    FROZEN = "frozen"
    DARK = "dark"
    COVERED = "covered"
    BLURRED = "blurred"  # out of focus, or a smeared lens
    MOVED = "moved"  # the same room, seen from elsewhere
    SCENE = "scene"  # a different scene from the one the zones were drawn on
    SYSTEM = "system"  # sampled during a suspected system failure


BLINDING = (Blind.COVERED, Blind.MOVED, Blind.SCENE)  # faults that a person can cause on purpose


class DetectionStep(StrEnum):
    """The step of detection that decided a zone."""

    UNCHANGED = "unchanged"  # same pixels as in the last full examination, whose result is reused
    FRAME = "frame"
    CROP = "crop"
    POSE = "pose"
    RELIT = "relit"  # found only after the light was corrected
    NOBODY = "nobody"  # all steps found fewer people than the quorum


@dataclass(frozen=True, slots=True)
class ZoneFinding:
    """The people found in one zone of one picture. Boxes are in fractions of the whole picture."""

    zone: int
    people: int
    boxes: tuple[Box, ...]
    step: DetectionStep
    ignored: tuple[Box, ...] = ()  # marked portraits that were painted over before detection


@dataclass(frozen=True, slots=True)
class Sample:
    """The state of one counter at one moment. `reason` is a Blind value when the look is BLIND, else ""."""

    counter: int
    at: datetime
    look: Look
    people: int = 0
    reason: str = ""


def samples_from(zones: Iterable[DrawnZone], findings: Iterable[ZoneFinding], at: datetime) -> list[Sample]:
    """Return one sample per examined zone. A zone without a finding gets none, in particular no EMPTY one."""
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
    """Return a BLIND sample for each zone of a camera that shows nothing usable."""
    return [Sample(zone.counter, at, Look.BLIND, 0, reason.value) for zone in zones]
