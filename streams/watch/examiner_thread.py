"""Many cameras, one examiner: keeps a reader a camera, looks at their pictures in turn, hands samples on."""

import ctypes
import logging
import queue
import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from streams.cameras.models import Camera
from streams.detect.api import Detector
from streams.evidence.recorder import Recording
from streams.pixels.occupancy import DetectionStep, ZoneFinding
from streams.watch.camera_loop import CameraIngest, Pace, Show, Sink, config_version_of

log = logging.getLogger(__name__)

M_ARENA_MAX, ARENAS = -8, 2  # malloc.h
M_MMAP_THRESHOLD, LARGE = -3, 128 << 10
M_TRIM_THRESHOLD, SPARE = -1, 2 << 20
STOP_S = 2.0
CHECK_S = 1.0
OPEN_GAP_S = 0.02  # between starts: the first pictures of a hundred cameras must not come at once


class Lookout:
    """`hold` the cameras that this process should read; samples go to `sink` until `stop`."""

    def __init__(
        self,
        detector: Detector,
        sink: Sink,
        pace: Pace,
        blind_after_s: float,
        show: Show | None = None,
        recording: Recording | None = None,
    ) -> None:
        self._recording = recording
        self._detector, self._sink, self._pace, self._show = detector, sink, pace, show
        self._blind_after_s = blind_after_s
        self._ready: queue.SimpleQueue[CameraIngest | None] = queue.SimpleQueue()
        self._ingests: dict[int, CameraIngest] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._dropped_by_gone = 0
        self.settled_by: Counter[str] = Counter()  # occupancy.DetectionStep, or the reason why blind
        self.looks_by_kind: Counter[str] = Counter()  # unchanged, examined, blind
        self.spent_s: defaultdict[str, float] = defaultdict(float)  # processor time of those looks
        self._look_times: deque[float] = deque(maxlen=100_000)
        self._threads = [
            threading.Thread(target=self._examine, name="examiner", daemon=True),
            threading.Thread(target=self._check, name="blind-check", daemon=True),
        ]

    def start(self) -> None:
        # Each of a hundred readers would get a heap of its own and never give it back.
        malloc = ctypes.CDLL(None)
        malloc.mallopt(M_ARENA_MAX, ARENAS)
        # A picture goes back to the system when it is freed; left to itself malloc learns to keep them, 50 MB in all.
        malloc.mallopt(M_MMAP_THRESHOLD, LARGE)
        # What packets come and go in stays: given back each time, each time it would be made empty anew.
        malloc.mallopt(M_TRIM_THRESHOLD, SPARE)
        for thread in self._threads:
            thread.start()

    def hold(self, cameras: Iterable[Camera]) -> None:
        """Start, restart (address or zones changed) and stop readers until exactly these cameras are read."""
        wanted = {camera.pk: camera for camera in cameras}
        for pk, ingest in list(self._ingests.items()):
            if pk not in wanted or config_version_of(wanted[pk]) != ingest.version:
                self._drop(pk, ingest)
        for pk, camera in wanted.items():
            if pk in self._ingests or self._stopping.is_set():
                continue
            tape = self._recording.tape(camera) if self._recording else None
            ingest = CameraIngest(camera, self._ready, self._pace, self._blind_after_s, tape)
            with self._lock:
                self._ingests[pk] = ingest
            ingest.start()
            time.sleep(OPEN_GAP_S)

    def _drop(self, pk: int, ingest: CameraIngest) -> None:
        ingest.stop()
        if self._recording and ingest.tape:
            self._recording.drop(ingest.tape)
        with self._lock:
            del self._ingests[pk]
        self._dropped_by_gone += ingest.dropped

    def stop(self) -> None:
        """End all readers within STOP_S; one that waits in a dead connection is left behind (a daemon thread)."""
        self._stopping.set()
        self._ready.put(None)
        until = time.monotonic() + STOP_S
        ingests = self._held()
        for ingest in ingests:
            ingest.stop()
        for ingest in ingests:
            ingest.join(max(0.0, until - time.monotonic()))
        self._threads[0].join(max(0.1, until - time.monotonic()))

    def reports(self, holder: str) -> dict[int, dict[str, Any]]:
        return {ingest.id: ingest.report(holder) for ingest in self._held()}

    @property
    def dropped(self) -> int:
        """Pictures that were overwritten before anybody looked at them."""
        return self._dropped_by_gone + sum(ingest.dropped for ingest in self._held())

    @property
    def decode_s(self) -> float:
        """Processor time that the present readers spent on decoding and converting."""
        return sum(ingest.decode_s for ingest in self._held())

    def looks_per_minute(self) -> float:
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
                continue  # not ours any more
            began = time.thread_time()
            try:
                told, decoded, findings = ingest.look(self._detector, self._show)
            except Exception:  # one camera's odd picture must not blind the others
                log.exception("look at camera %s", ingest.id)
                continue
            self.settled_by.update([str(finding.step) for finding in findings] or [sample.reason for sample in told])
            kind = "blind" if not findings else "unchanged" if _nothing_changed(findings) else "examined"
            self.spent_s[kind] += time.thread_time() - began
            self.looks_by_kind[kind] += 1
            self._look_times.append(time.monotonic())
            if told:
                self._sink(told, decoded)

    def _check(self) -> None:
        while not self._stopping.wait(CHECK_S):
            now, at = time.monotonic(), datetime.now(UTC)
            told = [sample for ingest in self._held() for sample in ingest.check(now, at)]
            if told:
                self._sink(told, now)


def _nothing_changed(findings: Iterable[ZoneFinding]) -> bool:
    return all(finding.step is DetectionStep.UNCHANGED for finding in findings)
