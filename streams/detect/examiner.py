"""What one camera's zones show, look by look: a cascade of models, and none where nothing has changed.

SSDLite on the whole frame, SSDLite on the zone's crop, pose on the zone; each step only for the zones where the ones
before saw fewer people than the counter needs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np

from streams.detect.person_ssd import SCORE, Detector, best
from streams.pixels.lookalikes import paint_over
from streams.pixels.occupancy import DetectionStep, ZoneFinding
from streams.pixels.shapes import Box, DrawnZone, Frame
from streams.pixels.unchanged import Patch, is_unchanged, patch_of

Picture = np.ndarray[Any, Any]


class Examiner:
    """One camera's zones, and what the last full examination of each saw.

    Unchanged picture, unchanged verdict: a zone whose pixels are those of its last full examination (not of
    the last look: drift) keeps that verdict without running a model, once two full examinations have agreed,
    and for at most full_every_s. Motion alone never decides: a clerk who sits still is still there.
    full_every_s=0 examines every look in full. Marked portraits are painted over before any model looks, as long as
    they show what they showed.
    """

    def __init__(self, detector: Detector, zones: Sequence[DrawnZone], full_every_s: float = 60) -> None:
        self._detector = detector
        self._zones = tuple(zones)
        self._full_every_s = full_every_s
        self._memories: dict[int, _Memory] = {}

    def look(self, frame: Frame) -> list[ZoneFinding]:
        """One Finding per zone, in the order of the zones."""
        patches = {zone.id: patch_of(frame.image, zone) for zone in self._zones}
        changed = [zone for zone in self._zones if not self._stands(zone, patches[zone.id], frame.at)]
        image, painted = paint_over(frame.image, {one for zone in changed for one in zone.ignored if not one.moving})
        people = self._detector.in_frame(image) if changed else []
        for zone in changed:
            finding = self._examine(image, zone, people)
            finding = replace(finding, ignored=tuple(box for box in painted if box.overlap(zone.bounds)))
            before = self._memories.get(zone.id)
            agreed = before is not None and (before.finding.people >= zone.quorum) == (finding.people >= zone.quorum)
            self._memories[zone.id] = _Memory(patches[zone.id], frame.at, finding, agreed)
        fresh = {zone.id for zone in changed}
        found = [self._memories[zone.id].finding for zone in self._zones]
        return [
            finding if finding.zone in fresh else replace(finding, step=DetectionStep.UNCHANGED) for finding in found
        ]

    def _stands(self, zone: DrawnZone, patch: Patch, at: datetime) -> bool:
        memory = self._memories.get(zone.id)
        return (
            memory is not None
            and memory.agreed
            and 0 <= (at - memory.at).total_seconds() < self._full_every_s
            and is_unchanged(memory.patch, patch)
        )

    def _examine(self, image: Picture, zone: DrawnZone, people: list[Box]) -> ZoneFinding:
        in_frame = [box for box in people if zone.holds(box)]
        if found := _settled(in_frame, zone, DetectionStep.FRAME):
            return found
        in_crop = [box for box in self._detector.in_crop(image, zone) if zone.holds(box)]
        if found := _settled(in_crop, zone, DetectionStep.CROP):
            return found
        scores = best([box.score for box in in_frame], [box.score for box in in_crop])
        bodies = self._detector.in_pose(image, zone, scores)
        if found := _settled(bodies, zone, DetectionStep.POSE):
            return found
        most = max((_sure(in_frame), _sure(in_crop), bodies), key=len)
        return ZoneFinding(zone.id, len(most), tuple(most), DetectionStep.NOBODY)


def _sure(boxes: list[Box]) -> list[Box]:
    return [box for box in boxes if box.score > SCORE]


def _settled(boxes: list[Box], zone: DrawnZone, step: DetectionStep) -> ZoneFinding | None:
    """The finding, when these are as many people as the counter needs."""
    people = _sure(boxes)
    return ZoneFinding(zone.id, len(people), tuple(people), step) if len(people) >= zone.quorum else None


@dataclass(frozen=True, slots=True)
class _Memory:
    """What the last full examination of a zone saw."""

    patch: Patch
    at: datetime
    finding: ZoneFinding
    agreed: bool  # with the full examination before it
