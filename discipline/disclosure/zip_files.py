"""The ZIPs that hold copies."""

from collections.abc import Callable
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils import timezone


def write_zip(fill: Callable[[ZipFile], None]) -> IO[bytes]:
    """Return the ZIP that `fill` writes, an unnamed temporary file at its beginning.

    Raises what `fill` raises, and OSError when the disk is full.
    """
    file: IO[bytes] = TemporaryFile()  # noqa: SIM115  # the caller sends it
    try:
        with ZipFile(file, "w", ZIP_DEFLATED) as archive:
            fill(archive)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def zip_entry(name: str, now: datetime, compression: int = ZIP_DEFLATED) -> ZipInfo:
    """Return an entry that is dated `now`, in WIB as ZIPs hold local times."""
    at = timezone.localtime(now)
    entry = ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second))
    entry.compress_type = compression
    return entry
