"""Wait for a visitor at counters whose clips are wanted, and cut the clips."""

import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import DatabaseError, InterfaceError, connection

from streams.looks.streets.clips import Moment
from streams.looks.visits.clips import TakenClip, WantedClip
from streams.looks.visits.nearby_rule import place_before, somebody_before
from streams.looks.visits.people import PeopleNearby
from streams.pixels.lookalikes import painted, unchanged_in
from streams.pixels.occupancy import Look, Sample
from streams.pixels.shapes import DrawnZone, Frame
from streams.source.mp4_file import MuxError
from streams.source.ring import Ring

EVERY = timedelta(seconds=4)  # between two looks for a visitor
BEFORE_S, AFTER_S = 4.0, 14.0  # of a clip; together less than a ring keeps
KEPT_S = 14.0  # a moment that is so long ago is still in the ring, with what was before it
WAITING = 32  # clips that may wait for their end; more are not taken
TICK_S = 1.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Coming:
    key: int
    moment: Moment
    zones: tuple[DrawnZone, ...]


class VisitLookout:
    """Takes the wanted clips of one watch process. `look` runs in an examiner's thread, the clips are cut in another.

    store: stores a clip; called in the clips' thread.
    """

    def __init__(self, people: PeopleNearby, store: Callable[[TakenClip], object]) -> None:
        self._people, self._store = people, store
        self._wanted: Mapping[int, list[WantedClip]] = {}
        self._taken: set[int] = set()
        self._looked_at: dict[int, datetime] = {}
        self._coming: queue.Queue[_Coming | None] = queue.Queue(WAITING)
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="visits", daemon=True)

    def start(self) -> None:
        """Start the clips' thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread, clips cut short; returns after 2 s at the latest."""
        with suppress(queue.Full):
            self._coming.put_nowait(None)
            self._thread.join(2)

    def want(self, clips: Iterable[WantedClip]) -> None:
        """Replace what is wanted. Called with each heartbeat; a clip that is being cut is not taken twice."""
        by_camera: dict[int, list[WantedClip]] = {}
        keys = set()
        for one in clips:
            by_camera.setdefault(one.camera, []).append(one)
            keys.add(one.key)
        with self._lock:
            self._taken &= keys
        self._wanted = by_camera

    def look(
        self, camera: int, frame: Frame, samples: Sequence[Sample], zones: tuple[DrawnZone, ...], ring: Ring
    ) -> None:
        """Take up a picture that was just examined, with its samples and the camera's packets."""
        for one in self._wanted.get(camera, ()):
            if (
                one.since <= frame.at <= one.until
                and one.key not in self._taken
                and self._fits(one, frame, samples, zones)
            ):
                self._take(one, frame, zones, ring)
                return

    def _fits(self, one: WantedClip, frame: Frame, samples: Sequence[Sample], zones: tuple[DrawnZone, ...]) -> bool:
        if not one.visitor:
            return True
        served = any(sample.counter == one.counter and sample.look is Look.STAFFED for sample in samples)
        zone = next((zone for zone in zones if zone.counter == one.counter), None)
        last = self._looked_at.get(one.camera)
        if not served or zone is None or (last is not None and timedelta() <= frame.at - last < EVERY):
            return False
        self._looked_at[one.camera] = frame.at
        image = painted(frame.image, unchanged_in(frame.image, set(zone.ignored)))
        return somebody_before(self._people.find(image, place_before(zone)), zones)

    def _take(self, one: WantedClip, frame: Frame, zones: tuple[DrawnZone, ...], ring: Ring) -> None:
        late_s = (frame.at - one.since).total_seconds()
        at = one.since if not one.visitor and late_s <= KEPT_S else frame.at
        clock = time.monotonic() - (datetime.now(UTC) - at).total_seconds()
        moment = Moment(ring, at, clock, BEFORE_S, AFTER_S)
        moment.hold()
        try:
            self._coming.put_nowait(_Coming(one.key, moment, zones))
        except queue.Full:
            moment.release()
            return
        with self._lock:
            self._taken.add(one.key)

    def _run(self) -> None:
        waiting: deque[_Coming] = deque()
        going = True
        while going:
            try:
                one = self._coming.get(timeout=TICK_S if waiting else None)
                if one is None:
                    going = False
                else:
                    waiting.append(one)
            except queue.Empty:
                pass
            while waiting and (not going or waiting[0].moment.past):
                self._cut(waiting.popleft())
        connection.close()

    def _cut(self, one: _Coming) -> None:
        """Cut and store a clip. What fails is wanted again, as long as its time lasts."""
        stored = False
        try:
            clip = one.moment.clip()
            if clip is not None:
                self._store(TakenClip(one.key, one.moment.at, clip[0], one.zones))
                stored = True
        except (MuxError, OSError) as error:
            log.warning("Can't write a clip of a counter: %s", error)
        except (DatabaseError, InterfaceError) as error:
            log.warning("Can't store a clip of a counter: %s", error)
            connection.close()
        finally:
            one.moment.release()
        if not stored:
            with self._lock:
                self._taken.discard(one.key)
