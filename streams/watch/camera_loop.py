"""One camera's loop: source → quality → detect → occupancy → samples.

A reader thread a camera keeps the newest wanted picture in a slot; one examiner thread takes the cameras whose
slot is filled, in the order they filled it, and looks. Both hand on through bounded places and count what is lost.
"""

import logging
import queue
import random
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import cv2
import numpy as np

from streams.cameras.models import Camera
from streams.detect.api import Detector
from streams.detect.examiner import Examiner
from streams.evidence.recorder import CameraRecording
from streams.pixels.occupancy import Blind, Sample, ZoneFinding, blind_samples, samples_from
from streams.pixels.quality import COLUMNS, ROWS, Quality
from streams.pixels.shapes import DrawnZone, Frame
from streams.pixels.sharpness import Sharpness, edge_sharpness
from streams.pixels.thumbs import encode_preview, encode_tile
from streams.source.mp4_file import Keyframe
from streams.source.rtsp import H265, Source, SourceError

log = logging.getLogger(__name__)

RETRY_FIRST_S, RETRY_LONGEST_S = 1.0, 60.0
STEADY_S = 30.0  # a connection that held for so long starts the backoff anew
TOO_FAR_BEHIND_S = 5.0

Sink = Callable[[Sequence[Sample], float], None]  # samples, monotonic seconds when their picture was decoded
Pace = Callable[[int], float]  # camera → seconds between looks at present
Show = Callable[[int, bytes, dict[str, Any], bytes], None]  # camera, JPEG, view, JPEG for a wall


class CameraIngest:
    """A camera held by this process. `run` reads in a thread of its own, `look` and `check` run in the examiner's."""

    def __init__(
        self,
        camera: Camera,
        ready: "queue.SimpleQueue[CameraIngest | None]",
        pace: Pace,
        blind_after_s: float,
        tape: CameraRecording | None = None,
    ):
        self.tape = tape
        self.id, self.url, self.version = camera.pk, camera.full_url, config_version_of(camera)
        self.zones: tuple[DrawnZone, ...] = tuple(zone.as_zone() for zone in camera.zones.all())
        self.quality = Quality(reference_of(camera), sharpness_of(camera))
        self.examiner: Examiner | None = None
        self.stopping = threading.Event()
        self._ready, self._pace, self._blind_after_s = ready, pace, blind_after_s
        self._slot: tuple[Frame, float, Keyframe | None] | None = None
        self._slot_lock = threading.Lock()
        self._beat: float | None = None  # monotonic: the beat of looks; each is due one pace after it
        self._started = time.monotonic()
        self._picture_at: float | None = None  # monotonic; the clock on the wall may jump
        self._blind_told = 0.0
        self.seen_at: datetime | None = None
        self.reason = ""
        self.problem, self.connected = "", False
        self.dropped = self.reconnects = 0
        self.decode_s = 0.0
        self._source: Source | None = None
        self._thread = threading.Thread(target=self.run, name=f"camera-{self.id}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ask the reader to end. It is a daemon: one that waits in a dead connection is left to its time-out."""
        self.stopping.set()

    def join(self, timeout_s: float) -> None:
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
            except Exception:  # one camera's surprise must not end its thread
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
        """Open, read until the stream ends or fails. Raises SourceError."""
        with Source(self.url) as source:
            self._source = source
            if self.tape:
                self.tape.begin(source)
            for packet in source:
                if self.stopping.is_set():
                    return
                if source.lag_s > TOO_FAR_BEHIND_S:
                    # Buffered while this process was stopped: old pictures must not pass for new ones.
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
        # Keyframes come when they like: the beat goes on by itself, so that looks keep their pace on average.
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
        """Judge the picture in the slot. Returns samples, when it was decoded, and what was found in it."""
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
                self.examiner = Examiner(detector, self.zones)
            findings = tuple(self.examiner.look(frame))
            told = samples_from(self.zones, findings, frame.at)
        else:
            told = blind_samples(self.zones, fault, frame.at)
        if self.tape:
            self.tape.looked(frame, keyframe, findings, told)
        if show is not None:
            show(self.id, encode_preview(frame.image), self._view(frame, findings, told), encode_tile(frame.image))
        return told, decoded, findings

    def check(self, now: float, at: datetime) -> list[Sample]:
        """BLIND samples, once a look interval, when no picture has come for too long. `now` is monotonic."""
        newest = self._picture_at if self._picture_at is not None else self._started
        look_s = self._pace(self.id)
        # Outside duty pictures are wanted rarely; their absence in between says nothing.
        if now - newest <= max(self._blind_after_s, look_s * 1.5) or now - self._blind_told < look_s:
            return []
        self._blind_told = now
        fault = Blind.STALE if self.connected and not self.problem else Blind.OFFLINE
        self.reason = fault.value
        return blind_samples(self.zones, fault, at)

    def _view(self, frame: Frame, findings: Sequence[ZoneFinding], told: Sequence[Sample]) -> dict[str, Any]:
        height, width = frame.image.shape[:2]
        by_zone = {finding.zone: finding for finding in findings}
        by_counter = {sample.counter: sample for sample in told}
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

    def report(self, holder: str) -> dict[str, Any]:
        """The camera's health, JSON-ready, as streams.source.newest_picture.read_health hands it out."""
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
    """The stored quality.signature of the view when its zones were drawn."""
    return np.frombuffer(bytes(camera.reference), np.uint8).reshape(ROWS, COLUMNS) if camera.reference else None


def sharpness_of(camera: Camera) -> Sharpness | None:
    """How sharp the stored picture of that view is."""
    if not camera.reference_jpeg:
        return None
    image = cv2.imdecode(np.frombuffer(bytes(camera.reference_jpeg), np.uint8), cv2.IMREAD_COLOR)
    return None if image is None else edge_sharpness(image)


def config_version_of(camera: Camera) -> tuple[Any, ...]:
    """Changes when the reader has to start anew: another address, reference, zone, or quorum."""
    zones = sorted((zone.pk, zone.changed_at, zone.counter.quorum, zone.counter.active) for zone in camera.zones.all())
    return camera.full_url, bytes(camera.reference or b""), camera.reference_at, tuple(zones)
