"""Find what a killed process left: torn files, and complete ones whose rows were never stored."""

import logging
import threading
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from django.db import DatabaseError, InterfaceError, connection

from streams.evidence.recording.files import DONE, OPEN, MinuteFolder
from streams.evidence.recording.finished import WaitingRows
from streams.evidence.recording.models import RecordedMinute

HOURS = 4  # the newest hours with a folder are looked through: rows are stored within seconds of their files
RETRY_S = 10.0

log = logging.getLogger(__name__)


def mend_folder(folder: MinuteFolder, rows: WaitingRows) -> int:
    """Mend the newest files that need it, hand on their rows, and return how many. Files being written are left alone.

    Raises OSError when the folder can't be read, and DatabaseError.
    """
    mended = 0
    for hour in folder.hours(HOURS):
        for camera in sorted(path for path in hour.iterdir() if path.name.isdigit()):
            for file in _unknown(camera, folder.root):
                mended += _mend(folder, rows, file)
    if mended:
        log.warning("%d recorded minutes of a process that was killed were mended", mended)
    return mended


def _mend(folder: MinuteFolder, rows: WaitingRows, file: Path) -> bool:
    minute = None
    try:
        with suppress(FileNotFoundError):  # completed meanwhile
            minute = folder.mend(file)
    except OSError as error:
        log.error("%s can't be mended: %s", file, error)
        return False
    if minute:
        rows.put(minute)
    return minute is not None


def _unknown(camera: Path, root: Path) -> list[Path]:
    """Return the files of a camera's hour that are open or have no row."""
    files = sorted(camera.iterdir())
    done = {str(file.relative_to(root)): file for file in files if file.suffix == DONE}
    known: set[str] = set()
    if done:
        hour = datetime.strptime(f"{camera.parent.parent.name} {camera.parent.name}+0000", "%Y-%m-%d %H%z")
        rows = RecordedMinute.objects.filter(
            camera=int(camera.name), starts_at__gte=hour, starts_at__lt=hour + timedelta(hours=1)
        )
        known = set(rows.values_list("path", flat=True))
    return [file for file in files if file.suffix == OPEN] + [done[path] for path in sorted(done.keys() - known)]


class Mending:
    """Mends once in a thread of its own, again and again while PostgreSQL or the disk is out of reach."""

    def __init__(self, folder: MinuteFolder, rows: WaitingRows) -> None:
        self._folder, self._rows = folder, rows
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="recording-mend", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Let it end before the next try."""
        self._stopping.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                mend_folder(self._folder, self._rows)
            except (DatabaseError, InterfaceError, OSError) as error:
                log.warning("Can't mend recordings yet: %s", error)
            else:
                break
            finally:
                connection.close()
            self._stopping.wait(RETRY_S)
