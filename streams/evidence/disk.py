"""The disk of evidence: files that exist completely or not at all, and the room for them, whatever the quota says."""

import hashlib
import os
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from django.conf import settings

MB = 10**6


class DiskState(StrEnum):
    """ENOUGH; LOW: somebody should make room; FULL: files will be refused any moment, or are already."""

    ENOUGH = ""
    LOW = "low"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class DiskRoom:
    """Bytes that may still be written, and bytes in all."""

    free: int
    total: int

    @property
    def low(self) -> int:
        """Bytes free at which the state is LOW."""
        return min(self.total // 20, 5000 * MB)

    @property
    def state(self) -> DiskState:
        """Whether that is enough: shares of the disk, but of a large one no more than clips need for a while."""
        if self.free <= min(self.total // 100, 200 * MB):
            return DiskState.FULL
        return DiskState.LOW if self.free <= self.low else DiskState.ENOUGH


def disk_room() -> DiskRoom:
    """Return the room on the disk of EVIDENCE_DIR. Raises OSError."""
    return room_at(Path(settings.EVIDENCE_DIR))


def room_at(folder: Path) -> DiskRoom:
    """Return the room on the disk of a folder, which may not exist yet. Raises OSError."""
    usage = shutil.disk_usage(next(place for place in (folder, *folder.parents) if place.exists()))
    return DiskRoom(usage.free, usage.total)


def write_atomically(path: Path, data: bytes) -> None:
    """Write the file under a temporary name, flush it to disk, and rename it. Creates the folder.

    Raises OSError when writing fails; nothing is left behind then.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def flush_and_hash(path: Path) -> tuple[int, str]:
    """Flush a file to disk, and return its size and its SHA-256 in hex. Raises OSError."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while part := file.read(MB):
            digest.update(part)
            size += len(part)
        os.fsync(file.fileno())
    return size, digest.hexdigest()
