"""Turn what was found in the zones of one picture into one Sample per counter."""

from collections.abc import Iterable
from dataclasses import dataclass, field
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
    UNCLEAR = "unclear"  # too dim, too bright or too blurred to tell an empty zone from one whose staff is not seen
    MOVED = "moved"  # the same room, seen from elsewhere
    SCENE = "scene"  # a different scene from the one the zones were drawn on
    STEERED = "steered"  # somebody points the camera elsewhere; it is not on its home preset, or only just is
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
class ShownControl:
    """A control as it was shown to the detector (the zone and its surroundings, a JPEG), and whether it was seen."""

    jpeg: bytes = field(repr=False)
    seen: bool


@dataclass(frozen=True, slots=True)
class ControlCount:
    """How many earlier pictures of a zone's staff were shown to the detector in the present light, and seen.

    Without enough of them (`shown` is 0) `clear` was judged by the picture's contrast and sharpness alone.
    """

    seen: int
    shown: int
    clear: bool
    pictures: tuple[ShownControl, ...] = field(default=(), compare=False, repr=False)


UNCLEAR = ControlCount(0, 0, clear=False)


@dataclass(frozen=True, slots=True)
class ZoneFinding:
    """The people found in one zone of one picture. Boxes are in fractions of the whole picture.

    `controls` is set where too few people were found and the light is unlike that of the reference.
    """

    zone: int
    people: int
    boxes: tuple[Box, ...]
    step: DetectionStep
    ignored: tuple[Box, ...] = ()  # marked portraits that were painted over before detection
    controls: ControlCount | None = None


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
    return [_sample(zone, by_zone[zone.id], at) for zone in zones if zone.id in by_zone]


def _sample(zone: DrawnZone, finding: ZoneFinding, at: datetime) -> Sample:
    if finding.people >= zone.quorum:
        return Sample(zone.counter, at, Look.STAFFED, finding.people)
    if finding.controls is not None and not finding.controls.clear:
        return Sample(zone.counter, at, Look.BLIND, 0, Blind.UNCLEAR.value)
    return Sample(zone.counter, at, Look.EMPTY, finding.people)


def blind_samples(zones: Iterable[DrawnZone], reason: Blind, at: datetime) -> list[Sample]:
    """Return a BLIND sample for each zone of a camera that shows nothing usable."""
    return [Sample(zone.counter, at, Look.BLIND, 0, reason.value) for zone in zones]
