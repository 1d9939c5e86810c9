"""The life of report files: requested, written by Celery one after the other, kept for a while and removed.

The only writer of ReportFile. At most two files are written at a time, at most one of them heavy: a big file doesn't
keep small ones waiting, and files never take all threads of the worker.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from discipline.reports.files import build, progress
from discipline.reports.files.file_job import TooLong
from discipline.reports.files.formats import FORMATS
from discipline.reports.files.models import ReportFile
from discipline.reports.files.other_rooms.registry import OtherReport, Subject
from discipline.reports.files.workbook import TooManyRows
from discipline.reports.numbers.period import Period
from offices.access.gate import User
from offices.places.models import Counter
from streams.servers import task_queue
from streams.servers.locks import Lock, lock_until_commit

log = logging.getLogger(__name__)

State, Why = ReportFile.State, ReportFile.Why
TASK = "discipline.tasks.make_report_files"
UNDER_WAY = (State.WAITING, State.WORKING)
MAKERS_AT_ONCE = 2
HEAVY = 20_000  # counter-days; more take half a minute or longer as a sheet
MOST_ASKED = 6  # files under way for one user
SHOWN = 8  # files listed for one user, place and period
KEPT = timedelta(days=7)
REMEMBERED = timedelta(days=30)  # a row is deleted so long after its end
MOST_TRIES = 2  # a worker that died may have died of the file
SILENT_AFTER = timedelta(seconds=progress.KEPT_S)  # without stored progress for so long, the worker is dead


class TooManyAsked(Exception):
    """The user has MOST_ASKED files under way already."""


def request_file(
    user: User, place: Subject, period: Period, format_: str, table: str, language: str, now: datetime
) -> ReportFile:
    """Return the row of a requested file; a request that is already under way returns its row.

    `table` is for formats that hold one table, else empty. Raises TooManyAsked.
    """
    wanted = {"by_id": user.pk, "place": place.key, "period": period.key, "format": format_, "table": table}
    wanted |= {"language": language}
    with transaction.atomic():
        lock_until_commit(Lock.CLAIM_REPORT_FILE)
        under_way = ReportFile.objects.filter(by=user.pk, state__in=UNDER_WAY)
        same = under_way.filter(**wanted).first()
        if same:
            return same
        if under_way.count() >= MOST_ASKED:
            raise TooManyAsked
        row = ReportFile.objects.create(**wanted, heavy=_is_heavy(place, period, format_), asked_at=now)
        transaction.on_commit(request_making)
    return row


def _is_heavy(place: Subject, period: Period, format_: str) -> bool:
    if isinstance(place, OtherReport) or not FORMATS[format_].is_sized_by_rows:
        return False
    return Counter.objects.filter(place.within()).count() * period.days > HEAVY


def request_making() -> None:
    """Send the task that writes waiting files. Without a broker they wait for `clean_up`, which the beat runs."""
    task_queue.send_task(TASK)


def files_of_user(user: User, place: Subject, period: Period) -> QuerySet[ReportFile]:
    """Return the user's files of a place and period, newest first, at most SHOWN; expired ones are omitted."""
    own = ReportFile.objects.filter(by=user.pk, place=place.key, period=period.key)
    return own.exclude(state=State.EXPIRED)[:SHOWN]


def path_of(row: ReportFile) -> Path:
    """Return the path of a DONE row's file."""
    return Path(settings.REPORT_DIR) / row.path


def make_waiting() -> None:
    """Write waiting files one after the other, until `claim_next` returns None."""
    while row := claim_next(timezone.now()):
        make_file(row)


def claim_next(now: datetime) -> ReportFile | None:
    """Set the oldest waiting row to WORKING and return it; None when none waits or MAKERS_AT_ONCE are being written.

    Heavy rows are passed over while a heavy one is being written.
    """
    with transaction.atomic():
        lock_until_commit(Lock.CLAIM_REPORT_FILE)
        working = list(ReportFile.objects.filter(state=State.WORKING).values_list("heavy", flat=True))
        if len(working) >= MAKERS_AT_ONCE:
            return None
        waiting = ReportFile.objects.filter(state=State.WAITING).order_by("pk")
        row = (waiting.filter(heavy=False) if any(working) else waiting).first()
        if row is None:
            return None
        row.state, row.started_at, row.tries = State.WORKING, now, row.tries + 1
        row.save(update_fields=["state", "started_at", "tries"])
    progress.store_progress(row.pk, 0, 0)
    return row


def make_file(row: ReportFile) -> None:
    """Write the file of a claimed row and record in the row how it ended; errors are not raised."""
    try:
        with _recording_end(row):
            written = build.write_report_file(row)
            done = _finish(row, State.DONE, path=written.path.name, size=written.size, sha256=written.sha256)
            if not done:  # clean_up gave it up meanwhile
                written.path.unlink(missing_ok=True)
    finally:
        progress.clear_progress(row.pk)


@contextmanager
def _recording_end(row: ReportFile) -> Iterator[None]:
    why = None
    try:
        yield
    except Http404:
        why = Why.SCOPE
    except TooManyRows:
        why = Why.TOO_MANY
    except TooLong:
        why = Why.TOO_LONG
    except OSError:
        log.exception("Can't write report file %s", row.pk)
        why = Why.DISK
    except Exception:
        log.exception("Writing report file %s failed", row.pk)
        why = Why.ERROR
    if why:
        _finish(row, State.FAILED, why=why)


def _finish(row: ReportFile, state: str, **values: object) -> bool:
    """End a row that is WORKING; return whether it still was."""
    working = ReportFile.objects.filter(pk=row.pk, state=State.WORKING)
    return bool(working.update(state=state, ended_at=timezone.now(), **values))


def clean_up(now: datetime) -> None:
    """Have files of dead workers made once more, remove files old or over the quota, and restart what waits."""
    for row in ReportFile.objects.filter(state=State.WORKING, started_at__lt=now - SILENT_AFTER):
        if not progress.is_silent(row.pk):
            continue
        if row.tries < MOST_TRIES:
            ReportFile.objects.filter(pk=row.pk, state=State.WORKING, tries=row.tries).update(state=State.WAITING)
        else:
            _finish(row, State.FAILED, why=Why.INTERRUPTED)
    _prune(now)
    if ReportFile.objects.filter(state=State.WAITING).exists():
        request_making()


def _prune(now: datetime) -> None:
    done = ReportFile.objects.filter(state=State.DONE)
    for row in done.filter(ended_at__lt=now - KEPT):
        _expire(row)
    room = settings.REPORT_QUOTA_MB * 1024 * 1024
    for row in done.order_by("-ended_at"):
        room -= row.size
        if room < 0:
            _expire(row)
    ReportFile.objects.filter(ended_at__lt=now - REMEMBERED).exclude(state=State.DONE).delete()
    build.remove_unknown_files(now, set(done.values_list("path", flat=True)))


def _expire(row: ReportFile) -> None:
    path_of(row).unlink(missing_ok=True)
    ReportFile.objects.filter(pk=row.pk, state=State.DONE).update(state=State.EXPIRED, path="", size=0)
