"""The folder of all that the public may see, with one folder per point: what the web server, nginx too, sends as it is.

It must belong to this user, as anybody may make one in the machine's memory first. A point that is closed has a mark
beside its folder, which ends the writing at once, in whatever process it happens.
"""

import os
import shutil
import stat
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

OPEN_TO_ALL, FILE_MODE = 0o755, 0o644  # nginx runs as another user
CLOSED = ".closed"
VIDEO = ("*.m3u8", "*.m4s", "*.mp4", ".seg-*")


class PublicFolder:
    """The folder at `path`. Methods raise OSError when it can't be used."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def prepare(self) -> None:
        """Make the folder. Raises PermissionError when it is another user's."""
        self.path.mkdir(parents=True, exist_ok=True)
        found = self.path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
            raise PermissionError(f"{self.path} belongs to another user")
        self.path.chmod(OPEN_TO_ALL)

    def of_point(self, code: str) -> Path:
        """Return the folder of a point, which may not exist."""
        return self.path / code

    def make_point(self, code: str) -> Path:
        """Return the folder of a point, made if need be."""
        self.prepare()
        folder = self.of_point(code)
        folder.mkdir(exist_ok=True)
        folder.chmod(OPEN_TO_ALL)
        return folder

    def is_closed(self, code: str) -> bool:
        """Return whether the point has the mark of a closed one."""
        return self._mark(code).exists()

    def close(self, code: str) -> None:
        """Mark the point as closed and remove what the public could see of it."""
        self.prepare()
        self._mark(code).touch()
        self.remove(code)

    def reopen(self, code: str, before: float | None = None) -> None:
        """Remove the mark of a closed point; with `before`, Unix seconds, only one that was set earlier."""
        mark = self._mark(code)
        with suppress(FileNotFoundError):
            if before is None or mark.stat().st_mtime < before:
                mark.unlink()

    def remove(self, code: str) -> None:
        """Remove all files of the point."""
        shutil.rmtree(self.of_point(code), ignore_errors=True)

    def remove_video(self, code: str) -> None:
        """Remove the video of the point, not its still."""
        folder = self.of_point(code)
        for pattern in VIDEO:
            for path in folder.glob(pattern):
                path.unlink(missing_ok=True)

    def remove_others(self, codes: Collection[str]) -> None:
        """Remove the files of all points but these."""
        with suppress(FileNotFoundError):
            for found in list(self.path.iterdir()):
                if found.is_dir() and found.name not in codes:
                    self.remove(found.name)

    def _mark(self, code: str) -> Path:
        return self.path / f"{code}{CLOSED}"


def write_by_rename(path: Path, data: bytes, modified: float | None = None) -> None:
    """Write a file so that readers see the old content or the new. modified: its time in Unix seconds.

    Raises OSError; what was half written is removed.
    """
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        half.write_bytes(data)
        half.chmod(FILE_MODE)
        if modified is not None:
            os.utime(half, (modified, modified))
        half.rename(path)
    except OSError:
        with suppress(OSError):
            half.unlink()
        raise
