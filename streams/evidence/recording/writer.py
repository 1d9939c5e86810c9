"""Write what the cameras send to the minute files, in threads of one watch process.

Reading never waits: packets are queued within bounded memory, and a thread puts them into files four times a second.
A second one flushes complete files to the disk, as that may take long. A crash of the process loses what is not written
yet, less than a second; a crash of the machine what the disk has not got, at most the open minutes.
"""

import logging
import queue
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from streams.cameras.models import Camera
from streams.evidence.recording.camera_minutes import CameraMinutes, GrowingMinute
from streams.evidence.recording.feed import FeedBegan, FeedMessage, FeedPicture, PacketQueue, RecordedCamera
from streams.evidence.recording.files import MinuteFolder
from streams.evidence.recording.finished import FinishedMinute, WaitingRows
from streams.evidence.recording.models import RecordedMinute

QUEUE_BYTES = 128 << 20  # four seconds of 248 cameras at 1 Mbit/s
POLL_S = 0.25
STOP_S = 5.0
Gap = RecordedMinute.Gap

log = logging.getLogger(__name__)


class MinuteRecorder:
    """The recording of one watch process. rows: the minutes whose rows the caller must store (WaitingRows.store)."""

    def __init__(self, root: Path, queue_bytes: int = QUEUE_BYTES) -> None:
        self.folder = MinuteFolder(root)
        self.rows = WaitingRows()
        self.turned_at = time.monotonic()  # when the writer was last seen to work
        self.spent_s = 0.0  # processor seconds of both threads
        self._queue = PacketQueue(queue_bytes)
        self._classes: Mapping[int, str] = {}
        self._places: dict[int, int] = {}
        self._feeds: dict[int, RecordedCamera] = {}
        self._lost_before = 0
        self._cameras: dict[int, CameraMinutes] = {}
        self._complete: queue.SimpleQueue[tuple[GrowingMinute, bool] | None] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._writer = threading.Thread(target=self._write, name="recording", daemon=True)
        self._closer = threading.Thread(target=self._close, name="recording-close", daemon=True)

    def start(self) -> None:
        """Start the threads."""
        self._writer.start()
        self._closer.start()

    def stop(self) -> None:
        """Write what waits and complete all files, within STOP_S each. What is left is mended at the next start."""
        self._stopping.set()
        self._writer.join(STOP_S)
        self._complete.put(None)
        self._closer.join(STOP_S)

    def choose(self, classes: Mapping[int, str]) -> None:
        """Record these cameras, by id, with the class by which each is kept, and no others."""
        self._classes = classes

    def listen(self, camera: Camera) -> RecordedCamera:
        """Return what takes the camera's packets, whether it is recorded now or will be."""
        self._places[camera.pk] = camera.place_id
        feed = RecordedCamera(camera.pk, self._queue, lambda pk: self._classes.get(pk))
        if before := self._feeds.get(camera.pk):
            self._lost_before += before.lost
        self._feeds[camera.pk] = feed
        return feed

    @property
    def lost(self) -> int:
        """Pictures that were not written as too many waited."""
        return self._lost_before + sum(feed.lost for feed in self._feeds.values())

    # The writer's thread

    def _write(self) -> None:
        while True:
            last = self._stopping.wait(POLL_S)
            self.turned_at = time.monotonic()
            began = time.thread_time()
            self._take(self._queue.take())
            if last:
                for minutes in self._cameras.values():
                    minutes.end(Gap.SYSTEM)
                    self._pass_on(minutes)
                return
            self.spent_s += time.thread_time() - began

    def _take(self, messages: list[FeedMessage]) -> None:
        fed: set[int] = set()
        for message in messages:
            try:
                self._minutes(message.camera, message)
            except Exception:  # one camera's odd picture must not stop the others
                log.exception("recording camera %s failed", message.camera, extra={"camera": message.camera})
            fed.add(message.camera)
        for camera in fed:
            minutes = self._cameras[camera]
            minutes.flush()
            self._pass_on(minutes)
        if fed:
            self.folder.accepted()

    def _minutes(self, camera: int, message: FeedMessage) -> None:
        minutes = self._cameras.get(camera)
        if minutes is None:
            minutes = self._cameras[camera] = CameraMinutes(camera, self._places[camera], self.folder)
        if isinstance(message, FeedPicture):
            minutes.take(message)
        elif isinstance(message, FeedBegan):
            minutes.begin(message.codec, message.extradata)
        else:
            minutes.end(message.gap)

    def _pass_on(self, minutes: CameraMinutes) -> None:
        for minute in minutes.done:
            self._complete.put((minute, True))
        for minute in minutes.torn:
            self._complete.put((minute, False))
        minutes.done.clear()
        minutes.torn.clear()

    # The closer's thread

    def _close(self) -> None:
        while (given := self._complete.get()) is not None:
            began = time.thread_time()
            minute, whole = given
            try:
                finished = self._finish(minute) if whole else self.folder.give_up(minute.file)
            except OSError as error:
                self.folder.refused(error)
            else:
                if finished:
                    self.rows.put(finished)
            self.spent_s += time.thread_time() - began

    def _finish(self, minute: GrowingMinute) -> FinishedMinute:
        path = self.folder.complete(minute.file)
        return FinishedMinute(minute.facts, minute.maker.layout, minute.ends_at, minute.digest.hexdigest(), path)
