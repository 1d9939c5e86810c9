"""Make the files of cases, one case after the other, each file once. Imported by the Celery worker only.

A run takes up where an earlier one ended: what is there already is left as it is, the papers are written anew.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation

from discipline.evidence.recordings import exporting, receipt
from discipline.evidence.recordings.models import RecordingExport
from discipline.incidents.case_file import changes, contents, files
from discipline.incidents.case_file.models import CaseFile, CasePart
from discipline.incidents.case_file.papers import archive, clocks, minutes
from discipline.incidents.case_file.state_rule import MakingState, NoRecording, WhyFailed, Work
from streams.cameras.models import Camera
from streams.detect import faces
from streams.evidence import store
from streams.evidence.disk import DiskState, disk_room
from streams.evidence.redaction.clip import blur_clip, picture_at
from streams.evidence.redaction.rule import Head, visitor_heads
from streams.evidence.redaction.still import UnreadableOriginal, blur_heads, encode_picture
from streams.pixels.jpeg import Picture
from streams.servers.locks import Lock, lock_until_commit

SILENT_AFTER = timedelta(minutes=30)  # a worker that needed longer for one kind of file is dead
MOST_TRIES = 3
PAUSE = timedelta(seconds=10)  # before a case is looked at again that waits for another worker's export
COMPLETE = timedelta(seconds=100)  # a minute's row is stored at most so long after its beginning
Kind, State = CasePart.Kind, MakingState

log = logging.getLogger(__name__)


class CaseTakenOver(Exception):
    """Another worker has taken the case meanwhile, as this one took too long."""


class PutOff(Exception):
    """Another worker makes exports now."""


def make_waiting() -> None:
    """Make the files of the cases that wait."""
    while case := claim_next(timezone.now()):
        make_case(case)


def claim_next(now: datetime) -> CaseFile | None:
    """Set the oldest case that waits, or whose worker died, to WORKING and return it; None when one is made now.

    A case waits until the recording of its span is complete.
    """
    with transaction.atomic():
        lock_until_commit(Lock.MAKE_CASE_FILE)
        working = CaseFile.objects.filter(state=State.WORKING.value)
        if working.filter(started_at__gt=now - SILENT_AFTER).exists():
            return None
        working.filter(tries__gte=MOST_TRIES).update(state=State.FAILED.value, why=WhyFailed.ERROR.value)
        rested = Q(state=State.WAITING.value) & (Q(started_at=None) | Q(started_at__lt=now - PAUSE))
        cases = CaseFile.objects.filter(
            Q(state=State.WORKING.value) | rested, closed_at=None, moment__lte=now - changes.AROUND - COMPLETE
        )
        case = cases.order_by("pk").first()
        if case is None:
            return None
        case.state, case.started_at, case.tries = State.WORKING.value, now, case.tries + 1
        case.save(update_fields=["state", "started_at", "tries"])
    return case


def make_case(case: CaseFile) -> None:
    """Make what a claimed case lacks, and record how that ended; errors are not raised."""
    try:
        if disk_room().state is DiskState.FULL:
            raise OSError("the disk is full")
        with translation.override("id"):
            _make(case)
    except CaseTakenOver:
        log.warning("case %s took too long, and another worker makes it", case.pk)
    except PutOff:
        _owned(case).update(state=State.WAITING.value, tries=case.tries - 1)
    except UnreadableOriginal as error:
        log.warning("case %s: %s", case.pk, error)
        _fail(case, WhyFailed.CLIP)
    except (store.EvidenceGone, store.EvidenceAltered) as error:
        log.error("case %s: %s", case.pk, error)
        _fail(case, WhyFailed.EVIDENCE)
    except OSError:
        log.exception("Can't write the files of case %s", case.pk)
        _fail(case, WhyFailed.DISK)
    except Exception:
        log.exception("The making of case %s failed", case.pk)
        _fail(case, WhyFailed.ERROR)


def _make(case: CaseFile) -> None:
    version = case.version
    steps: tuple[tuple[Work, Callable[[CaseFile], None]], ...] = (
        (Work.RECORDING, _make_recording),
        (Work.COPY, _make_copy),
        (Work.STILLS, _make_stills),
        (Work.CLOCKS, _measure_clocks),
        (Work.PAPERS, _make_papers),
    )
    for work, make in steps:
        now = timezone.now()
        if not _owned(case).update(work=work.value, started_at=now):
            raise CaseTakenOver
        case.started_at = now
        make(case)
    with transaction.atomic():
        locked = changes.lock(case)
        if locked.state != State.WORKING.value or locked.started_at != case.started_at:
            raise CaseTakenOver
        locked.made, locked.work, locked.tries, locked.why, locked.started_at = version, "", 0, "", None
        locked.state = (State.DONE if locked.version == version else State.WAITING).value
        locked.save(update_fields=["made", "work", "tries", "why", "started_at", "state"])


def _make_recording(case: CaseFile) -> None:
    if case.camera_id is None or case.no_recording:
        return
    if case.export is None:
        case.export = exporting.request_export(changes.new_export(case), timezone.now())
        case.save(update_fields=["export"])
    if case.export.state in (RecordingExport.State.WAITING, RecordingExport.State.WORKING):
        exporting.make_waiting()
        case.export.refresh_from_db()
    if case.export.state == RecordingExport.State.DONE:
        return
    if case.export.state != RecordingExport.State.FAILED:
        raise PutOff
    nothing = {RecordingExport.Why.EMPTY.value: NoRecording.EMPTY, RecordingExport.Why.FORMAT.value: NoRecording.FORMAT}
    if found := nothing.get(case.export.why):
        case.no_recording = found.value
        case.save(update_fields=["no_recording"])
        return
    why, case.export = case.export.why, None  # the next try asks anew
    case.save(update_fields=["export"])
    raise OSError(f"the export failed: {why}")


def _look(image: Picture) -> tuple[Head, ...]:
    return visitor_heads(*faces.loaded().find(image))


def _make_copy(case: CaseFile) -> None:
    evidence = contents.original_of(case)
    if evidence is None or case.parts.filter(kind=Kind.COPY).exists():
        return
    shown, _heads = blur_clip(store.read_verified(evidence), [], _look)
    files.keep_data(case, Kind.COPY, contents.COPY, shown, timezone.now())


def _make_stills(case: CaseFile) -> None:
    evidence = contents.original_of(case)
    missing = [still for still in case.stills.all() if still.parts.count() < 2]
    if evidence is None or not missing:
        return
    film = store.read_verified(evidence)
    for still in missing:
        image = picture_at(film, float(still.at_s))
        name = f"gambar-{still.at_s:05.1f}-detik"
        now = timezone.now()
        files.keep_data(case, Kind.STILL, f"{name}-asli.jpg", encode_picture(image), now, still)
        hidden = encode_picture(blur_heads(image, _look(image)))
        files.keep_data(case, Kind.HIDDEN, f"{name}-wajah-disembunyikan.jpg", hidden, now, still)


def _measure_clocks(case: CaseFile) -> None:
    if case.clocks:
        return
    camera = Camera.objects.filter(pk=case.camera_id).first() if case.camera_id else None
    evidence = contents.original_of(case)
    case.clocks = clocks.measure(camera, evidence.facts if evidence else None, timezone.now())
    case.save(update_fields=["clocks"])


def _make_papers(case: CaseFile) -> None:
    now, letterhead = timezone.now(), settings.LETTERHEAD[0]
    if case.export and contents.original_of(case):
        sheet = receipt.sheet(case.export, letterhead)
        files.keep_data(case, Kind.PAPER, contents.EXPORT_RECEIPT, sheet, now)
    files.keep_data(case, Kind.LOG, contents.LOG, archive.openings_csv(case), now)
    files.keep_data(case, Kind.PAPER, contents.PAPER, minutes.sheet(case, letterhead, now), now)
    sums = archive.sums(contents.entries(case, papers=True))
    files.keep_data(case, Kind.SUMS, contents.SUMS, sums, now)
    written = files.temporary(case)
    try:
        archive.write(case, written, now)
        files.keep(case, Kind.ARCHIVE, contents.ARCHIVE, written, now)
    finally:
        written.unlink(missing_ok=True)


def _owned(case: CaseFile) -> QuerySet[CaseFile]:
    return CaseFile.objects.filter(pk=case.pk, state=State.WORKING.value, started_at=case.started_at)


def _fail(case: CaseFile, why: WhyFailed) -> None:
    _owned(case).update(state=State.FAILED.value, why=why.value)
