"""Writing the file of one report: to a temporary name, flushed to the disk, hashed and renamed."""

import hashlib
import os
import secrets
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils import timezone
from django.utils.translation import override

from discipline.reports.files.file_job import FileJob
from discipline.reports.files.formats import FORMATS
from discipline.reports.files.models import ReportFile
from discipline.reports.files.other_rooms.registry import OtherReport, subject_for
from discipline.reports.numbers.period import parse_period
from offices.hours.schedule import local_day

HALF_DONE = timedelta(hours=1)  # a file without a row is abandoned when it is older
PART = ".part"


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A finished file: `size` in bytes, `sha256` in hexadecimal."""

    path: Path
    size: int
    sha256: str


def write_report_file(row: ReportFile) -> WrittenFile:
    """Write the file that the row asks for, in the row's language.

    Raises Http404 when the place is no longer in the user's scope, OSError when the disk fails, workbook.TooManyRows
    and file_job.TooLong. No file is left behind then.
    """
    folder = Path(settings.REPORT_DIR)
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    descriptor, temporary = tempfile.mkstemp(dir=folder, prefix=".", suffix=PART)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            with override(row.language):
                _write(row, file)
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
            file.seek(0)
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        path = folder / f"{row.pk}-{secrets.token_hex(8)}.{row.format}"
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    return WrittenFile(path, size, sha256)


def remove_unknown_files(now: datetime, known: set[str]) -> None:
    """Remove files older than HALF_DONE whose names are not in `known`: killed workers leave them."""
    for path in Path(settings.REPORT_DIR).glob("*"):
        with suppress(OSError):
            old = datetime.fromtimestamp(path.stat().st_mtime, now.tzinfo) < now - HALF_DONE
            if old and path.is_file() and path.name not in known:
                path.unlink()


def _write(row: ReportFile, file: IO[bytes]) -> None:
    now = timezone.now()
    place, period = subject_for(row.by, row.place), parse_period(row.period, local_day(now))
    if isinstance(place, OtherReport):
        place.write[row.format](period, now, file)
    else:
        FORMATS[row.format].write(FileJob(row.pk, place, period, row.table, now), file)
