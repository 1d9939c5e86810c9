"""Who is found in poor light where a portrait is marked that can't be recognised for certain.

In good light a marked portrait that has changed has somebody before it. In poor light it may only look changed, and
be found as a person.
"""

from collections.abc import Collection
from dataclasses import replace

from streams.detect.api import Detector, Picture
from streams.pixels.lookalike_in_poor_light import Likeness, likeness
from streams.pixels.lookalikes import cells_of, marked_cells, painted
from streams.pixels.occupancy import ControlCount, ZoneFinding
from streams.pixels.shapes import DrawnZone, Lookalike

UNCLEAR = ControlCount(0, 0, clear=False)


def likenesses(image: Picture, zone: DrawnZone, known: Collection[Lookalike]) -> dict[Likeness, list[Lookalike]]:
    """Sort the zone's still lookalikes that are not yet known to be unchanged by what the picture shows there."""
    sorted_out: dict[Likeness, list[Lookalike]] = {kind: [] for kind in Likeness}
    for one in zone.ignored:
        if one not in known and (old := marked_cells(one)) is not None:
            sorted_out[likeness(old, cells_of(image, one.polygon))].append(one)
    return sorted_out


def found_beside(
    detector: Detector, image: Picture, zone: DrawnZone, finding: ZoneFinding, marks: dict[Likeness, list[Lookalike]]
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
