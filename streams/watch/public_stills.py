"""Make the public's stills of street points from pictures that were decoded anyway, with everybody's head hidden."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from streams.detect.model_files import ModelError
from streams.evidence.redaction.rule import Head
from streams.evidence.redaction.still import blur_heads
from streams.pixels.jpeg import Picture, encode_jpeg, narrowed
from streams.source.hls.playlist_rule import STILL
from streams.source.hls.public_folder import PublicFolder, write_by_rename
from streams.source.hls.writer import PublicStream

log = logging.getLogger(__name__)

QUALITY = 65
EVERY = timedelta(seconds=9.5)  # pictures that are looked at every 10 s come a little sooner or later
TICK_S = 0.5
# To find all heads on a picture takes 0.2 s of a core. After each the thread rests, so that with many points their
# stills come less often and the looks at counters don't wait.
RESTS, LONGEST_REST_S = 3.0, 1.0
AGAIN_S = 60.0  # after the models could not be loaded

Faces = Callable[[Picture], tuple[Head, ...]]


class StillMaker:
    """Writes at most one still per point every EVERY. `offer` never waits; one thread does the rest.

    heads: finds the heads to hide on a picture, and raises ModelError; then nothing is written.
    """

    def __init__(self, folder: PublicFolder, heads: Faces) -> None:
        self._folder, self._heads = folder, heads
        self._wanted: Mapping[int, PublicStream] = {}
        self._taken: dict[int, datetime] = {}
        self._newest: dict[int, tuple[Picture, datetime]] = {}  # the thread's next work, in order of arrival
        self._made: dict[int, deque[tuple[datetime, bytes]]] = {}  # until the delay has passed
        self._lock = threading.Lock()
        self._stopping, self._work = threading.Event(), threading.Event()
        self._rests_until = 0.0  # monotonic
        self.problem = ""
        self._thread = threading.Thread(target=self._run, name="public-stills", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stopping.set()
        self._work.set()
        self._thread.join(5)

    def show_only(self, wanted: Mapping[int, PublicStream]) -> None:
        """Make stills of these cameras, by id, and of no others."""
        self._wanted = dict(wanted)

    def offer(self, camera: int, image: Picture, at: datetime) -> None:
        """Take a camera's newest picture, if one is due. An earlier one that was not made yet is forgotten."""
        last, wanted = self._taken.get(camera), self._wanted.get(camera)
        if wanted is None or (last is not None and timedelta() <= at - last < EVERY):
            return
        self._taken[camera] = at
        small = narrowed(image, wanted.width)
        with self._lock:
            self._newest[camera] = (small, at)
        self._work.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._work.wait(TICK_S)
            self._work.clear()
            try:
                while not self._stopping.is_set() and (found := self._next()):
                    began = time.monotonic()
                    self._make(*found)
                    self._show(time.time())
                    self._stopping.wait(min(LONGEST_REST_S, RESTS * (time.monotonic() - began)))
                self._show(time.time())
            except ModelError as error:
                self._rests_until = time.monotonic() + AGAIN_S
                self._failed(f"no stills without the models that hide faces: {error}")
            except OSError as error:
                self._failed(str(error))
            except Exception:  # one odd picture must not stop the others
                log.exception("public stills")

    def _failed(self, why: str) -> None:
        if not self.problem:
            log.warning("Can't write public stills, which is tried again: %s", why)
        self.problem = why

    def _next(self) -> tuple[int, Picture, datetime] | None:
        if time.monotonic() < self._rests_until:
            return None
        with self._lock:
            if not self._newest:
                return None
            camera = next(iter(self._newest))
            image, at = self._newest.pop(camera)
        return camera, image, at

    def _make(self, camera: int, image: Picture, at: datetime) -> None:
        if camera in self._wanted:
            jpeg = encode_jpeg(blur_heads(image, self._heads(image)), QUALITY)
            self._made.setdefault(camera, deque(maxlen=40)).append((at, jpeg))

    def _show(self, now: float) -> None:
        for camera, made in list(self._made.items()):
            wanted = self._wanted.get(camera)
            if wanted is None:
                del self._made[camera]
                continue
            due = None
            while made and made[0][0].timestamp() + wanted.delay_s <= now:
                due = made.popleft()
            if due and not self._folder.is_closed(wanted.code):
                self._write(wanted.code, *due)

    def _write(self, code: str, at: datetime, jpeg: bytes) -> None:
        write_by_rename(self._folder.make_point(code) / STILL, jpeg, at.timestamp())
        if self._folder.is_closed(code):  # closed while it was written
            self._folder.remove(code)
        if self.problem:
            log.info("Public stills can be written again")
            self.problem = ""
