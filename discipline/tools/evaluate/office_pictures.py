"""One rendered office as its camera shows it: the footage of its clips, and what a watch knows of the camera."""

from datetime import UTC, datetime
from pathlib import Path

from discipline.tools.evaluate.weather_day import Verdict
from streams.detect.api import Picture
from streams.detect.relight import surroundings
from streams.looks.labels import pictures
from streams.pixels.occupancy import Blind, Look, ZoneFinding, samples_from
from streams.pixels.quality import Quality, signature
from streams.pixels.shapes import DrawnZone
from streams.pixels.sharpness import edge_sharpness
from streams.simulator.footage import empty_room
from streams.simulator.layouts import Layout

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
EVERY_S = 0.5  # between pictures of the footage
STAFFED, EMPTY = ("staffed", "serving"), ("empty", "waiting")


class OfficePictures:
    """The pictures of one office. home: the reference, without people; zone: its staff zone."""

    def __init__(self, layout: Layout, footage: Path) -> None:
        self.zone = DrawnZone(1, 1, layout.zone, 1)
        self.home = empty_room(footage, layout.name)
        self._footage, self._name = footage, layout.name

    def shots(self, clip: str) -> list[Picture]:
        """Return the pictures of a clip, EVERY_S apart."""
        return [image for _, image in pictures(self._footage / f"{self._name}-{clip}.h264", EVERY_S)]

    def part(self, image: Picture) -> Picture:
        """Return the zone and its surroundings."""
        return image[surroundings(image, self.zone)]

    def quality(self) -> Quality:
        """Return a new check of pictures against the reference."""
        return Quality(signature(self.home), edge_sharpness(self.home))

    def verdict(self, finding: ZoneFinding) -> Verdict:
        """Return the sample's look, or the reason of a BLIND one."""
        (sample,) = samples_from([self.zone], [finding], EPOCH)
        return Blind(sample.reason) if sample.look is Look.BLIND else sample.look
