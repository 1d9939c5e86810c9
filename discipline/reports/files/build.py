"""Writes the file of one report: read at one moment of the database, packed, flushed and renamed."""

import hashlib
import os
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import TextIOWrapper
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import override

from discipline.reports.files import pdf as report_pdf
from discipline.reports.files import progress, table_files, workbook
from discipline.reports.files.models import ReportFile
from discipline.reports.numbers import tables
from discipline.reports.numbers.models import DayTally
from discipline.reports.numbers.period import parse_period
from discipline.reports.numbers.places import place_for
from discipline.reports.numbers.tables import ReportData
from discipline.reports.signing.signatures import signature_of
from offices.hours.schedule import local_day

PROGRESS_EVERY_S = 0.5  # progress is told no more often
LONGEST_S = 900.0
HALF_DONE = timedelta(hours=1)  # so old a file under a temporary name is nobody's any more
PART = ".part"


class TooLong(Exception):
    """It took LONGEST_S."""


@dataclass(frozen=True, slots=True)
class WrittenFile:
    path: Path
    size: int
    sha256: str


def write_report_file(row: ReportFile) -> WrittenFile:
    """In the row's language. Http404 when its place is no longer the asker's; OSError when the disk refuses;
    workbook.TooManyRows, TooLong. No file is left then."""
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
    """Remove files that no row knows: of workers that were killed."""
    for path in Path(settings.REPORT_DIR).glob("*"):
        with suppress(OSError):
            old = datetime.fromtimestamp(path.stat().st_mtime, now.tzinfo) < now - HALF_DONE
            if old and path.is_file() and path.name not in known:
                path.unlink()


def _write(row: ReportFile, file: IO[bytes]) -> None:
    now = timezone.now()
    place = place_for(row.by, row.place)
    period = parse_period(row.period, local_day(now))
    if row.format == ReportFile.Format.XLSX:
        book = workbook.new_workbook()
        try:
            with repeatable_read():
                report = tables.build_report(place, period)
                workbook.fill_workbook(book, report, now, _progress_callback(row.pk, report))
            book.save(file)  # packing takes long, and an idle transaction is ended
        finally:
            workbook.remove_temporary_files(book)
    elif row.format == ReportFile.Format.CSV:
        text = TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        with repeatable_read():
            report = tables.build_report(place, period)
            table_files.write_csv(report, row.table, text, now, _progress_callback(row.pk, report))
        text.detach()
    else:
        with repeatable_read():
            data = report_pdf.pdf(tables.build_report(place, period), signature_of(place, period), now)
        file.write(data)


@contextmanager
def repeatable_read() -> Iterator[None]:
    """All that is read inside is of one moment, however long it takes: no row is counted again meanwhile."""
    if connection.in_atomic_block:  # the caller's
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _progress_callback(pk: int, report: ReportData) -> Callable[[int], None]:
    """Tells how many rows are written, now and then. TooLong."""
    place, period = report.place, report.period
    days = DayTally.objects.filter(place.within("counter"), day__gte=period.first, day__lte=period.last).count()
    total = days + tables.counted_indications(place, period).count()
    begun = time.monotonic()
    said = begun - PROGRESS_EVERY_S

    def tell(rows: int) -> None:
        nonlocal said
        at = time.monotonic()
        if at - begun > LONGEST_S:
            raise TooLong
        if at - said >= PROGRESS_EVERY_S:
            said = at
            progress.store_progress(pk, rows, total)

    return tell
