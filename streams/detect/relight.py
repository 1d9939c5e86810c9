"""A detector that looks again where the light is poor.

Dim rooms, haze and glare hide people from networks that were trained on good pictures. A zone in which too few people
were found, and whose surroundings are poorly lit, is searched again with its light corrected. Good pictures are
searched once and cost what they cost without it.
"""

from collections.abc import Sequence
from dataclasses import replace

from streams.detect.api import NONE_YET, Detector, Picture, SettledBy
from streams.detect.crops import as_picture
from streams.pixels.light import equalised, light_levels
from streams.pixels.occupancy import DetectionStep, ZoneFinding
from streams.pixels.shapes import DrawnZone

AROUND = 0.5  # of the zone's width and height, on each side: as far as the models look, and a little further


class Relit:
    """Wrap a detector; see the module's docstring."""

    def __init__(self, detector: Detector) -> None:
        self.inner = detector

    def detect(self, image: Picture, zones: Sequence[DrawnZone], settled_by: SettledBy = NONE_YET) -> list[ZoneFinding]:
        """Return one finding per zone, in the order of the zones; one that corrected light gave has step RELIT."""
        findings = self.inner.detect(image, zones, settled_by)
        return [self._again(image, *of_zone) for of_zone in zip(zones, findings, strict=True)]

    def close(self) -> None:
        """Free the models."""
        self.inner.close()

    def _again(self, image: Picture, zone: DrawnZone, finding: ZoneFinding) -> ZoneFinding:
        if finding.people >= zone.quorum:
            return finding
        rows, columns = surroundings(image, zone)
        part = image[rows, columns]
        if not light_levels(part).poor:
            return finding
        corrected = image.copy()
        corrected[rows, columns] = as_picture(equalised(part))
        (found,) = self.inner.detect(corrected, [zone])
        if found.people >= zone.quorum:
            return replace(found, step=DetectionStep.RELIT)
        return max(finding, found, key=lambda one: one.people)


def surroundings(image: Picture, zone: DrawnZone) -> tuple[slice, slice]:
    """Return the rows and columns of a zone with what is around it."""
    height, width = image.shape[:2]
    place = zone.bounds.widened(AROUND)
    top, left = min(int(place.y0 * height), height - 1), min(int(place.x0 * width), width - 1)
    return (
        slice(top, max(top + 1, round(place.y1 * height))),
        slice(left, max(left + 1, round(place.x1 * width))),
    )
