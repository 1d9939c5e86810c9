"""Record evidence while a watch process runs: packets in memory, pictures and clips in pending files.

Readers fill the rings and the examiner reports its samples; what the witnesses order is decoded, muxed and written in
a separate thread behind a bounded queue. What a full disk refuses is tried again for a while, clips while their packets
are in the ring. Failures are counted and shown on the health page, and never stop sampling.
"""

import logging
import queue
import threading
import time
from collections import Counter as Tally
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import cv2

from streams.cameras.models import Camera
from streams.evidence import pending
from streams.evidence.pieces import QUALITY, PieceOrigin, write_clip, write_still
from streams.evidence.policy import (
    ClipOrder,
    DiscardOrder,
    EvidenceOrder,
    StillOrder,
    Witness,
    WitnessBrief,
    WitnessedLook,
)
from streams.looks.visits.lookout import VisitLookout
from streams.pixels.jpeg import encode_jpeg
from streams.pixels.occupancy import Sample, ZoneFinding
from streams.pixels.shapes import DrawnZone, Frame
from streams.source.mp4_file import Keyframe, MuxError
from streams.source.ring import RingPool

log = logging.getLogger(__name__)

BEFORE_S = AFTER_S = 20.0  # a clip's length before and after its moment
SPAN_S = BEFORE_S + 2.0  # kept in each ring, as an order comes up to two seconds after its moment
MOST_ORDERS = 1000
TICK_S = 0.5
RETRY_S = 2.0  # between two tries of what the disk refused
CLIP_KEPT_S = 60.0  # tried again for so long after its end: its packets take memory of the other cameras
STILL_KEPT_S = 1800.0
MOST_REFUSED = 400  # of about 100 KB each


class CameraRecording:
    """One camera's part of the recording: its ring and its zones. It is the PacketListener of the ring."""

    def __init__(self, recording: "Recording", camera: Camera) -> None:
        self._recording = recording
        self.camera, self.name = camera.pk, camera.name
        self.zones: tuple[DrawnZone, ...] = tuple(zone.as_zone() for zone in camera.zones.all())
        self.ring = recording.shelf.ring()
        self.dropped = False

    def begin(self, codec: str, extradata: bytes, tick_s: float) -> None:
        """Start a new connection in the ring, or go on with other parameter sets. See PacketListener."""
        self.ring.begin(codec, extradata, tick_s)

    def add(self, data: bytes, pts: int | None, dts: int | None, keyframe: bool, damaged: bool, clock: float) -> None:
        """Copy a picture into the ring, where clips don't begin with a damaged one. See PacketListener."""
        self.ring.add(data, pts, dts, keyframe and not damaged, clock)

    def end(self, lost: bool) -> None:
        """Keep what came: clips are cut from it after the connection ended. See PacketListener."""

    def looked(
        self, frame: Frame, keyframe: Keyframe | None, findings: Sequence[ZoneFinding], samples: Sequence[Sample]
    ) -> None:
        """Report one examined picture with its samples. Without a `keyframe` the decoded picture itself is kept."""
        if self._recording.visits:
            self._recording.visits.look(self.camera, frame, samples, self.zones, self.ring)
        self._recording.looked(self, frame, keyframe, findings, samples)


@dataclass(frozen=True, slots=True)
class _Job:
    tape: CameraRecording
    counter: int
    order: EvidenceOrder
    clock: float = 0.0  # monotonic time of a clip's moment, or of the order


class Recording:
    """The camera recordings of one watch process, their counters' witnesses, and the writer thread.

    lost: number of orders that failed; problem: the last disk error, "" while writing succeeds. visits: takes clips of
    counters with a visitor from the same packets.
    most_bytes bounds the memory of all rings together, most_each that of one.
    """

    def __init__(self, most_bytes: int, most_each: int) -> None:
        self.shelf = RingPool(most_bytes, most_each, SPAN_S)
        self.visits: VisitLookout | None = None
        self.lost = 0
        self.problem = ""
        self.turned_at = time.monotonic()  # when the writer was last seen to work
        self._briefs: Mapping[int, WitnessBrief] = {}
        self._witnesses: dict[int, tuple[Witness, CameraRecording]] = {}
        self._orders: queue.Queue[_Job | CameraRecording] = queue.Queue(MOST_ORDERS)
        self._films: list[_Job] = []
        self._refused: deque[_Job] = deque()  # by the disk, to be tried again
        self._busy: Tally[tuple[int, datetime]] = Tally()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._write, name="evidence", daemon=True)

    def start(self) -> None:
        """Start the writer thread."""
        self._thread.start()

    def stop(self) -> None:
        """Write what was ordered, cutting clips under way short, within 5 s. Other processes continue the runs."""
        self._stopping.set()
        self._thread.join(5)

    def tape(self, camera: Camera) -> CameraRecording:
        """Return a new recording of this camera."""
        return CameraRecording(self, camera)

    def drop(self, tape: CameraRecording) -> None:
        """Stop following a camera that another process or a new reader now reads."""
        with self._lock:
            tape.dropped = True
            for zone in tape.zones:
                self._witnesses.pop(zone.counter, None)
        try:
            self._orders.put_nowait(tape)
        except queue.Full:
            tape.ring.clear()

    def brief(self, briefs: Mapping[int, WitnessBrief]) -> None:
        """Replace the witnesses' briefs, by counter id. A counter without one is not followed."""
        self._briefs = briefs

    def busy(self) -> set[tuple[int, datetime]]:
        """Return (counter id, first sample) of the runs that are followed or still being written."""
        with self._lock:
            followed = {(counter, w.run) for counter, (w, _) in self._witnesses.items() if w.run is not None}
            return followed | {key for key, orders in self._busy.items() if orders}

    # The examiner's thread

    def looked(
        self,
        tape: CameraRecording,
        frame: Frame,
        keyframe: Keyframe | None,
        findings: Sequence[ZoneFinding],
        samples: Sequence[Sample],
    ) -> None:
        """Give each of the camera's witnesses its sample and queue what they order. See CameraRecording.looked."""
        picture = keyframe if keyframe is not None else encode_jpeg(frame.image, QUALITY)
        by_zone = {finding.zone: finding for finding in findings}
        by_counter = {sample.counter: sample for sample in samples}
        for zone in tape.zones:
            sample, finding = by_counter.get(zone.counter), by_zone.get(zone.id)
            if sample is None:
                continue
            boxes, step = (finding.boxes, finding.step.value) if finding else ((), "")
            controls = finding.controls if finding else None
            seen = WitnessedLook(frame.at, sample.look, sample.people, sample.reason, step, boxes, picture, controls)
            self._consult(tape, zone.counter, seen)

    def _consult(self, tape: CameraRecording, counter: int, seen: WitnessedLook | None) -> None:
        """Give the counter's witness a sample, or only the time when it is None, and queue the orders."""
        with self._lock:
            brief = self._briefs.get(counter)
            if brief is None or tape.dropped:
                return
            witness, _ = self._witnesses.setdefault(counter, (Witness(), tape))
            orders = witness.sees(seen, brief) if seen else witness.waits(datetime.now(UTC), brief)
            jobs = [self._job(tape, counter, order) for order in orders]
            self._busy.update((counter, order.run) for order in orders)
        for job in jobs:
            try:
                self._orders.put_nowait(job)
            except queue.Full:
                self._done(job, lost=True)

    def _job(self, tape: CameraRecording, counter: int, order: EvidenceOrder) -> _Job:
        if not isinstance(order, ClipOrder):
            return _Job(tape, counter, order, time.monotonic())
        clock = time.monotonic() - (datetime.now(UTC) - order.moment).total_seconds()
        tape.ring.hold(clock - BEFORE_S)
        return _Job(tape, counter, order, clock)

    def _done(self, job: _Job, lost: bool = False) -> None:
        if isinstance(job.order, ClipOrder):
            job.tape.ring.release(job.clock - BEFORE_S)
        with self._lock:
            key = job.counter, job.order.run
            self._busy[key] -= 1
            if not self._busy[key]:
                del self._busy[key]
            self.lost += lost

    # The writer's thread

    def _write(self) -> None:
        next_tick = next_retry = time.monotonic()
        while True:
            self.turned_at = time.monotonic()
            try:
                self._obey(self._orders.get(timeout=TICK_S))
            except queue.Empty:
                if self._stopping.is_set():
                    self._roll(self._films)
                    self._retry(last=True)
                    return
            if time.monotonic() >= next_retry:
                self._retry()
                next_retry = time.monotonic() + RETRY_S
            if time.monotonic() >= next_tick:
                next_tick = time.monotonic() + TICK_S
                self._tick()

    def _obey(self, job: _Job | CameraRecording) -> None:
        if isinstance(job, CameraRecording):
            self._roll([film for film in self._films if film.tape is job])
            self._give_up([one for one in self._refused if one.tape is job and isinstance(one.order, ClipOrder)])
            job.ring.clear()
        elif isinstance(job.order, ClipOrder):
            self._films.append(job)
        elif isinstance(job.order, DiscardOrder):
            self._forget(job)
        else:
            self._try(job)

    def _tick(self) -> None:
        with self._lock:
            followed = [(tape, counter) for counter, (_, tape) in self._witnesses.items()]
        for tape, counter in followed:
            self._consult(tape, counter, None)
        now = time.monotonic()
        self._roll([film for film in self._films if now >= film.clock + AFTER_S])

    def _roll(self, films: Sequence[_Job]) -> None:
        """Write these clips with the packets that have come so far."""
        for film in list(films):
            self.turned_at = time.monotonic()
            self._films.remove(film)
            self._try(film)

    def _forget(self, job: _Job) -> None:
        for film in [f for f in self._films if (f.counter, f.order.run) == (job.counter, job.order.run)]:
            self._films.remove(film)
            self._done(film)
        for one in [r for r in self._refused if (r.counter, r.order.run) == (job.counter, job.order.run)]:
            self._refused.remove(one)
            self._done(one)
        pending.remove_run(job.counter, job.order.run)
        self._done(job)

    def _try(self, job: _Job) -> None:
        """Write the job's file; what the disk refuses is kept for `_retry`."""
        try:
            written = self._write_file(job)
        except OSError as error:
            if not self.problem:  # logged once, not for each of a thousand files
                log.error("evidence can't be written: %s", error)
            self.problem = error.strerror or str(error)
            self._refused.append(job)
            if len(self._refused) > MOST_REFUSED:
                self._give_up([self._refused[0]])
            return
        except (MuxError, cv2.error) as error:
            camera = job.tape.camera
            log.warning("camera %s: %s of %s: %s", camera, job.order, job.counter, error, extra={"camera": camera})
            written = False
        except Exception:
            log.exception("writing evidence failed")
            written = False
        else:
            self.problem = "" if written else self.problem
        self._done(job, lost=not written)

    def _write_file(self, job: _Job) -> bool:
        """Write the job's file; return False when the ring holds no packets of its time."""
        origin = PieceOrigin(job.counter, job.tape.camera, job.tape.name, job.tape.zones)
        if isinstance(job.order, StillOrder):
            write_still(origin, job.order)
        elif isinstance(job.order, ClipOrder):
            clip = job.tape.ring.cut(job.clock - BEFORE_S, job.clock + AFTER_S, job.clock)
            if clip is None:
                return False
            write_clip(origin, job.order, clip, job.clock)
        return True

    def _retry(self, last: bool = False) -> None:
        """Write what the disk refused, until it refuses again; give up what is too old, or all of it at the last."""
        now = time.monotonic()
        self._give_up([job for job in self._refused if now - job.clock > _kept_s(job)])
        if self.problem and not self._refused:
            self.problem = pending.disk_problem()
        for _ in range(len(self._refused)):
            self.turned_at = time.monotonic()
            refused = len(self._refused)
            self._try(self._refused.popleft())
            if len(self._refused) == refused:
                break
        if last:
            self._give_up(list(self._refused))

    def _give_up(self, jobs: Sequence[_Job]) -> None:
        for job in jobs:
            self._refused.remove(job)
            self._done(job, lost=True)


def _kept_s(job: _Job) -> float:
    return AFTER_S + CLIP_KEPT_S if isinstance(job.order, ClipOrder) else STILL_KEPT_S
