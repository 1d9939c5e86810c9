"""Files of reports: asked for, made by Celery one after the other with their progress told, fetched, and forgotten.

The only writer of ReportFile. Two are made at a time, of them one that takes long, so that neither a big file keeps
small ones waiting nor all of the worker's threads make files.
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

from discipline.core import task_queue
from discipline.reports.files import build, progress
from discipline.reports.files.file_job import TooLong
from discipline.reports.files.formats import FORMATS
from discipline.reports.files.models import ReportFile
from discipline.reports.files.workbook import TooManyRows
from discipline.reports.numbers.period import Period
from discipline.reports.numbers.places import OrgUnit
from offices.access.gate import User
from offices.places.models import Counter
from streams.servers.locks import Lock, lock_until_commit

log = logging.getLogger(__name__)

State, Why = ReportFile.State, ReportFile.Why
TASK = "discipline.tasks.make_report_files"
UNDER_WAY = (State.WAITING, State.WORKING)
MAKERS_AT_ONCE = 2
HEAVY = 20_000  # counter-days: half a minute of work for a sheet, or more
MOST_ASKED = 6  # under way for one person
SHOWN = 8  # of one place and period, for one person
KEPT = timedelta(days=7)
REMEMBERED = timedelta(days=30)
SILENT_AFTER = timedelta(seconds=progress.KEPT_S)  # without a word of progress the worker is dead


class TooManyAsked(Exception):
    """This person's files under way are MOST_ASKED already."""


def request_file(
    user: User, place: OrgUnit, period: Period, format_: str, table: str, language: str, now: datetime
) -> ReportFile:
    """The file, under way: the same one for who asks twice. `table` is for CSV only. TooManyAsked."""
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
        counters = Counter.objects.filter(place.within()).count()
        heavy = FORMATS[format_].is_sized_by_rows and counters * period.days > HEAVY
        row = ReportFile.objects.create(**wanted, heavy=heavy, asked_at=now)
        transaction.on_commit(request_making)
    return row


def request_making() -> None:
    """Have what waits made now. When the broker is away the beat finds it."""
    task_queue.send_task(TASK)


def files_of_user(user: User, place: OrgUnit, period: Period) -> QuerySet[ReportFile]:
    """The newest first, without those that are gone."""
    own = ReportFile.objects.filter(by=user.pk, place=place.key, period=period.key)
    return own.exclude(state=State.EXPIRED)[:SHOWN]


def path_of(row: ReportFile) -> Path:
    return Path(settings.REPORT_DIR) / row.path


def make_waiting() -> None:
    """Make what waits, one after the other, until nothing may be begun."""
    while row := claim_next(timezone.now()):
        make_file(row)


def claim_next(now: datetime) -> ReportFile | None:
    """The oldest that may be begun, now WORKING; a heavy one is passed over while another is at work."""
    with transaction.atomic():
        lock_until_commit(Lock.CLAIM_REPORT_FILE)
        working = list(ReportFile.objects.filter(state=State.WORKING).values_list("heavy", flat=True))
        if len(working) >= MAKERS_AT_ONCE:
            return None
        waiting = ReportFile.objects.filter(state=State.WAITING).order_by("pk")
        row = (waiting.filter(heavy=False) if any(working) else waiting).first()
        if row is None:
            return None
        row.state, row.started_at = State.WORKING, now
        row.save(update_fields=["state", "started_at"])
    progress.store_progress(row.pk, 0, 0)
    return row


def make_file(row: ReportFile) -> None:
    """Write the file of a claimed row. Whatever happens, the row says how it ended."""
    try:
        with _recording_end(row):
            made = build.write_report_file(row)
            done = _finish(row, State.DONE, path=made.path.name, size=made.size, sha256=made.sha256)
            if not done:  # given up meanwhile
                made.path.unlink(missing_ok=True)
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
        log.exception("file %s of reports can't be written", row.pk)
        why = Why.DISK
    except Exception:
        log.exception("file %s of reports failed", row.pk)
        why = Why.ERROR
    if why:
        _finish(row, State.FAILED, why=why)


def _finish(row: ReportFile, state: str, **more: object) -> bool:
    at_work = ReportFile.objects.filter(pk=row.pk, state=State.WORKING)
    return bool(at_work.update(state=state, ended_at=timezone.now(), **more))


def clean_up(now: datetime) -> None:
    """Give up what a dead worker left, remove what is old or too much, and see to it that what waits is made."""
    for row in ReportFile.objects.filter(state=State.WORKING, started_at__lt=now - SILENT_AFTER):
        if progress.is_silent(row.pk):
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
