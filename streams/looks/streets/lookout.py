"""Look at the streets for hints, in the examiner's thread."""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from streams.detect.model_files import ModelError
from streams.detect.street_api import VEHICLES, StreetDetector
from streams.looks.streets.congestion_rule import DrawnLane, LaneTraffic, Traffic
from streams.pixels.jpeg import encode_jpeg, narrowed
from streams.pixels.shapes import Frame, Point

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=9)  # pictures that come every 10 s come a little sooner or later
AGAIN_S = 60.0  # after the model could not be loaded
WIDTH, QUALITY = 640, 70


@dataclass(frozen=True, slots=True)
class Lane:
    """A place on one camera's picture in which congestion is looked for."""

    camera: int
    polygon: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Noticed:
    """A change of a camera's traffic: its level with its beginning and a picture, or that it flows again at `at`."""

    camera: int
    level: Traffic
    since: datetime | None
    at: datetime
    jpeg: bytes = b""


class StreetLookout:
    """Keeps the traffic of each wanted lane. The model is loaded when the first lane is wanted.

    load: raises ModelError. sink: gets each change; must not wait. `looks` and `spent_s` count what it costs.
    """

    def __init__(self, load: Callable[[], StreetDetector], sink: Callable[[Noticed], None]) -> None:
        self._load, self._sink = load, sink
        self._detector: StreetDetector | None = None
        self._tried_at = -AGAIN_S
        self._lanes: Mapping[int, tuple[Lane, LaneTraffic]] = {}
        self._looked_at: dict[int, datetime] = {}
        self._lock = threading.Lock()
        self.looks, self.spent_s = 0, 0.0

    def watch_only(self, lanes: Iterable[Lane], at: datetime) -> None:
        """Look at these lanes and no others; those that stay as they were go on. Called with each heartbeat.

        What is no longer followed, or was followed by a process before this one, ends at `at`.
        """
        wanted = {lane.camera: lane for lane in lanes}
        if wanted and self._detector is None and time.monotonic() - self._tried_at >= AGAIN_S:
            self._tried_at = time.monotonic()
            try:
                self._detector = self._load()
            except ModelError as error:
                log.warning("No hints on streets: %s", error)
        with self._lock:
            before = self._lanes
            changed = {pk for pk in {*before, *wanted} if pk not in before or before[pk][0] != wanted.get(pk)}
            self._lanes = {
                pk: before[pk]
                if pk in before and before[pk][0] == lane
                else (lane, LaneTraffic(DrawnLane(lane.polygon)))
                for pk, lane in wanted.items()
            }
        for camera in changed:
            self._sink(Noticed(camera, Traffic.FLOWS, None, at))

    @property
    def cameras(self) -> Iterable[int]:
        """The cameras that are looked at; none while the model is not loaded."""
        return self._lanes.keys() if self._detector else ()

    def look(self, camera: int, frame: Frame) -> None:
        """Look at a camera's picture, if a look is due."""
        found, detector = self._lanes.get(camera), self._detector
        last = self._looked_at.get(camera)
        if found is None or detector is None or (last is not None and timedelta() <= frame.at - last < EVERY):
            return
        self._looked_at[camera] = frame.at
        began = time.thread_time()
        traffic = found[1]
        before = traffic.level
        level = traffic.look([one.box for one in detector.see(frame.image) if one.thing in VEHICLES], frame.at)
        self.looks += 1
        self.spent_s += time.thread_time() - began
        if level is Traffic.FLOWS and before is not Traffic.FLOWS:
            self._sink(Noticed(camera, level, None, frame.at))
        elif level is not before:
            jpeg = encode_jpeg(narrowed(frame.image, WIDTH), QUALITY)
            self._sink(Noticed(camera, level, traffic.since, frame.at, jpeg))
