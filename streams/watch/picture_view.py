"""What is shown with a camera's newest picture: zones, people, verdicts."""

from collections.abc import Sequence

from streams.pixels.occupancy import Sample, ZoneFinding
from streams.pixels.shapes import DrawnZone, Frame
from streams.source.newest_picture import PictureView


def picture_view(
    frame: Frame, zones: Sequence[DrawnZone], findings: Sequence[ZoneFinding], samples: Sequence[Sample], reason: str
) -> PictureView:
    """Return what was seen in a picture, for the pages that show it. reason: a Blind value if it can't be judged."""
    height, width = frame.image.shape[:2]
    by_zone = {finding.zone: finding for finding in findings}
    by_counter = {sample.counter: sample for sample in samples}
    return {
        "at": frame.at.isoformat(),
        "width": width,
        "height": height,
        "reason": reason,
        "boxes": sorted(
            {
                (round(b.x0, 4), round(b.y0, 4), round(b.x1, 4), round(b.y1, 4), round(b.score, 2))
                for finding in findings
                for b in finding.boxes
            }
        ),
        "ignored": sorted({tuple(round(v, 4) for v in (b.x0, b.y0, b.x1, b.y1)) for f in findings for b in f.ignored}),
        "zones": [
            {
                "id": zone.id,
                "counter": zone.counter,
                "polygon": zone.polygon,
                "look": by_counter[zone.counter].look,
                "people": by_counter[zone.counter].people,
                "step": by_zone[zone.id].step if zone.id in by_zone else "",
            }
            for zone in zones
        ],
    }
