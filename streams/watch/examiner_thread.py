"""Keep a reader thread per camera, examine their pictures in one thread and pass the samples on."""

import ctypes
import logging
import queue
import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from streams.cameras.models import Camera
from streams.detect.api import Detector
from streams.evidence.recorder import Recording
from streams.looks.control_choice import ENOUGH
from streams.looks.control_store import ControlKeeper, control_groups
from streams.pixels.occupancy import DetectionStep, ZoneFinding
from streams.source.newest_picture import CameraReport
from streams.watch.camera_loop import CameraControls, CameraIngest, Pace, Show, Sink, config_version_of

log = logging.getLogger(__name__)

M_ARENA_MAX, ARENAS = -8, 2  # malloc.h
M_MMAP_THRESHOLD, LARGE = -3, 128 << 10
M_TRIM_THRESHOLD, SPARE = -1, 2 << 20
STOP_S = 2.0
CHECK_S = 1.0
OPEN_GAP_S = 0.02  # between starts, so that the first pictures of a hundred cameras don't come at once


class Lookout:
    """Read the cameras given to `hold` and pass their samples to `sink` until `stop`.

    blind_after_s: seconds without a picture after which a camera's counters are BLIND.
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
    ) -> None:
        self._recording = recording
        self._keeper = keeper
        self._detector, self._sink, self._pace, self._show = detector, sink, pace, show
        self._blind_after_s = blind_after_s
        self._ready: queue.SimpleQueue[CameraIngest | None] = queue.SimpleQueue()
        self._ingests: dict[int, CameraIngest] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._dropped_by_gone = 0
        self.settled_by: Counter[str] = Counter()  # by occupancy.DetectionStep, or Blind value
        self.looks_by_kind: Counter[str] = Counter()  # unchanged, examined, blind
        self.spent_s: defaultdict[str, float] = defaultdict(float)  # processor seconds by the same kinds
        self._look_times: deque[float] = deque(maxlen=100_000)
        self._threads = [
            threading.Thread(target=self._examine, name="examiner", daemon=True),
            threading.Thread(target=self._check, name="blind-check", daemon=True),
        ]

    def start(self) -> None:
        """Tune malloc for many readers and start the examiner and blindness threads."""
        # By default each of a hundred readers would get its own arena and never return it.
        malloc = ctypes.CDLL(None)
        malloc.mallopt(M_ARENA_MAX, ARENAS)
        # Return pictures to the system when freed; malloc's dynamic threshold would keep them, 50 MB in all.
        malloc.mallopt(M_MMAP_THRESHOLD, LARGE)
        # Keep the heap that packets use: trimmed each time, its pages would have to be zeroed again each time.
        malloc.mallopt(M_TRIM_THRESHOLD, SPARE)
        for thread in self._threads:
            thread.start()

    def hold(self, cameras: Iterable[Camera], control_shares: Mapping[int, float] | None = None) -> None:
        """Start, stop and restart (address or zones changed) readers so that exactly these cameras are read.

        control_shares: by counter, the share of its controls that must be seen where it is not `ENOUGH`.
        """
        wanted = {camera.pk: camera for camera in cameras}
        for pk, ingest in list(self._ingests.items()):
            if pk not in wanted or config_version_of(wanted[pk]) != ingest.version:
                self._drop(pk, ingest)
        for pk, camera in wanted.items():
            if pk in self._ingests or self._stopping.is_set():
                continue
            tape = self._recording.tape(camera) if self._recording else None
            controls = CameraControls(control_groups(camera), self._keeper) if self._keeper else None
            ingest = CameraIngest(camera, self._ready, self._pace, self._blind_after_s, tape, controls)
            with self._lock:
                self._ingests[pk] = ingest
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
        self._dropped_by_gone += ingest.dropped

    def stop(self) -> None:
        """Stop all readers within STOP_S. A daemon thread that waits on a dead connection is left behind."""
        self._stopping.set()
        self._ready.put(None)
        until = time.monotonic() + STOP_S
        ingests = self._held()
        for ingest in ingests:
            ingest.stop()
        for ingest in ingests:
            ingest.join(max(0.0, until - time.monotonic()))
        self._threads[0].join(max(0.1, until - time.monotonic()))

    def reports(self, holder: str) -> dict[int, CameraReport]:
        """Return each camera's health report by id; `holder` is this process's name."""
        return {ingest.id: ingest.report(holder) for ingest in self._held()}

    @property
    def dropped(self) -> int:
        """Pictures that were replaced before they were examined."""
        return self._dropped_by_gone + sum(ingest.dropped for ingest in self._held())

    @property
    def decode_s(self) -> float:
        """Processor seconds that the current readers have spent on decoding and converting."""
        return sum(ingest.decode_s for ingest in self._held())

    def looks_per_minute(self) -> float:
        """Return the number of pictures examined in the last minute."""
        since = time.monotonic() - 60
        while self._look_times and self._look_times[0] < since:
            self._look_times.popleft()
        return float(len(self._look_times))

    def _held(self) -> list[CameraIngest]:
        with self._lock:
            return list(self._ingests.values())

    def _examine(self) -> None:
        while (ingest := self._ready.get()) is not None and not self._stopping.is_set():
            if ingest.stopping.is_set():
                continue  # no longer held by this process
            began = time.thread_time()
            try:
                samples, decoded, findings = ingest.look(self._detector, self._show)
            except Exception:  # one camera's odd picture must not stop the others
                log.exception("examining camera %s failed", ingest.id)
                continue
            self.settled_by.update([str(finding.step) for finding in findings] or [sample.reason for sample in samples])
            kind = "blind" if not findings else "unchanged" if _nothing_changed(findings) else "examined"
            self.spent_s[kind] += time.thread_time() - began
            self.looks_by_kind[kind] += 1
            self._look_times.append(time.monotonic())
            if samples:
                self._sink(samples, decoded)

    def _check(self) -> None:
        while not self._stopping.wait(CHECK_S):
            now, at = time.monotonic(), datetime.now(UTC)
            samples = [sample for ingest in self._held() for sample in ingest.check(now, at)]
            if samples:
                self._sink(samples, now)


def _nothing_changed(findings: Iterable[ZoneFinding]) -> bool:
    return all(finding.step is DetectionStep.UNCHANGED for finding in findings)
