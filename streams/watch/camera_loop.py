"""Run one camera: source → quality → detect → occupancy → samples.

Each camera's reader thread keeps the newest wanted picture in a slot; one examiner thread examines the filled slots
in the order they were filled. Both hand-offs are bounded, and dropped pictures are counted.
"""

import logging
import queue
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import cv2
import numpy as np

from streams.cameras.models import Camera
from streams.detect.api import Detector
from streams.evidence.recorder import CameraRecording
from streams.looks.control_group import ControlGroup
from streams.looks.control_store import ControlKeeper
from streams.looks.examiner import Examiner
from streams.pixels.occupancy import Blind, Sample, ZoneFinding, blind_samples, samples_from
from streams.pixels.quality import COLUMNS, ROWS, Quality
from streams.pixels.shapes import DrawnZone, Frame
from streams.pixels.sharpness import Sharpness, edge_sharpness
from streams.pixels.thumbs import encode_preview, encode_tile
from streams.source.mp4_file import Keyframe
from streams.source.newest_picture import CameraReport, PictureView
from streams.source.rtsp import H265, Source, SourceError

log = logging.getLogger(__name__)

RETRY_FIRST_S, RETRY_LONGEST_S = 1.0, 60.0
STEADY_S = 30.0  # a connection that lasted this long resets the backoff
TOO_FAR_BEHIND_S = 5.0

Sink = Callable[[Sequence[Sample], float], None]  # samples, monotonic seconds when their picture was decoded
Pace = Callable[[int], float]  # camera id → current seconds between samples
Show = Callable[[int, bytes, PictureView, bytes], None]  # camera id, JPEG, view, JPEG for the wall


@dataclass(frozen=True, slots=True)
class CameraControls:
    """The control groups of a camera's zones by the zone's id, and what keeps new controls."""

    groups: dict[int, ControlGroup]
    keeper: ControlKeeper


class CameraIngest:
    """A camera that this process reads.

    `run` runs in the camera's own reader thread, `look` in the examiner's, `check` in the blind-check thread.
    """

    def __init__(
        self,
        camera: Camera,
        ready: "queue.SimpleQueue[CameraIngest | None]",
        pace: Pace,
        blind_after_s: float,
        tape: CameraRecording | None = None,
        controls: CameraControls | None = None,
    ) -> None:
        self.tape = tape
        self.controls = controls
        self.id, self.url, self.version = camera.pk, camera.full_url, config_version_of(camera)
        self.zones: tuple[DrawnZone, ...] = tuple(zone.as_zone() for zone in camera.zones.all())
        self.quality = Quality(reference_of(camera), sharpness_of(camera))
        self.examiner: Examiner | None = None
        self.stopping = threading.Event()
        self._ready, self._pace, self._blind_after_s = ready, pace, blind_after_s
        self._slot: tuple[Frame, float, Keyframe | None] | None = None
        self._slot_lock = threading.Lock()
        self._beat: float | None = None  # monotonic; the next sample is due one pace later
        self._started = time.monotonic()
        self._picture_at: float | None = None  # monotonic, as the system clock may jump
        self._blind_reported = 0.0  # monotonic
        self.seen_at: datetime | None = None
        self.reason = ""
        self.problem, self.connected = "", False
        self.dropped = self.reconnects = 0
        self.decode_s = 0.0
        self._source: Source | None = None
        self._thread = threading.Thread(target=self.run, name=f"camera-{self.id}", daemon=True)

    def start(self) -> None:
        """Start the reader thread."""
        self._thread.start()

    def stop(self) -> None:
        """Ask the reader to end. A daemon thread that waits on a dead connection is left to its time-out."""
        self.stopping.set()

    def join(self, timeout_s: float) -> None:
        """Wait for the reader thread to end, at most timeout_s seconds."""
        self._thread.join(timeout_s)

    # The reader's thread

    def run(self) -> None:
        """Reconnect with exponential backoff and jitter until stopped."""
        wait_s = RETRY_FIRST_S
        while not self.stopping.is_set():
            began = time.monotonic()
            try:
                self.run_once()
                self.problem = "broken"  # the camera ended the stream by itself
            except SourceError as error:
                self.problem = error.problem
                log.info("camera %s: %s (%s)", self.id, error.problem, error.detail)
            except Exception:  # an unexpected error must not end the camera's thread
                self.problem = "broken"
                log.exception("camera %s", self.id)
            self.connected = False
            if time.monotonic() - began > STEADY_S:
                wait_s = RETRY_FIRST_S
            if self.stopping.wait(wait_s * random.uniform(0.7, 1.3)):  # noqa: S311 jitter, not a secret
                return
            wait_s = min(RETRY_LONGEST_S, wait_s * 2)
            self.reconnects += 1

    def run_once(self) -> None:
        """Open the camera and read until the stream ends or `stop` is called. Raises SourceError."""
        with Source(self.url) as source:
            self._source = source
            if self.tape:
                self.tape.begin(source)
            for packet in source:
                if self.stopping.is_set():
                    return
                if source.lag_s > TOO_FAR_BEHIND_S:
                    # Buffered while this process was suspended: old pictures must not be taken for current ones.
                    raise SourceError("timeout", f"{source.lag_s:.0f} s behind the camera")
                if self.tape:
                    self.tape.add(packet, source.clock)
                if not source.shows(packet):
                    continue
                look_s = self._pace(self.id)
                wanted = self._beat is None or source.clock >= self._beat + look_s
                frame = source.picture(packet, wanted, look_s)
                self.decode_s += source.decode_s
                source.decode_s = 0.0
                if frame is not None:
                    self.connected, self.problem = True, ""
                    self._offer(frame, look_s, source.keyframe(packet) if self.tape else None)

    def _offer(self, frame: Frame, look_s: float, keyframe: Keyframe | None) -> None:
        now = time.monotonic()
        # The beat advances independently of when keyframes arrive, so that samples keep their pace on average.
        self._beat = now if self._beat is None else max(self._beat + look_s, now - look_s / 2)
        self._picture_at = now
        with self._slot_lock:
            waiting, self._slot = self._slot, (frame, now, keyframe)
        if waiting is None:
            self._ready.put(self)
        else:
            self.dropped += 1

    # The examiner's thread

    def look(self, detector: Detector, show: Show | None = None) -> tuple[list[Sample], float, tuple[ZoneFinding, ...]]:
        """Examine the picture in the slot. Return its samples, its monotonic decoding time and its findings.

        Returns ([], 0.0, ()) when the slot is empty. `show` gets the picture with its view.
        """
        with self._slot_lock:
            taken, self._slot = self._slot, None
        if taken is None:
            return [], 0.0, ()
        frame, decoded, keyframe = taken
        self.seen_at = frame.at
        fault = self.quality.judge(frame.image, frame.at)
        self.reason = fault.value if fault else ""
        findings: tuple[ZoneFinding, ...] = ()
        if fault is None:
            if self.examiner is None:
                self.examiner = Examiner(detector, self.zones, controls=self.controls.groups if self.controls else None)
            findings = tuple(self.examiner.look(frame))
            if self.controls:
                self.controls.keeper.offer(frame, self.zones, findings, self.controls.groups)
            samples = samples_from(self.zones, findings, frame.at)
        else:
            samples = blind_samples(self.zones, fault, frame.at)
        if self.tape:
            self.tape.looked(frame, keyframe, findings, samples)
        if show is not None:
            show(self.id, encode_preview(frame.image), self._view(frame, findings, samples), encode_tile(frame.image))
        return samples, decoded, findings

    def check(self, now: float, at: datetime) -> list[Sample]:
        """Return BLIND samples when no picture has come for too long, at most once per sampling interval.

        `now` is monotonic seconds, `at` the samples' time (aware UTC).
        """
        newest = self._picture_at if self._picture_at is not None else self._started
        look_s = self._pace(self.id)
        # Outside duty hours pictures are wanted rarely, so a long gap is normal.
        if now - newest <= max(self._blind_after_s, look_s * 1.5) or now - self._blind_reported < look_s:
            return []
        self._blind_reported = now
        fault = Blind.STALE if self.connected and not self.problem else Blind.OFFLINE
        self.reason = fault.value
        return blind_samples(self.zones, fault, at)

    def _view(self, frame: Frame, findings: Sequence[ZoneFinding], samples: Sequence[Sample]) -> PictureView:
        height, width = frame.image.shape[:2]
        by_zone = {finding.zone: finding for finding in findings}
        by_counter = {sample.counter: sample for sample in samples}
        return {
            "at": frame.at.isoformat(),
            "width": width,
            "height": height,
            "reason": self.reason,
            "boxes": sorted(
                {
                    (round(b.x0, 4), round(b.y0, 4), round(b.x1, 4), round(b.y1, 4), round(b.score, 2))
                    for finding in findings
                    for b in finding.boxes
                }
            ),
            "ignored": sorted(
                {tuple(round(v, 4) for v in (b.x0, b.y0, b.x1, b.y1)) for f in findings for b in f.ignored}
            ),
            "zones": [
                {
                    "id": zone.id,
                    "counter": zone.counter,
                    "polygon": zone.polygon,
                    "look": by_counter[zone.counter].look,
                    "people": by_counter[zone.counter].people,
                    "step": by_zone[zone.id].step if zone.id in by_zone else "",
                }
                for zone in self.zones
            ],
        }

    def report(self, holder: str) -> CameraReport:
        """Return the camera's health. `holder` is this process's name."""
        source, now = self._source, time.monotonic()
        fresh = self._picture_at is not None and now - self._picture_at <= max(
            self._blind_after_s, self._pace(self.id) * 1.5
        )
        state = "online" if fresh and self.connected else "opening" if not self.problem else "offline"
        gop = source.gop if source else None
        warnings = []
        if gop and gop.seconds and gop.seconds > self._pace(self.id):
            warnings.append("long_gop")
        if source and source.codec in H265:
            warnings.append("h265")
        return {
            "state": state,
            "reason": self.reason,
            "problem": self.problem,
            "picture_at": self.seen_at.isoformat() if self.seen_at else None,
            "fps": round(source.fps, 2) if source else 0.0,
            "gop": gop.pictures if gop else None,
            "gop_s": round(gop.seconds, 2) if gop and gop.seconds is not None else None,
            "codec": source.codec if source else "",
            "width": source.size[0] if source else 0,
            "height": source.size[1] if source else 0,
            "reconnects": self.reconnects,
            "dropped": self.dropped,
            "holder": holder,
            "at": datetime.now(UTC).isoformat(),
            "warnings": warnings,
        }


def reference_of(camera: Camera) -> np.ndarray | None:
    """Return the stored quality.signature of the view on which the zones were drawn, or None."""
    return np.frombuffer(bytes(camera.reference), np.uint8).reshape(ROWS, COLUMNS) if camera.reference else None


def sharpness_of(camera: Camera) -> Sharpness | None:
    """Return the sharpness of the stored reference picture, or None when there is none."""
    if not camera.reference_jpeg:
        return None
    image = cv2.imdecode(np.frombuffer(bytes(camera.reference_jpeg), np.uint8), cv2.IMREAD_COLOR)
    return None if image is None else edge_sharpness(image)


def config_version_of(camera: Camera) -> tuple[Any, ...]:
    """Return a value that changes when the reader must restart: address, reference, zones or quorum changed."""
    zones = sorted((zone.pk, zone.changed_at, zone.counter.quorum, zone.counter.active) for zone in camera.zones.all())
    return camera.full_url, bytes(camera.reference or b""), camera.reference_at, tuple(zones)
