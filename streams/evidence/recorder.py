"""Record evidence while a watch process runs: packets in memory, pictures and clips in pending files.

Readers fill the rings and the examiner reports its samples; what the witnesses order is decoded, muxed and written in
a separate thread behind a bounded queue. Failures are counted and shown on the health page, and never stop sampling.
"""

import logging
import queue
import threading
import time
from collections import Counter as Tally
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from streams.cameras.models import Camera
from streams.evidence import pending
from streams.evidence.controls import add_pending_controls
from streams.evidence.policy import (
    ClipOrder,
    DiscardOrder,
    EvidenceKind,
    EvidenceOrder,
    StillOrder,
    Witness,
    WitnessBrief,
    WitnessedLook,
)
from streams.pixels.occupancy import Sample, ZoneFinding
from streams.pixels.shapes import DrawnZone, Frame
from streams.source.mp4_file import Keyframe, MuxError, decode_keyframe, write_mp4
from streams.source.ring import RingPool
from streams.source.rtsp import Source

log = logging.getLogger(__name__)

BEFORE_S = AFTER_S = 20.0  # a clip's length before and after its moment
SPAN_S = BEFORE_S + 2.0  # kept in each ring, as an order comes up to two seconds after its moment
MOST_ORDERS = 1000
TICK_S = 0.5
QUALITY, THUMB_QUALITY, THUMB_WIDTH = 92, 75, 200


class CameraRecording:
    """One camera's part of the recording: its ring and its zones. `begin` and `add` run in the reader's thread."""

    def __init__(self, recording: "Recording", camera: Camera) -> None:
        self._recording = recording
        self.camera, self.name = camera.pk, camera.name
        self.zones: tuple[DrawnZone, ...] = tuple(zone.as_zone() for zone in camera.zones.all())
        self.ring = recording.shelf.ring()
        self.dropped = False

    def begin(self, source: Source) -> None:
        """Start a new connection in the ring."""
        self.ring.begin(source.codec, source.extradata, source.tick_s)

    def add(self, packet: Any, clock: float) -> None:
        """Copy an av.Packet that came at `clock` into the ring; FFmpeg reuses the packet's own memory."""
        self.ring.add(packet, packet.pts, packet.dts, packet.is_keyframe, clock)

    def looked(
        self, frame: Frame, keyframe: Keyframe | None, findings: Sequence[ZoneFinding], samples: Sequence[Sample]
    ) -> None:
        """Report one examined picture with its samples. Without a `keyframe` the decoded picture itself is kept."""
        self._recording.looked(self, frame, keyframe, findings, samples)


@dataclass(frozen=True, slots=True)
class _Job:
    tape: CameraRecording
    counter: int
    order: EvidenceOrder
    clock: float = 0.0  # monotonic time of a clip's moment


class Recording:
    """The camera recordings of one watch process, their counters' witnesses, and the writer thread.

    lost: number of orders that failed; problem: the last disk error, "" while writing succeeds.
    most_bytes bounds the memory of all rings together, most_each that of one.
    """

    def __init__(self, most_bytes: int, most_each: int) -> None:
        self.shelf = RingPool(most_bytes, most_each, SPAN_S)
        self.lost = 0
        self.problem = ""
        self._briefs: Mapping[int, WitnessBrief] = {}
        self._witnesses: dict[int, tuple[Witness, CameraRecording]] = {}
        self._orders: queue.Queue[_Job | CameraRecording] = queue.Queue(MOST_ORDERS)
        self._films: list[_Job] = []
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
            return _Job(tape, counter, order)
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
        next_tick = time.monotonic()
        while True:
            try:
                self._obey(self._orders.get(timeout=TICK_S))
            except queue.Empty:
                if self._stopping.is_set():
                    self._roll(self._films)
                    return
            if time.monotonic() >= next_tick:
                next_tick = time.monotonic() + TICK_S
                self._tick()

    def _obey(self, job: _Job | CameraRecording) -> None:
        if isinstance(job, CameraRecording):
            self._roll([film for film in self._films if film.tape is job])
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
            self._films.remove(film)
            self._try(film)

    def _forget(self, job: _Job) -> None:
        for film in [f for f in self._films if (f.counter, f.order.run) == (job.counter, job.order.run)]:
            self._films.remove(film)
            self._done(film)
        pending.remove_run(job.counter, job.order.run)
        self._done(job)

    def _try(self, job: _Job) -> None:
        lost = True
        try:
            if isinstance(job.order, ClipOrder):
                lost = not _write_clip(job, job.order)
            elif isinstance(job.order, StillOrder):
                _write_still(job, job.order)
                lost = False
            self.problem = ""
        except OSError as error:
            if not self.problem:  # logged once, not for each of a thousand files
                log.error("evidence can't be written: %s", error)
            self.problem = error.strerror or str(error)
        except (MuxError, cv2.error) as error:
            log.warning("camera %s: %s of %s: %s", job.tape.camera, job.order, job.counter, error)
        except Exception:
            log.exception("writing evidence failed")
        self._done(job, lost)


def _write_still(job: _Job, order: StillOrder) -> None:
    seen, picture = order.seen, order.seen.picture
    image = decode_keyframe(picture) if isinstance(picture, Keyframe) else decode_jpeg(picture)
    quality = QUALITY
    if order.kind is EvidenceKind.DURING:
        quality, size = THUMB_QUALITY, (THUMB_WIDTH, round(THUMB_WIDTH * image.shape[0] / image.shape[1]))
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    facts = _origin_facts(job) | {
        "boxes": [[*(round(v, 4) for v in (b.x0, b.y0, b.x1, b.y1)), round(b.score, 2)] for b in seen.boxes],
        "look": seen.look.value,
        "reason": seen.reason,
        "people": seen.people,
        "step": seen.step,
        "width": image.shape[1],
        "height": image.shape[0],
    }
    if seen.controls:
        facts["controls"] = {"seen": seen.controls.seen, "shown": seen.controls.shown}

    def write(path: Path) -> dict[str, Any]:
        path.write_bytes(encode_jpeg(image, quality))
        return facts

    pending.add_file(job.counter, order.run, order.kind, seen.at, ".jpg", write)
    if order.kind is EvidenceKind.DEADLINE and seen.controls and seen.controls.pictures:
        quorum = next((zone.quorum for zone in job.tape.zones if zone.counter == job.counter), 1)
        add_pending_controls(job.counter, order.run, seen.at, seen.controls, _origin_facts(job) | {"quorum": quorum})


def _write_clip(job: _Job, order: ClipOrder) -> bool:
    """Write a clip; return False when the ring holds no packets of that time."""
    clip = job.tape.ring.cut(job.clock - BEFORE_S, job.clock + AFTER_S, job.clock)
    if clip is None:
        return False
    began = order.moment - timedelta(seconds=job.clock - clip.began)

    def write(path: Path) -> dict[str, Any]:
        return (
            _origin_facts(job) | write_mp4(clip, path) | {"at": began.isoformat(), "moment": order.moment.isoformat()}
        )

    pending.add_file(job.counter, order.run, order.kind, order.moment, ".mp4", write)
    return True


def _origin_facts(job: _Job) -> dict[str, Any]:
    polygon = next((zone.polygon for zone in job.tape.zones if zone.counter == job.counter), ())
    return {"camera": job.tape.camera, "camera_name": job.tape.name, "polygon": [list(point) for point in polygon]}


def encode_jpeg(image: np.ndarray[Any, Any], quality: int) -> bytes:
    """Encode a height x width x 3 uint8 BGR picture."""
    return cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def decode_jpeg(jpeg: bytes) -> np.ndarray[Any, Any]:
    """Return the picture as height x width x 3 uint8 BGR. Raises MuxError when it can't be decoded."""
    image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        raise MuxError("not a picture")
    return image
