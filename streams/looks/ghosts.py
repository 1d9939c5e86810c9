"""Doubt people that are found in poor light and may be none: what can't be told is unclear, not staffed.

In good light a marked portrait that has changed has somebody before it. In poor light it may only look changed, and
be found as a person. And there the models see bodies in table tops and floors, with little evidence.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from streams.detect.api import Detector, Picture
from streams.detect.pose_decoding import SURE, chance
from streams.looks.control_group import ControlGroup
from streams.pixels.lookalike_in_poor_light import Likeness, likeness
from streams.pixels.lookalikes import cells_of, marked_cells, painted
from streams.pixels.occupancy import UNCLEAR, DetectionStep, ZoneFinding
from streams.pixels.shapes import Box, DrawnZone, Lookalike

DOUBTED = (DetectionStep.POSE, DetectionStep.RELIT)  # found by pose alone, or in corrected light
SURE_SCORE = chance(SURE)  # and with less than what is enough for a body at first sight

Likenesses = dict[Likeness, list[Lookalike]]


def without_ghosts(
    detector: Detector,
    group: ControlGroup | None,
    image: Picture,
    zone: DrawnZone,
    finding: ZoneFinding,
    unchanged: Sequence[Lookalike],
) -> ZoneFinding:
    """Return the finding, or in poor light what is left of it without portraits and weak bodies.

    image: as the camera sent it. finding: of the picture in which the `unchanged` lookalikes are painted over.
    `ignored` of what is returned are the portraits that were recognised only here.
    """
    if group is None or finding.people < zone.quorum:
        return finding
    marks = _by_likeness(image, zone, unchanged)
    if not (marks[Likeness.SAME] or marks[Likeness.UNCERTAIN] or _is_weak(finding, zone)):
        return finding
    if not group.in_poor_light(image):
        return finding
    finding = _beside(detector, painted(image, unchanged), zone, finding, marks)
    finding = replace(finding, ignored=tuple(one.bounds for one in marks[Likeness.SAME]))
    if finding.people >= zone.quorum and _is_weak(finding, zone):
        sure = _sure(finding)
        finding = replace(finding, people=len(sure), boxes=sure, step=DetectionStep.NOBODY, controls=UNCLEAR)
    return finding


def _by_likeness(image: Picture, zone: DrawnZone, unchanged: Collection[Lookalike]) -> Likenesses:
    """Sort the zone's still lookalikes that are not known to be unchanged by what the picture shows there."""
    marks: Likenesses = {kind: [] for kind in Likeness}
    for one in zone.ignored:
        if one not in unchanged and (old := marked_cells(one)) is not None:
            marks[likeness(old, cells_of(image, one.polygon))].append(one)
    return marks


def _beside(
    detector: Detector, image: Picture, zone: DrawnZone, finding: ZoneFinding, marks: Likenesses
) -> ZoneFinding:
    """Return what is found when these marked lookalikes are not people, for a zone that was found staffed.

    Nobody beside those that are the same: few people. Nobody beside those that are uncertain: few people, and unclear.
    """
    for kind in (Likeness.SAME, Likeness.UNCERTAIN):
        if marks[kind]:
            image = painted(image, marks[kind])
            (finding,) = detector.detect(image, [zone])
            if finding.people < zone.quorum:
                return finding if kind is Likeness.SAME else replace(finding, controls=UNCLEAR)
    return finding


def _is_weak(finding: ZoneFinding, zone: DrawnZone) -> bool:
    return finding.step in DOUBTED and len(_sure(finding)) < zone.quorum


def _sure(finding: ZoneFinding) -> tuple[Box, ...]:
    return tuple(box for box in finding.boxes if box.score >= SURE_SCORE)
