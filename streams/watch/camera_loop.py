"""Run one camera: source → quality → detect → occupancy → samples.

The reading loop keeps each camera's newest wanted picture, undecoded, in a backlog; examiner threads decode and examine
them in the order in which the looks are due. Both hand-offs are bounded, and pictures that were shed are counted.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from streams.cameras.models import Camera
from streams.detect.api import Detector
from streams.evidence.recorder import CameraRecording
from streams.looks.control_group import ControlGroup
from streams.looks.control_store import ControlKeeper
from streams.looks.examiner import Examiner
from streams.looks.streets.lookout import StreetLookout
from streams.pixels.jpeg import Picture, decode_jpeg
from streams.pixels.occupancy import Blind, Sample, ZoneFinding, blind_samples, samples_from
from streams.pixels.quality import COLUMNS, INDOORS, ROWS, STREET, Quality
from streams.pixels.shapes import DrawnZone, Frame
from streams.pixels.sharpness import Sharpness, edge_sharpness
from streams.pixels.thumbs import encode_preview, encode_tile
from streams.source.client.loop import ReadingLoop
from streams.source.decoding import H265, PictureDecoder
from streams.source.gop import CodedRun, PictureBacklog
from streams.source.mp4_file import Keyframe
from streams.source.newest_picture import CameraReport, PictureView
from streams.source.packets import PacketListener
from streams.source.relay import PictureRelay
from streams.watch.look_queue import LookQueue
from streams.watch.pace import CalmnessMeter, LookPace
from streams.watch.picture_view import picture_view
from streams.watch.reading import FFMPEG, CameraReading
from streams.watch.retries import RefusedLogins, WaitingCameras

PACE_S = 1.0  # how often the pace is asked for between keyframes
STREETS_YIELD_S = 10.0  # looks at streets are due so much later: those at counters come first
RENEW_S = 60.0  # between two connections that are only to bring a keyframe

Sink = Callable[[Sequence[Sample], float], None]  # samples, monotonic seconds when their picture came
PictureSink = Callable[[int, Picture, datetime], None]  # camera id, decoded picture, when it came (aware UTC)
Pace = Callable[[int], LookPace]  # camera id → current seconds between looks
Show = Callable[[int, bytes, PictureView, bytes], None]  # camera id, JPEG, view, JPEG for the wall


@dataclass(frozen=True, slots=True)
class CameraControls:
    """The control groups of a camera's zones by the zone's id, and what keeps new controls."""

    groups: dict[int, ControlGroup]
    keeper: ControlKeeper


class CameraIngest:
    """A camera that this process reads.

    `begin` and `take` run in the reader's thread, `look` in an examiner's, `check` in the blind-check thread.
    """

    def __init__(
        self,
        camera: Camera,
        ready: "LookQueue[CameraIngest]",
        pace: Pace,
        blind_after_s: float,
        loop: ReadingLoop,
        refused: RefusedLogins,
        tape: CameraRecording | None = None,
        controls: CameraControls | None = None,
        relay: PictureRelay | None = None,
        waiting: WaitingCameras | None = None,
        listeners: Sequence[PacketListener] = (),
        pictures: PictureSink | None = None,
        streets: StreetLookout | None = None,
    ) -> None:
        self._pictures = pictures
        self._streets = streets if camera.at_point else None
        self._yield_s = STREETS_YIELD_S if camera.at_point else 0.0
        self.tape = tape
        self.controls = controls
        self.id, self.url, self.version = camera.pk, camera.full_url, config_version_of(camera)
        self.zones: tuple[DrawnZone, ...] = tuple(zone.as_zone() for zone in camera.zones.all())
        self.quality = Quality(reference_of(camera), sharpness_of(camera), STREET if camera.at_point else INDOORS)
        self.examiner: Examiner | None = None
        self.stopping = threading.Event()
        self.examining = threading.Lock()  # held during `look`
        self._ready, self._pace, self._blind_after_s = ready, pace, blind_after_s
        packets = (tape, *listeners) if tape else listeners
        self._reading = CameraReading(
            str(self.id), self.url, self, loop, refused, self._ended, camera.certificate, relay, waiting, packets
        )
        self._pinned_before = camera.certificate
        self._backlog, self._decoder = PictureBacklog(), PictureDecoder("", b"")
        self._lock = threading.Lock()  # of the backlog
        self._paced, self._paced_at = LookPace(0.0, 0.0), -PACE_S
        self._calmness = CalmnessMeter()
        self._renewed = -RENEW_S
        self._again = False  # the last picture could not be decoded
        self._seen_at: datetime | None = None  # when the newest wanted picture came
        self._beat: float | None = None  # monotonic; the next sample is due one pace later
        self._started = time.monotonic()
        self._picture_at: float | None = None  # monotonic, as the system clock may jump
        self._blind_reported = 0.0  # monotonic
        self.seen_at: datetime | None = None
        self.reason = ""
        self.problem, self.connected = "", False
        self.shed: Counter[str] = Counter()  # see Lookout.shed
        self.decode_s = 0.0

    def start(self) -> None:
        """Begin to read the camera."""
        self._reading.start()

    def stop(self) -> None:
        """Ask the reader to end."""
        self.stopping.set()
        self._reading.stop()

    def join(self, timeout_s: float) -> None:
        """Wait for a reader's thread to end, if there is one, at most timeout_s seconds."""
        self._reading.join(timeout_s)

    @property
    def reader(self) -> str:
        """What reads the camera: see CameraReading."""
        return self._reading.reader

    @property
    def new_pin(self) -> str:
        """The certificate to store with the camera, "" when there is none or it is stored."""
        return "" if self._pinned_before else self._reading.pinned

    @property
    def reconnects(self) -> int:
        """How often the camera was connected to again."""
        return self._reading.reconnects

    # The reader's thread

    def begin(self, codec: str, extradata: bytes) -> None:
        """Take up a connection. See PictureTaker."""
        with self._lock:
            self._backlog.begin(codec, extradata)

    def take(self, data: bytes, keyframe: bool, damaged: bool, at: float, clock: float) -> bool:
        """Keep a picture for the next look when it is wanted. See PictureTaker."""
        if keyframe or clock - self._paced_at > PACE_S:
            self._paced_at, self._paced = clock, self._pace(self.id)
        # Keyframes must come as often as looks when the camera is no longer calm.
        usual_s, look_s = self._paced.look_s, self._paced.between(self._calmness.calm)
        wanted = self._beat is None or clock >= self._beat + look_s or self._again
        with self._lock:
            waiting = self._backlog.ready
            ready = self._backlog.take(data, at, keyframe, damaged, clock, usual_s, wanted)
            self._seen_at = datetime.now(UTC) if ready else self._seen_at
            if not ready and self._backlog.overdue(usual_s) and clock - self._renewed >= RENEW_S:
                self._renewed = clock
                self._backlog.expect_rare_keyframes()
                return False
        if ready:
            self._offer(clock, look_s, waiting)
        return True

    def _offer(self, clock: float, look_s: float, waiting: bool) -> None:
        # The beat advances independently of when keyframes arrive, so that samples keep their pace on average.
        self._beat = clock if self._beat is None else max(self._beat + look_s, clock - look_s / 2)
        self._again = False
        if self.connected:
            self._picture_at = clock
        if not waiting:
            self._ready.put(self, clock + look_s + self._yield_s)
        else:
            self.shed[f"{look_s:g}"] += 1

    def _ended(self, problem: str) -> None:
        """Note that the connection ended, and why."""
        self.connected, self.problem = False, problem

    # The examiner's thread

    def look(self, detector: Detector, show: Show | None = None) -> tuple[list[Sample], float, tuple[ZoneFinding, ...]]:
        """Examine the newest wanted picture. Return its samples, the monotonic time when it came, and its findings.

        Returns ([], 0.0, ()) when there is none or it is damaged. `show` gets the picture with its view.
        """
        with self._lock:
            run, at = self._backlog.collect(), self._seen_at
        image = self._decode(run) if run else None
        if run is None or image is None:
            return [], 0.0, ()
        frame, decoded = Frame(image, at or datetime.now(UTC)), run.clock
        keyframe = Keyframe(run.codec, run.extradata, run.pictures[0]) if self.tape and run.alone else None
        self.seen_at = frame.at
        if self._pictures:
            self._pictures(self.id, frame.image, frame.at)
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
            if self._streets:
                self._streets.look(self.id, frame, run.clock)
        else:
            samples = blind_samples(self.zones, fault, frame.at)
        self._calmness.note(sample.look for sample in samples)
        if self.tape:
            self.tape.looked(frame, keyframe, findings, samples)
        if show is not None:
            show(
                self.id,
                encode_preview(frame.image),
                picture_view(frame, self.zones, findings, samples, self.reason),
                encode_tile(frame.image),
            )
        return samples, decoded, findings

    def _decode(self, run: CodedRun) -> np.ndarray | None:
        """Return the run's last picture, None when it is damaged: then the next keyframe is wanted at once."""
        if (run.codec, run.extradata) != (self._decoder.codec, self._decoder.extradata):
            self._decoder = PictureDecoder(run.codec, run.extradata)
        began = time.thread_time()
        image = self._decoder.newest(run)
        self.decode_s += time.thread_time() - began
        if image is None:
            self._again = True
        else:
            self._picture_at = max(self._picture_at or 0.0, run.clock)
            self.connected, self.problem = True, ""
        return image

    def check(self, now: float, at: datetime) -> list[Sample]:
        """Return BLIND samples when no picture has come for too long, at most once per sampling interval.

        `now` is monotonic seconds, `at` the samples' time (aware UTC).
        """
        newest = self._picture_at if self._picture_at is not None else self._started
        if now - newest <= self._longest_gap_s() or now - self._blind_reported < self._pace(self.id).look_s:
            return []
        self._blind_reported = now
        fault = Blind.STALE if self.connected and not self.problem else Blind.OFFLINE
        self.reason = fault.value
        return blind_samples(self.zones, fault, at)

    def _longest_gap_s(self) -> float:
        """Return how long ago the newest wanted picture of a healthy camera may have come."""
        # Looks may be rare. A camera whose connection ended sends nothing, however rarely pictures are wanted.
        look_s = self._pace(self.id).between(self._calmness.calm and not self.problem)
        return max(self._blind_after_s, look_s * 1.5)

    def report(self, holder: str) -> CameraReport:
        """Return the camera's health. `holder` is this process's name."""
        now, gop, codec = time.monotonic(), self._backlog.gop, self._backlog.codec
        (width, height) = self._decoder.size
        fresh = self._picture_at is not None and now - self._picture_at <= self._longest_gap_s()
        state = "online" if fresh and self.connected else "opening" if not self.problem else "offline"
        warnings = []
        if self._backlog.rare(self._pace(self.id).look_s):
            warnings.append("long_gop")
        if codec in H265:
            warnings.append("h265")
        if self.reader == FFMPEG:
            warnings.append("ffmpeg")
        return {
            "state": state,
            "reason": self.reason,
            "problem": self.problem,
            "picture_at": self.seen_at.isoformat() if self.seen_at else None,
            "fps": round(gop.fps, 2),
            "gop": gop.pictures,
            "gop_s": round(gop.seconds, 2) if gop.seconds is not None else None,
            "codec": codec,
            "width": width,
            "height": height,
            "reconnects": self.reconnects,
            "dropped": self.shed.total(),
            "holder": holder,
            "at": datetime.now(UTC).isoformat(),
            "warnings": warnings,
            "reader": self.reader,
        }


def reference_of(camera: Camera) -> np.ndarray | None:
    """Return the stored quality.signature of the view on which the zones were drawn, or None."""
    return np.frombuffer(bytes(camera.reference), np.uint8).reshape(ROWS, COLUMNS) if camera.reference else None


def sharpness_of(camera: Camera) -> Sharpness | None:
    """Return the sharpness of the stored reference picture, or None when there is none."""
    image = decode_jpeg(bytes(camera.reference_jpeg or b""))
    return None if image is None else edge_sharpness(image)


def config_version_of(camera: Camera) -> tuple[Any, ...]:
    """Return a value that changes when the reader must restart: address, reference, zones or quorum changed."""
    zones = sorted((zone.pk, zone.changed_at, zone.counter.quorum, zone.counter.active) for zone in camera.zones.all())
    return camera.full_url, camera.certificate, bytes(camera.reference or b""), camera.reference_at, tuple(zones)
