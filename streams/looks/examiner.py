"""The zones of one camera, look by look: the detector runs only where the picture has changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from streams.detect.api import Detector, SettledBy
from streams.looks.control_group import ControlGroup
from streams.looks.ghosts import without_ghosts
from streams.pixels.lookalikes import painted, unchanged_in
from streams.pixels.occupancy import DetectionStep, ZoneFinding
from streams.pixels.shapes import DrawnZone, Frame
from streams.pixels.unchanged import Patch, is_unchanged, patch_of


class Examiner:
    """One camera's zones, and the finding of the last full examination of each.

    A zone whose pixels are those of its last full examination keeps that finding without running the detector, once
    two full examinations have agreed, and for at most full_every_s seconds; 0 examines every look in full. The
    comparison is never with the look before: small changes would add up unnoticed. Marked portraits are painted over
    before the detector sees the picture, as long as they show what they showed when they were marked. Where nobody is
    found, the zone's control group, given by the zone's id, tells whether somebody would have been seen.
    """

    def __init__(
        self,
        detector: Detector,
        zones: Sequence[DrawnZone],
        full_every_s: float = 60,
        controls: Mapping[int, ControlGroup] | None = None,
    ) -> None:
        self._detector = detector
        self._controls = controls or {}
        self._zones = tuple(zones)
        self._full_every_s = full_every_s
        self._memories: dict[int, _Memory] = {}

    def look(self, frame: Frame) -> list[ZoneFinding]:
        """Return one finding per zone, in the order of the zones; those that were kept have DetectionStep.UNCHANGED."""
        patches = {zone.id: patch_of(frame.image, zone) for zone in self._zones}
        changed = [zone for zone in self._zones if not self._stands(zone, patches[zone.id], frame.at)]
        unchanged = unchanged_in(frame.image, {one for zone in changed for one in zone.ignored})
        image = painted(frame.image, unchanged)
        findings = self._detector.detect(image, changed, self._settled_by()) if changed else []
        for zone, seen in zip(changed, findings, strict=True):
            finding = without_ghosts(self._detector, self._controls.get(zone.id), frame.image, zone, seen, unchanged)
            ignored = tuple(one.bounds for one in unchanged if one.bounds.overlap(zone.bounds))
            finding = replace(finding, ignored=ignored + finding.ignored)
            before = self._memories.get(zone.id)
            agreed = before is not None and (before.finding.people >= zone.quorum) == (finding.people >= zone.quorum)
            self._memories[zone.id] = _Memory(patches[zone.id], frame.at, finding, agreed)
        fresh = {zone.id for zone in changed}
        found = [self._memories[zone.id].finding for zone in self._zones]
        found = [
            finding if finding.zone in fresh else replace(finding, step=DetectionStep.UNCHANGED) for finding in found
        ]
        return [self._with_controls(finding, frame) for finding in found]

    def _with_controls(self, finding: ZoneFinding, frame: Frame) -> ZoneFinding:
        group = self._controls.get(finding.zone)
        if group is None or finding.controls is not None:
            return finding
        return group.judge(self._detector, frame.image, finding, frame.at)

    def _settled_by(self) -> SettledBy:
        return {zone: memory.finding.step for zone, memory in self._memories.items()}

    def _stands(self, zone: DrawnZone, patch: Patch, at: datetime) -> bool:
        memory = self._memories.get(zone.id)
        return (
            memory is not None
            and memory.agreed
            and 0 <= (at - memory.at).total_seconds() < self._full_every_s
            and is_unchanged(memory.patch, patch)
        )


@dataclass(frozen=True, slots=True)
class _Memory:
    """The last full examination of a zone."""

    patch: Patch
    at: datetime
    finding: ZoneFinding
    agreed: bool  # with the full examination before it
