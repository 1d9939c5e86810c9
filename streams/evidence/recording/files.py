"""The files of the recording: opened, appended to, completed or mended, on a disk that may be full."""

import errno
import fcntl
import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from streams.evidence.disk import DiskRoom, DiskState, room_at
from streams.evidence.recording.finished import FinishedMinute, digest_of, moment_of
from streams.evidence.recording.minute_file import MinuteFacts, read_facts, scan

OPEN, DONE = ".open", ".mp4"
RETRY_S = 10.0  # after the disk refused something
ROOM_S = 5.0  # how often the room is looked at

log = logging.getLogger(__name__)


@dataclass(eq=False, slots=True)
class OpenFile:
    """A file that grows. `path` is without OPEN; the lock on it lasts as long as this process."""

    path: Path
    descriptor: int
    written: int = 0

    def append(self, data: bytes) -> None:
        """Write the data. Raises OSError; then `written` is where the file is still whole."""
        view = memoryview(data)
        while view:
            view = view[os.write(self.descriptor, view) :]
        self.written += len(data)


class MinuteFolder:
    """The folder of all recordings. problem: why nothing can be written now, "" while it can."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problem = ""
        self._refused_until = self._looked_at = 0.0
        self._room: DiskRoom | None = None
        self._lock = threading.Lock()

    @property
    def refuses(self) -> bool:
        """Whether nothing should be opened for a while, as the disk refused something."""
        return time.monotonic() < self._refused_until

    def open(self, camera: int, at: datetime) -> OpenFile:
        """Create the file of a camera's minute that begins at `at`. Raises OSError, also when the disk is nearly full.

        Its path is as 2026-11-30/05/17/4203250.mp4: day, hour, camera, then minute, second and millisecond, in UTC.
        """
        self._look_at_room()
        at = at.astimezone(UTC)
        folder = self.root / at.strftime("%Y-%m-%d") / at.strftime("%H") / str(camera)
        folder.mkdir(parents=True, exist_ok=True, mode=0o750)
        path = folder / f"{at:%M%S}{at.microsecond // 1000:03}{DONE}"
        descriptor = os.open(f"{path}{OPEN}", os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o640)
        with suppress(OSError):  # a file system without locks: then a second process must not be started
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return OpenFile(path, descriptor)

    def complete(self, file: OpenFile) -> str:
        """Flush and close a file, give it its name, and return its path below the root. Raises OSError."""
        try:
            os.fdatasync(file.descriptor)
            os.rename(f"{file.path}{OPEN}", file.path)
        finally:
            os.close(file.descriptor)
        return str(file.path.relative_to(self.root))

    def give_up(self, file: OpenFile) -> FinishedMinute | None:
        """Close a file to which no more can be written, and return what is whole of it. Raises OSError."""
        os.close(file.descriptor)
        return self.mend(Path(f"{file.path}{OPEN}"))

    def refused(self, error: OSError) -> None:
        """Note that the disk refused something. Logged once until it can be written to again."""
        with self._lock:
            if not self.problem:
                log.error("recordings can't be written: %s", error)
            self.problem = error.strerror or str(error)
            self._refused_until = time.monotonic() + RETRY_S

    def accepted(self) -> None:
        """Note that the disk can be written to."""
        if self.problem and not self.refuses:
            with self._lock:
                self.problem = ""
            log.warning("recordings can be written again")

    def mend(self, torn: Path) -> FinishedMinute | None:
        """Cut what is torn off a file's end, give it its name, and return it.

        Returns None when another process writes it, and for one without a whole fragment, which is removed.
        Raises OSError.
        """
        with open(torn, "r+b") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return None
            data = file.read()
            minute = self._minute_of(data, torn.with_suffix("") if torn.suffix == OPEN else torn)
            if minute is None:
                torn.unlink()
                return None
            if minute.layout.size < len(data):
                file.truncate(minute.layout.size)
            os.fdatasync(file.fileno())
            os.rename(torn, self.root / minute.path)
        return minute

    def _minute_of(self, data: bytes, path: Path) -> FinishedMinute | None:
        facts, layout = read_facts(data), scan(data)
        if not isinstance(facts, MinuteFacts) or layout is None:
            return None
        digest = digest_of(memoryview(data)[: layout.size])
        return FinishedMinute(facts, layout, moment_of(layout.ends), digest, str(path.relative_to(self.root)))

    def hours(self, newest: int) -> list[Path]:
        """Return the folders of the newest hours that have one. Raises OSError."""
        found: list[Path] = []
        for day in sorted(_folders(self.root), reverse=True):
            found += sorted(_folders(day), reverse=True)[: newest - len(found)]
            if len(found) >= newest:
                break
        return found

    def _look_at_room(self) -> None:
        now = time.monotonic()
        if self._room is None or now - self._looked_at > ROOM_S:
            self._room, self._looked_at = room_at(self.root), now
        if self._room.state is DiskState.FULL:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _folders(folder: Path) -> Iterator[Path]:
    with suppress(FileNotFoundError):
        yield from (Path(entry.path) for entry in os.scandir(folder) if entry.is_dir(follow_symlinks=False))
