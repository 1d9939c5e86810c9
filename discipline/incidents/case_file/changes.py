"""Open cases, add stills, and record what becomes of them. Files are made by making.py."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import F

from discipline.evidence.recordings.models import RecordingExport
from discipline.incidents.case_file.models import BylawArticle, CaseFile, CaseOpening, CasePart, CaseStep, CaseStill
from discipline.incidents.case_file.state_rule import (
    CaseStepKind,
    CaseStepRefused,
    MakingState,
    NoRecording,
    check_case_step,
)
from discipline.incidents.models import Incident
from offices.access.gate import User
from offices.hours.schedule import local_day
from offices.places.models import Agency
from streams.cameras.models import Camera
from streams.evidence.recording import holding
from streams.servers import task_queue

AROUND = timedelta(seconds=60)  # before and after the moment
MOST_STILLS = 12
TASK = "discipline.tasks.make_case_files"


class OpenAlready(Exception):
    """The agency has an open case of the incident."""


class StillRefused(ValueError):
    """A still can't be added. The argument says why: TWICE, MANY or CLOSED."""

    TWICE, MANY, CLOSED = "twice", "many", "closed"


@dataclass(frozen=True, slots=True)
class NewCase:
    """What its opener enters. camera: None when none recorded it."""

    incident: Incident
    agency: Agency
    article: BylawArticle
    camera: Camera | None
    moment: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class CaseStepWanted:
    """A step that a person wants to record; see CaseStep. keep_until: of the steps that close the case."""

    kind: CaseStepKind
    day: date
    text: str = ""
    receiver: str = ""
    receiver_agency: str = ""
    letter: str = ""
    keep_until: date | None = None


def open_case(new: NewCase, by: User, now: datetime) -> CaseFile:
    """Store a case, hold its recording, request the export and the making. Raises OpenAlready or ValidationError.

    Who saw it: who opened the incident; for one from another system who acknowledged it, else who opens the case.
    """
    assert by.pk is not None
    seen_by = new.incident.opened_by_id or new.incident.owner_id or by.pk
    case = CaseFile(
        incident=new.incident,
        agency=new.agency,
        article=new.article,
        moment=new.moment,
        reason=new.reason.strip(),
        opened_at=now,
        opened_by_id=by.pk,
        seen_by_id=seen_by,
    )
    try:
        with transaction.atomic():
            if new.camera is None:
                case.no_recording = NoRecording.NO_CAMERA.value
            else:
                case.camera, case.camera_name = new.camera, f"{new.camera.place.name}: {new.camera.name}"
            case.save(force_insert=True)
            CaseOpening.objects.create(case=case, user_id=by.pk, at=now, reason=case.reason)
            if new.camera is not None:
                since, until = span_of(case)
                why = f"Berkas pelanggaran {case.number}, kejadian {new.incident.number}"
                case.hold = holding.hold(new.camera, since, until, why, by.pk, bound=True)
                case.save(update_fields=["hold"])
            transaction.on_commit(request_making)
    except IntegrityError as error:
        raise OpenAlready from error
    return case


def span_of(case: CaseFile) -> tuple[datetime, datetime]:
    """Return from when until when the recording is taken."""
    return case.moment - AROUND, case.moment + AROUND


def new_export(case: CaseFile) -> RecordingExport:
    """Return the unsaved request for the case's recording."""
    since, until = span_of(case)
    return RecordingExport(
        camera=case.camera,
        since=since,
        until=until,
        requester=case.agency.name[:120],
        letter=f"{case.number}, {case.incident.number}",
        reason=case.reason,
        by_id=case.opened_by_id,
        for_case=True,
    )


def add_still(case: CaseFile, at_s: Decimal, note: str, by: User, now: datetime) -> CaseStill:
    """Add a still that a person chose, and request the making. Raises StillRefused or ValidationError."""
    assert by.pk is not None
    with transaction.atomic():
        locked = lock(case)
        if locked.closed_at or locked.steps.filter(kind=CaseStepKind.HANDED_OVER.value).exists():
            raise StillRefused(StillRefused.CLOSED)
        if locked.stills.count() >= MOST_STILLS:
            raise StillRefused(StillRefused.MANY)
        if locked.stills.filter(at_s=at_s).exists():
            raise StillRefused(StillRefused.TWICE)
        still = CaseStill(case=locked, at_s=at_s, note=note.strip(), by_id=by.pk, at=now)
        still.full_clean()
        still.save(force_insert=True)
        make_again(locked)
    return still


def take_case_step(case: CaseFile, wanted: CaseStepWanted, by: User, now: datetime) -> CaseStep:
    """Record a step. Raises CaseStepRefused.

    A withdrawn case releases its hold at once, one that was heard when its files are deleted.
    """
    assert by.pk is not None
    kind, text = wanted.kind, wanted.text.strip()
    with transaction.atomic():
        locked = lock(case)
        taken = list(locked.steps.values_list("kind", flat=True))
        check_case_step(kind, taken, by=by.pk, seen_by=locked.seen_by_id, ready=locked.ready)
        if kind.closes and not text:
            raise CaseStepRefused(CaseStepRefused.TEXT)
        if kind.closes and (wanted.keep_until is None or wanted.keep_until < local_day(now)):
            raise CaseStepRefused(CaseStepRefused.KEEP)
        handed_over = kind is CaseStepKind.HANDED_OVER
        archive = locked.parts.filter(kind=CasePart.Kind.ARCHIVE).first() if handed_over else None
        step = CaseStep.objects.create(
            case=locked,
            kind=kind.value,
            at=now,
            day=wanted.day,
            by_id=by.pk,
            text=text,
            receiver=wanted.receiver.strip() if handed_over else "",
            receiver_agency=wanted.receiver_agency.strip() if handed_over else "",
            letter=wanted.letter.strip() if handed_over else "",
            sha256=archive.sha256 if archive else "",
        )
        if kind is CaseStepKind.CONFIRMED:
            make_again(locked)
        if kind.closes:
            locked.closed_at, locked.keep_until = now, wanted.keep_until
            locked.save(update_fields=["closed_at", "keep_until"])
        if kind is CaseStepKind.WITHDRAWN:
            release_hold(locked, f"Berkas {locked.number} ditarik: {text}"[:500], by.pk, now)
    return step


def log_opening(case: CaseFile, reason: str, by: User, now: datetime) -> CaseOpening:
    """Log that somebody opens the case. Raises ValidationError when the reason is missing or too short."""
    opening = CaseOpening(case=case, user_id=by.pk or 0, at=now, reason=reason.strip())
    opening.full_clean()
    opening.save(force_insert=True)
    return opening


def try_again(case: CaseFile) -> bool:
    """Have the files of a case that failed made again; False if it has not failed, or is closed."""
    failed = CaseFile.objects.filter(pk=case.pk, state=MakingState.FAILED.value, closed_at=None)
    again = failed.update(state=MakingState.WAITING.value, why="", tries=0, started_at=None) == 1
    if again:
        transaction.on_commit(request_making)
    return again


def release_hold(case: CaseFile, reason: str, by: int, now: datetime) -> None:
    """Release the case's hold on recordings, if it has one."""
    if case.hold:
        holding.release(case.hold, reason, by, now)


def make_again(case: CaseFile) -> None:
    """Mark that the files don't show the newest state, in the caller's transaction, and request the making."""
    waiting = {
        "state": MakingState.WAITING.value,
        "why": "",
        "tries": 0,
        "started_at": None,
        "version": F("version") + 1,
    }
    CaseFile.objects.filter(pk=case.pk).exclude(state=MakingState.WORKING.value).update(**waiting)
    CaseFile.objects.filter(pk=case.pk, state=MakingState.WORKING.value).update(version=F("version") + 1)
    transaction.on_commit(request_making)


def request_making() -> None:
    """Send the task that makes the files of cases. Without a broker they wait for the beat."""
    task_queue.send_task(TASK)


def lock(case: CaseFile) -> CaseFile:
    """Return the case, locked until the end of the transaction."""
    return CaseFile.objects.select_for_update(of=("self",)).select_related("hold").get(pk=case.pk)
