"""Run a watch process: lease cameras, look at them, record the samples in the ledger."""

import logging
import os
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils import timezone

from discipline.core.heartbeats import Part
from discipline.evidence.adoption import EvidenceAdopter
from discipline.ops.watch.look_intervals import LookIntervals
from discipline.ops.watch.selfcheck import SelfCheck
from discipline.spotchecks.sample import keeping as clip_keeping
from discipline.staffing import ledger
from discipline.staffing.effective_rules import EffectiveRules
from offices.hours.schedule import local_day
from streams.cameras.models import Camera
from streams.cameras.troubles import rule as trouble_rule
from streams.cameras.troubles.keeping import TroubleKeeper
from streams.control.steering import away
from streams.detect.registry import load_detector, load_street_detector
from streams.evidence.recorder import Recording
from streams.evidence.recording.keeping import MinuteKeeper
from streams.live.public import plan as public_plan
from streams.looks.control_store import ControlKeeper
from streams.looks.streets.keeping import HintKeeper, wanted_places
from streams.looks.streets.lookout import StreetLookout
from streams.looks.visits.lookout import VisitLookout
from streams.looks.visits.people import PeopleNearby
from streams.pixels.occupancy import Blind, Sample
from streams.servers.memory import return_free_memory, tune_malloc
from streams.servers.valkey_writer import ValkeyWriter
from streams.source import newest_picture
from streams.watch.broadcast import PublicBroadcast
from streams.watch.examiner_thread import Lookout
from streams.watch.leases import BEAT_S, CameraLeases, WatcherStats

log = logging.getLogger(__name__)

FLUSH_S = 0.25
LONGEST_PAUSE_S = 4.0  # between tries: what is kept must be stored before the sweep judges, LEASE_S after an outage
HANGING_S = 22.0  # a thread that has not turned for so long hangs
MOST_WAITING = 50_000  # samples kept while PostgreSQL is unreachable: half an hour of 107 cameras
SHARES_FOR = timedelta(seconds=60)  # how often the shares of controls are read from the rules


class SampleRecorder:
    """Writes samples to the ledger in batches, from a thread of its own. Keeps them while PostgreSQL is unreachable.

    `believed` is called before each batch; when it returns False, because this machine's clock is wrong, all waiting
    samples are dropped. `lost` counts dropped samples.
    """

    def __init__(self, believed: Callable[[], bool] = lambda: True) -> None:
        self._believed = believed
        self._waiting: deque[tuple[Sample, float]] = deque()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self.lost = 0
        self.turned_at = time.monotonic()  # when its thread was last seen to work
        self.latencies_s: deque[float] = deque(maxlen=50_000)  # picture decoded → verdict stored
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, once, and end the thread; returns after 5 s at the latest."""
        self._stopping.set()
        self._thread.join(5)

    def put(self, samples: Sequence[Sample], decoded: float) -> None:
        """Queue samples and drop the oldest beyond MOST_WAITING. `decoded`: monotonic time of the decoded picture."""
        with self._lock:
            self._waiting.extend((sample, decoded) for sample in samples)
            while len(self._waiting) > MOST_WAITING:
                self._waiting.popleft()
                self.lost += 1

    def _run(self) -> None:
        pause_s = FLUSH_S
        while True:
            last = self._stopping.wait(pause_s)
            self.turned_at = time.monotonic()
            try:
                self.flush()
                pause_s = FLUSH_S
            except (DatabaseError, InterfaceError) as error:
                pause_s = min(LONGEST_PAUSE_S, pause_s * 2)
                log.warning("Can't write to the ledger: %s; %d samples wait", error, len(self._waiting))
                _close_connection()
            except Exception:
                log.exception("Can't write to the ledger")
            if last:
                _close_connection()
                return

    def flush(self) -> None:
        """Write all waiting samples. On any error they return to the front of the queue."""
        believed = self._believed()
        with self._lock:
            batch, self._waiting = list(self._waiting), deque()
        if not believed:
            self.lost += len(batch)
            return
        if not batch:
            return
        try:
            ledger.record_samples(away.without_steered([sample for sample, _ in batch]), timezone.now())
        except BaseException:
            with self._lock:
                self._waiting.extendleft(reversed(batch))
            raise
        stored = time.monotonic()
        self.latencies_s.extend(stored - decoded for _, decoded in batch)


class Watch:
    """One watch process: its leases, its lookout, its recorder, and with `records` evidence. Raises ModelError."""

    def __init__(self, name: str | None = None, records: bool = True) -> None:
        tune_malloc()
        self.name = name or f"{socket.gethostname()}:{os.getpid()}"
        self.fleet = CameraLeases(self.name)
        self.check = SelfCheck(self.name)
        self.recorder = SampleRecorder(self.check.believed)
        self.paces = LookIntervals()
        self.keeper = (
            EvidenceAdopter(Recording(settings.RING_MB << 20, settings.RING_CAMERA_MB << 20)) if records else None
        )
        self.minutes = MinuteKeeper(settings.RECORDING_DIR) if records else None
        self.controls = ControlKeeper()
        self.troubles = TroubleKeeper()
        self._shares: dict[int, float] = {}  # see Lookout.hold
        self._shares_at: datetime | None = None
        self.broadcast = PublicBroadcast(settings.HLS_FOLDER)
        self.shown = ValkeyWriter("the cameras' pictures and health")
        self._joined = False
        self._detector = load_detector(
            settings.DETECTOR, settings.MODELS_DIR, settings.DETECTOR_DEVICE, settings.DETECTOR_THREADS
        )
        self.hints = HintKeeper()
        self.streets = StreetLookout(
            partial(load_street_detector, settings.MODELS_DIR, settings.DETECTOR_DEVICE, settings.DETECTOR_THREADS),
            self.hints.put,
        )
        self.visits = VisitLookout(PeopleNearby(settings.MODELS_DIR, settings.DETECTOR_DEVICE), clip_keeping.store_clip)
        if self.keeper:
            self.keeper.recording.visits = self.visits
        return_free_memory()  # of the compilation
        self.lookout = Lookout(
            detector=self._detector,
            sink=self.recorder.put,
            pace=self.paces,
            blind_after_s=settings.BLIND_AFTER_S,
            show=self._show,
            recording=self.keeper.recording if self.keeper else None,
            keeper=self.controls,
            threads=settings.EXAMINER_THREADS,
            relay_folder=settings.RELAY_DIR,
            listening=[
                self.broadcast.video.listen,
                self.streets.tapes.listen,
                *([self.minutes.recorder.listen] if self.minutes else []),
            ],
            pictures=self.broadcast.stills.offer,
            streets=self.streets,
        )

    def run(self, stopping: threading.Event) -> None:
        """Run until `stopping` is set; an outage of PostgreSQL or Valkey only delays."""
        self.check.start()
        self.recorder.start()
        if self.keeper:
            self.keeper.start()
        if self.minutes:
            self.minutes.start()
        self.controls.start()
        self.hints.start()
        self.visits.start()
        self.shown.start()
        self.broadcast.start()
        self.lookout.start()
        while True:
            try:
                self.run_once(timezone.now())
            except (DatabaseError, InterfaceError) as error:
                # Keep reading the leased cameras: no other process can take a lease during the outage.
                log.warning("Can't renew the leases: %s", error)
                _close_connection()
            if stopping.wait(BEAT_S):
                break
        self.lookout.stop()
        self.broadcast.stop()
        if self.minutes:
            self.minutes.stop()
        self.shown.stop()
        self.controls.stop()
        self.hints.stop()
        self.visits.stop()
        if self.keeper:
            self.keeper.stop()
        self._detector.close()
        self.recorder.stop()
        self.check.stop()
        try:
            if self.minutes:
                self.minutes.store()
            self.fleet.leave()
        except (DatabaseError, InterfaceError):
            log.warning("Can't give the leases back: the database is unreachable; they will expire")
        _close_connection()

    def run_once(self, now: datetime) -> None:
        """Do one heartbeat: check the clock, renew leases, update intervals and readers, store the cameras' health.

        With a wrong clock it takes no part, so that other processes take all cameras.
        """
        close_old_connections()
        if not self.check.agrees():
            self.lookout.hold([])
            if self._joined:
                self.fleet.leave()
                self._joined = False
            return
        if not self._joined:
            self.fleet.join()
            self._joined = True
        stats = WatcherStats(self.lookout.stats.per_minute(), self.lookout.dropped + self.recorder.lost)
        stats = replace(stats, standing_still=",".join(self._hanging(time.monotonic())))
        if self.keeper:
            stats = replace(stats, evidence_lost=self.keeper.recording.lost, evidence_problem=self._disk_problem())
        self.fleet.pin(self.lookout.new_pins())
        cameras = self.fleet.beat(stats)
        self.paces.set(cameras, now)
        self._show_public(cameras, now)
        self.streets.watch_only(wanted_places(camera.pk for camera in cameras if camera.at_point), now)
        self.paces.hinted = self.streets.cameras
        self.visits.want(clip_keeping.wanted_clips((camera.pk for camera in cameras), now))
        if self.keeper:
            self.keeper.brief(cameras, now)
        if self._shares_at is None or abs(now - self._shares_at) >= SHARES_FOR:
            self._shares, self._shares_at = EffectiveRules(local_day(now)).control_shares(), now
        if self.minutes:
            self.minutes.tend(cameras, now)
        self.lookout.hold(cameras, self._shares)
        reports = self.lookout.reports(self.name)
        steered = away.cameras_away(now)
        for camera, report in reports.items():
            report["on_duty"] = self.paces.on_duty(camera)
            report["reason"] = Blind.STEERED.value if camera in steered else report["reason"]
        self.shown.put("health", partial(newest_picture.store_health, reports))
        self.troubles.note({camera: trouble_rule.cause_of(report) for camera, report in reports.items()}, now)

    def _show_public(self, cameras: Sequence[Camera], now: datetime) -> None:
        """Show the public what it may see of these cameras."""
        read_at = time.time()
        city = public_plan.shown_streams(now)
        self.broadcast.show_only({one.pk: city[one.pk] for one in cameras if one.pk in city}, city.values())
        self.paces.public = city.keys()
        for one in city.values():  # whose closure is over; a mark that is newer is that of a closure not read yet
            with suppress(OSError):
                self.broadcast.folder.reopen(one.code, before=read_at)

    def _disk_problem(self) -> str:
        problems = (self.keeper.problem if self.keeper else "", self.minutes.problem if self.minutes else "")
        return "; ".join(filter(None, problems))[:200]

    def _hanging(self, now: float) -> list[Part]:
        """Return the parts whose threads have not turned for HANGING_S."""
        turned = {Part.RECORDER: self.recorder.turned_at}
        if self.keeper:
            turned[Part.EVIDENCE] = min(self.keeper.turned_at, self.keeper.recording.turned_at)
        if self.minutes:
            turned[Part.EVIDENCE] = min(turned.get(Part.EVIDENCE, now), self.minutes.recorder.turned_at)
        return [part for part, turned_at in turned.items() if now - turned_at > HANGING_S]

    def _show(self, camera: int, jpeg: bytes, view: newest_picture.PictureView, small: bytes) -> None:
        self.shown.put(camera, partial(newest_picture.store_picture, camera, jpeg, view, small))


def _close_connection() -> None:
    try:
        connection.close()
    except (DatabaseError, InterfaceError):
        return
