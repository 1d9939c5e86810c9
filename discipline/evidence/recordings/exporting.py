"""The life of exports: requested, made by Celery one after the other. The only writer of RecordingExport."""

import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from discipline.evidence.recordings.models import RecordingExport
from discipline.evidence.recordings.pieces import RangePieces
from offices.access.gate import Scope
from streams.cameras.models import Camera
from streams.evidence import store
from streams.evidence.disk import DiskState, disk_room
from streams.evidence.models import Evidence
from streams.evidence.recording import holding, rights
from streams.evidence.recording.finished import moment_of
from streams.servers import task_queue
from streams.servers.locks import Lock, lock_until_commit
from streams.source.fmp4 import TICKS
from streams.source.mp4_file import MuxError
from streams.source.mp4_joining import FormatChanged, JoinedFile, join_mp4

log = logging.getLogger(__name__)

State, Why = RecordingExport.State, RecordingExport.Why
TASK = "discipline.tasks.make_recording_exports"
SILENT_AFTER = timedelta(minutes=15)  # a worker that took longer is dead
MOST_TRIES = 3
DONE_REASON = "Ekspor selesai"


class Overtaken(Exception):
    """Another worker has taken the request meanwhile, as this one took too long."""


def request_export(export: RecordingExport, now: datetime) -> RecordingExport:
    """Store a request, hold its minutes until it is made, and send the task. Raises ValidationError."""
    export.camera_name, export.place = export.camera.name, export.camera.place
    export.asked_at = now
    with transaction.atomic():
        why = f"Ekspor untuk {export.requester}, surat {export.letter}"
        export.hold = holding.hold(export.camera, export.since, export.until, why, export.by_id)
        export.full_clean(exclude=["started_at", "ended_at", "evidence"])
        export.save(force_insert=True)
        transaction.on_commit(request_making)
    return export


def request_making() -> None:
    """Send the task that makes waiting exports. Without a broker they wait for the beat."""
    task_queue.send_task(TASK)


def visible_exports(scope: Scope) -> QuerySet[RecordingExport]:
    """Return the exports that the user may see: of cameras whose recordings are; for the inspectorate all.

    Those of case files are not among them: a case asks for the reason first, and logs who opened it.
    """
    rows = RecordingExport.objects.filter(for_case=False)
    rows = rows.select_related("by", "evidence", "place__kelurahan", "place__kecamatan")
    if scope.inspects:
        return rows
    return rows.filter(camera__in=rights.recorded_cameras(scope).values("pk")) if scope.operates else rows.none()


def make_waiting() -> None:
    """Make waiting exports one after the other."""
    while export := claim_next(timezone.now()):
        make_export(export)


def claim_next(now: datetime) -> RecordingExport | None:
    """Set the oldest waiting request, or one whose worker died, to WORKING and return it; None when one is made now."""
    with transaction.atomic():
        lock_until_commit(Lock.EXPORT_RECORDING)
        working = RecordingExport.objects.filter(state=State.WORKING)
        if working.filter(started_at__gt=now - SILENT_AFTER).exists():
            return None
        for dead in working.filter(tries__gte=MOST_TRIES):
            _fail(dead, Why.ERROR)
        open_ = Q(state=State.WAITING) | Q(state=State.WORKING)
        export = RecordingExport.objects.filter(open_).select_related("by").order_by("pk").first()
        if export is None:
            return None
        export.state, export.started_at, export.tries = State.WORKING, now, export.tries + 1
        export.save(update_fields=["state", "started_at", "tries"])
    return export


def make_export(export: RecordingExport) -> None:
    """Make the file of a claimed request, and record how that ended; errors are not raised."""
    try:
        if disk_room().state is DiskState.FULL:
            raise OSError("the disk is full")
        _make(export)
    except Overtaken:
        log.warning("recording export %s took too long, and another worker makes it", export.pk)
    except FormatChanged:
        _fail(export, Why.FORMAT)
    except MuxError as error:
        log.warning("recording export %s: %s", export.pk, error)
        _fail(export, Why.EMPTY)
    except OSError:
        log.exception("Can't write recording export %s", export.pk)
        _fail(export, Why.DISK)
    except Exception:
        log.exception("Recording export %s failed", export.pk)
        _fail(export, Why.ERROR)


def _make(export: RecordingExport) -> None:
    pieces = RangePieces(Camera(pk=export.camera_id), export.since, export.until)
    part = store.part_of(export.place, export.since)
    try:
        joined = join_mp4(pieces, part)
        facts = _facts(export, pieces, joined)
        piece = store.NewEvidence(Evidence.Kind.RECORDING, Evidence.Form.ORIGINAL, export.since, data=b"", facts=facts)
        _store(export, part, piece)
    finally:
        part.unlink(missing_ok=True)


def _store(export: RecordingExport, part: Path, piece: store.NewEvidence) -> None:
    """Store the file and its row, and end the request. Raises Overtaken; then there is neither file nor row."""
    evidence = None
    try:
        with transaction.atomic():
            claimed = RecordingExport.objects.select_for_update().filter(pk=export.pk, state=State.WORKING)
            if not claimed.filter(tries=export.tries).exists():
                raise Overtaken
            evidence = store.store_part(export.place, part, piece, timezone.now())
            export.state, export.evidence, export.ended_at = State.DONE, evidence, timezone.now()
            export.save(update_fields=["state", "evidence", "ended_at"])
            _release(export)
    except BaseException:
        if evidence:
            store.path_of(evidence).unlink(missing_ok=True)
        raise


def _facts(export: RecordingExport, pieces: RangePieces, joined: JoinedFile) -> dict[str, Any]:
    """Return what the chain says of the file: for whom and why, the minutes that it is made of, and what is missing."""
    runs = [
        {
            "at_s": round(run.at / TICKS, 3),
            "from": moment_of(run.begins).isoformat(),
            "until": moment_of(run.ends).isoformat(),
        }
        for run in joined.runs
    ]
    return {
        "export": export.pk,
        "camera": export.camera_id,
        "camera_name": export.camera_name,
        "since": export.since.isoformat(),
        "until": export.until.isoformat(),
        "requester": export.requester,
        "letter": export.letter,
        "reason": export.reason,
        "by": export.by.get_username(),
        "codec": joined.codec,
        "width": joined.width,
        "height": joined.height,
        "pictures": joined.pictures,
        "duration_s": round(joined.seconds, 3),
        "runs": runs,
        "gaps": pieces.gaps(joined.runs),
        "minutes": pieces.used,
        "left_out": pieces.left_out,
    }


def _fail(export: RecordingExport, why: str) -> None:
    export.state, export.why, export.ended_at = State.FAILED, why, timezone.now()
    export.save(update_fields=["state", "why", "ended_at"])
    _release(export)


def _release(export: RecordingExport) -> None:
    if export.hold:
        holding.release(export.hold, DONE_REASON, export.by_id, timezone.now())
