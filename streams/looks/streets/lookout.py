"""Look at the streets for hints, in the examiner's thread."""

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from streams.detect.model_files import ModelError
from streams.detect.street_api import VEHICLES, SeenThing, StreetDetector
from streams.looks.streets.clips import Moment
from streams.looks.streets.congestion_rule import DrawnLane, LaneTraffic, TrafficLevel
from streams.looks.streets.marks import cells_inside, mark_box, mark_of, place_box, place_of, within_box
from streams.looks.streets.models import HintKind
from streams.looks.streets.packets import HintTapes
from streams.looks.streets.rubbish_place import RubbishPlace
from streams.looks.streets.water_rule import WaterMark
from streams.pixels.jpeg import decode_jpeg, encode_jpeg, narrowed
from streams.pixels.shapes import Frame, Point

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=9)  # pictures that come every 10 s come a little sooner or later
AGAIN_S = 60.0  # after the model could not be loaded
WIDTH, QUALITY = 640, 70


@dataclass(frozen=True, slots=True)
class HintPlace:
    """A place on one camera's picture in which something is looked for.

    kind: a HintKind; reference: JPEG, for marks of water and places of rubbish; minutes: how long rubbish lies;
    drawn_at: when rubbish's place was last saved, so that saving it begins anew.
    """

    camera: int
    kind: str
    polygon: tuple[Point, ...]
    reference: bytes = b""
    minutes: int = 0
    drawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Noticed:
    """A change at a place: its level with its beginning and a picture, or "" when it is over at `at`.

    moment: of what a clip is made, None when no packets are kept.
    """

    camera: int
    kind: str
    level: str
    since: datetime | None
    at: datetime
    jpeg: bytes = b""
    moment: Moment | None = None


class _FollowedLane:
    def __init__(self, place: HintPlace) -> None:
        self._traffic = LaneTraffic(DrawnLane(place.polygon))

    def look(self, frame: Frame, things: Sequence[SeenThing]) -> tuple[str, datetime | None]:
        level = self._traffic.look([one.box for one in things if one.thing in VEHICLES], frame.at)
        return "" if level is TrafficLevel.FLOWS else level.value, self._traffic.since


class _FollowedMark:
    def __init__(self, place: HintPlace) -> None:
        self._box = mark_box(place.polygon)
        reference = decode_jpeg(place.reference)
        self._mark = None if reference is None else WaterMark(mark_of(reference, self._box))

    def look(self, frame: Frame, things: Sequence[SeenThing]) -> tuple[str, datetime | None]:
        if self._mark is None:
            return "", None
        if not any(one.box.overlap(self._box) for one in things):  # else it may be hidden by what passes
            self._mark.look(mark_of(frame.image, self._box), frame.at)
        return self._mark.level.value, self._mark.since


class _FollowedPlace:
    def __init__(self, place: HintPlace) -> None:
        self._box = place_box(place.polygon)
        reference = decode_jpeg(place.reference) if place.reference else None
        self._rubbish = RubbishPlace(
            cells_inside(place.polygon, self._box),
            timedelta(minutes=place.minutes),
            None if reference is None else place_of(reference, self._box),
        )

    def look(self, frame: Frame, things: Sequence[SeenThing]) -> tuple[str, datetime | None]:
        hidden = within_box([one.box for one in things], self._box)
        level = self._rubbish.look(place_of(frame.image, self._box), hidden, frame.at)
        return level.value, self._rubbish.since


RULES: Mapping[str, type[_FollowedLane | _FollowedMark | _FollowedPlace]] = {
    HintKind.CONGESTION: _FollowedLane,
    HintKind.WATER: _FollowedMark,
    HintKind.RUBBISH: _FollowedPlace,
}


class _Followed:
    """A place with the level that was last handed on."""

    def __init__(self, place: HintPlace) -> None:
        self.place, self.level = place, ""
        self.rule = RULES[place.kind](place)


class StreetLookout:
    """Follows each wanted place. The model is loaded when the first one is wanted.

    load: raises ModelError. sink: gets each change; must not wait. looks: how many pictures the detector got. tapes:
    listen to the cameras' packets.
    """

    def __init__(self, load: Callable[[], StreetDetector], sink: Callable[[Noticed], None]) -> None:
        self._load, self._sink = load, sink
        self._detector: StreetDetector | None = None
        self._tried_at = -AGAIN_S
        self._followed: Mapping[tuple[int, str], _Followed] = {}
        self._by_camera: Mapping[int, list[_Followed]] = {}
        self._looked_at: dict[int, datetime] = {}
        self._lock = threading.Lock()
        self.looks = 0
        self.tapes = HintTapes()

    def watch_only(self, places: Iterable[HintPlace], at: datetime) -> None:
        """Look at these places and no others; those that stay as they were go on. Called with each heartbeat.

        What is no longer followed, or was followed by a process before this one, ends at `at`.
        """
        wanted = {(place.camera, place.kind): place for place in places}
        self._load_for(wanted)
        before = self._followed
        kept = {key: one for key, one in before.items() if wanted.get(key) == one.place}
        followed = {key: kept.get(key) or _Followed(place) for key, place in wanted.items()}
        by_camera: dict[int, list[_Followed]] = {}
        for one in followed.values():
            by_camera.setdefault(one.place.camera, []).append(one)
        self._followed, self._by_camera = followed, by_camera
        self.tapes.wanted = frozenset(self.cameras)
        for camera, kind in {*before, *wanted} - kept.keys():
            self._sink(Noticed(camera, kind, "", None, at))

    def _load_for(self, wanted: Mapping[tuple[int, str], HintPlace]) -> None:
        if not wanted or self._detector or time.monotonic() - self._tried_at < AGAIN_S:
            return
        self._tried_at = time.monotonic()
        try:
            self._detector = self._load()
        except ModelError as error:
            log.warning("No hints on streets: %s", error)

    @property
    def cameras(self) -> Collection[int]:
        """The cameras that are looked at; none while the model is not loaded."""
        return self._by_camera.keys() if self._detector else ()

    def look(self, camera: int, frame: Frame, clock: float = 0.0) -> None:
        """Look at a camera's picture, if a look is due. One camera's pictures come one after the other.

        clock: monotonic seconds when the picture came.
        """
        followed, detector = self._by_camera.get(camera), self._detector
        last = self._looked_at.get(camera)
        if not followed or detector is None or (last is not None and timedelta() <= frame.at - last < EVERY):
            return
        self._looked_at[camera] = frame.at
        things = detector.see(frame.image)
        for one in followed:
            level, since = one.rule.look(frame, things)
            if level != one.level:
                one.level = level
                jpeg = encode_jpeg(narrowed(frame.image, WIDTH), QUALITY) if level else b""
                ring = self.tapes.ring_of(camera) if level else None
                moment = Moment(ring, frame.at, clock) if ring else None
                self._sink(Noticed(camera, one.place.kind, level, since, frame.at, jpeg, moment))
        with self._lock:
            self.looks += 1
