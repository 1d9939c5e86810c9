"""Read the cameras in one loop, examine their pictures in a few threads and pass the samples on."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from streams.cameras.models import Camera
from streams.detect.api import Detector
from streams.evidence.recorder import Recording
from streams.looks.control_choice import ENOUGH
from streams.looks.control_store import ControlKeeper, control_groups
from streams.looks.streets.lookout import StreetLookout
from streams.pixels.occupancy import Sample
from streams.servers.memory import return_free_memory
from streams.source.client.loop import ReadingLoop
from streams.source.newest_picture import CameraReport
from streams.source.packets import PacketListener
from streams.source.relay import PictureRelay
from streams.watch.camera_loop import CameraControls, CameraIngest, Pace, PictureSink, Show, Sink, config_version_of
from streams.watch.look_queue import LookQueue
from streams.watch.look_stats import LookStats
from streams.watch.retries import RefusedLogins, WaitingCameras

log = logging.getLogger(__name__)

STOP_S = 2.0
CHECK_S = 1.0
TRIM_S = 60.0
OPEN_GAP_S = 0.02  # between starts, so that the first pictures of a hundred cameras don't come at once
MOST_STARTS = 250  # in one call of `hold`, as its caller must renew the leases meanwhile


class Lookout:
    """Read the cameras given to `hold` and pass their samples to `sink` until `stop`.

    blind_after_s: seconds without a picture after which a camera's counters are BLIND; threads: that examine
    pictures; relay_folder: of the socket at which other programs get the cameras' pictures; listening: each makes what
    takes a camera's packets, besides the recording of evidence; pictures: takes every decoded picture, sharp or not;
    streets: looks for hints on the pictures of street points.
    """

    def __init__(
        self,
        detector: Detector,
        sink: Sink,
        pace: Pace,
        blind_after_s: float,
        show: Show | None = None,
        recording: Recording | None = None,
        keeper: ControlKeeper | None = None,
        threads: int = 1,
        relay_folder: Path | None = None,
        listening: Sequence[Callable[[Camera], PacketListener]] = (),
        pictures: PictureSink | None = None,
        streets: StreetLookout | None = None,
    ) -> None:
        self._recording, self._listening, self._pictures, self._streets = recording, listening, pictures, streets
        self._keeper = keeper
        self._detector, self._sink, self._pace, self._show = detector, sink, pace, show
        self._blind_after_s = blind_after_s
        self._reading, self._refused, self._waiting = ReadingLoop(), RefusedLogins(), WaitingCameras()
        self._relay = PictureRelay(self._reading, relay_folder) if relay_folder else None
        self._ready: LookQueue[CameraIngest] = LookQueue()
        self._ingests: dict[int, CameraIngest] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._shed_by_gone: Counter[str] = Counter()
        self.stats = LookStats()
        self.examiners = [threading.Thread(target=self._examine, name="examiner", daemon=True) for _ in range(threads)]
        self._check_thread = threading.Thread(target=self._check, name="blind-check", daemon=True)

    def start(self) -> None:
        """Start the threads."""
        self._start_relay()
        self._reading.start()
        for thread in (*self.examiners, self._check_thread):
            thread.start()

    def _start_relay(self) -> None:
        try:
            if self._relay:
                self._relay.start()
        except OSError as error:  # a path that is too long for a socket, a disk that is full
            log.warning("Live view needs connections of its own: %s", error)
            self._relay = None

    def hold(self, cameras: Iterable[Camera], control_shares: Mapping[int, float] | None = None) -> None:
        """Start, stop and restart (address or zones changed) readers so that exactly these cameras are read.

        At most MOST_STARTS are started; call it again for the others.
        control_shares: by counter, the share of its controls that must be seen where it is not `ENOUGH`.
        """
        wanted = {camera.pk: camera for camera in cameras}
        for pk, ingest in list(self._ingests.items()):
            if pk not in wanted or config_version_of(wanted[pk]) != ingest.version:
                self._drop(pk, ingest)
        new = [camera for pk, camera in wanted.items() if pk not in self._ingests]
        for camera in new[:MOST_STARTS]:
            if self._stopping.is_set():
                break
            # Evidence is kept of counters, which points have none of.
            tape = self._recording.tape(camera) if self._recording and not camera.at_point else None
            controls = CameraControls(control_groups(camera), self._keeper) if self._keeper else None
            # Of two cameras with one address only one is relayed: viewers would get each picture twice.
            relayed = all(other.url != camera.full_url for other in self._ingests.values())
            ingest = CameraIngest(
                camera,
                self._ready,
                self._pace,
                self._blind_after_s,
                self._reading,
                self._refused,
                tape,
                controls,
                self._relay if relayed else None,
                self._waiting,
                [listen(camera) for listen in self._listening],
                self._pictures,
                self._streets,
            )
            with self._lock:
                self._ingests[camera.pk] = ingest
            ingest.start()
            time.sleep(OPEN_GAP_S)
        for ingest in self._held():
            for group in ingest.controls.groups.values() if ingest.controls else ():
                group.require((control_shares or {}).get(group.counter, ENOUGH))

    def _drop(self, pk: int, ingest: CameraIngest) -> None:
        ingest.stop()
        if self._recording and ingest.tape:
            self._recording.drop(ingest.tape)
        with self._lock:
            del self._ingests[pk]
        self._shed_by_gone.update(ingest.shed)

    def stop(self) -> None:
        """Stop all readers within STOP_S. A daemon thread that waits on a dead connection is left behind."""
        self._stopping.set()
        self._ready.close()
        until = time.monotonic() + STOP_S
        ingests = self._held()
        for ingest in ingests:
            ingest.stop()
        self._reading.stop()
        if self._relay:
            self._relay.stop()
        for ingest in ingests:
            ingest.join(max(0.0, until - time.monotonic()))
        for thread in self.examiners:
            thread.join(max(0.1, until - time.monotonic()))

    def reports(self, holder: str) -> dict[int, CameraReport]:
        """Return each camera's health report by id; `holder` is this process's name."""
        return {ingest.id: ingest.report(holder) for ingest in self._held()}

    def new_pins(self) -> dict[int, str]:
        """Return by camera's id the certificates that were pinned and are not stored with their camera."""
        return {ingest.id: ingest.new_pin for ingest in self._held() if ingest.new_pin}

    @property
    def shed(self) -> Counter[str]:
        """Pictures that were replaced before they were examined, by the seconds between looks: "5", "15"."""
        return sum((ingest.shed.copy() for ingest in self._held()), self._shed_by_gone)  # copied: the loop adds to them

    @property
    def dropped(self) -> int:
        """All pictures that were replaced before they were examined."""
        return self.shed.total()

    def readers(self) -> Counter[str]:
        """Return how many cameras are read by the loop and by FFmpeg."""
        return Counter(ingest.reader for ingest in self._held())

    @property
    def decode_s(self) -> float:
        """Processor seconds that the current readers have spent on decoding and converting."""
        return sum(ingest.decode_s for ingest in self._held())

    @property
    def controls_s(self) -> float:
        """Processor seconds that the control groups of the current readers have taken."""
        controls = [ingest.controls for ingest in self._held() if ingest.controls]
        return sum(group.spent_s for one in controls for group in one.groups.values())

    def _held(self) -> list[CameraIngest]:
        with self._lock:
            return list(self._ingests.values())

    def _examine(self) -> None:
        while (ingest := self._ready.get()) is not None:
            if ingest.stopping.is_set():
                continue  # no longer held by this process
            try:
                with ingest.examining:
                    samples, came = self._look(ingest)
            except Exception:  # one camera's odd picture must not stop the others
                log.exception("examining camera %s failed", ingest.id, extra={"camera": ingest.id})
                continue
            if samples:
                self._sink(samples, came)

    def _look(self, ingest: CameraIngest) -> tuple[list[Sample], float]:
        """Examine a camera's picture; return its samples, none if it is damaged, and when it came."""
        taken, began, decoding_s = time.monotonic(), time.thread_time(), ingest.decode_s
        samples, came, findings = ingest.look(self._detector, self._show)
        if came:
            spent_s = time.thread_time() - began - (ingest.decode_s - decoding_s)
            self.stats.note(findings, samples, spent_s, taken - came)
        return samples, came

    def _check(self) -> None:
        trimmed = time.monotonic()
        while not self._stopping.wait(CHECK_S):
            now, at = time.monotonic(), datetime.now(UTC)
            if now - trimmed >= TRIM_S:
                trimmed = now
                return_free_memory()
            samples = [sample for ingest in self._held() for sample in ingest.check(now, at)]
            if samples:
                self._sink(samples, now)
