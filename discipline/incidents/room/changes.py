"""Let people into the room and out of it, correct what was written about that, and delete what is old."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from discipline.incidents.room.door_rule import RoomRefused, check_times, is_valid
from discipline.incidents.room.models import LONGEST_PURPOSE, RoomPass, RoomRetention, RoomVisit
from offices.access.gate import User
from offices.hours.schedule import local_day


@dataclass(frozen=True, slots=True)
class VisitDetails:
    """What a correction may change of a visit. left_at: None while the person is inside."""

    came_at: datetime
    left_at: datetime | None
    purpose: str


@transaction.atomic
def end_pass(room_pass: RoomPass, by: User, now: datetime) -> None:
    """Take somebody off the list from now on. A visit that lasts goes on until they leave."""
    locked = _lock(room_pass)
    if locked.ended_at is None:
        locked.ended_at, locked.ended_by_id = now, by.pk
        locked.save(update_fields=["ended_at", "ended_by"])


@transaction.atomic
def let_in(room_pass: RoomPass, purpose: str, by: User, now: datetime) -> RoomVisit:
    """Record that somebody comes in. Raises RoomRefused for who is not on the list today, or inside already."""
    locked = _lock(room_pass)
    if not is_valid(locked.first, locked.last, locked.ended_at, local_day(now)):
        raise RoomRefused(RoomRefused.NOT_LISTED)
    if locked.visits.filter(left_at=None, corrected_by=None).exists():
        raise RoomRefused(RoomRefused.INSIDE)
    purpose = _checked(purpose)
    return RoomVisit.objects.create(
        room_pass=locked, came_at=now, purpose=purpose, let_in_by_id=_key(by), at=now, by_id=_key(by)
    )


@transaction.atomic
def let_out(visit: RoomVisit, by: User, now: datetime) -> RoomVisit:
    """Record that the person leaves. Raises RoomRefused if they have left, or the row was corrected meanwhile."""
    current = _current(visit)
    if current.left_at:
        raise RoomRefused(RoomRefused.LEFT)
    details = VisitDetails(current.came_at, max(now, current.came_at), current.purpose)
    return _write(current, details, current.note, by, now)


@transaction.atomic
def correct(visit: RoomVisit, details: VisitDetails, note: str, by: User, now: datetime) -> RoomVisit:
    """Add a row that holds instead of `visit`; `note` says why. Raises RoomRefused."""
    current, note = _current(visit), _checked(note)
    check_times(details.came_at, details.left_at, now)
    details = VisitDetails(details.came_at, details.left_at, _checked(details.purpose))
    if details == VisitDetails(current.came_at, current.left_at, current.purpose):
        raise RoomRefused(RoomRefused.UNCHANGED)
    if details.left_at is None and _others_inside(current):
        raise RoomRefused(RoomRefused.INSIDE)
    return _write(current, details, note, by, now)


def forget(now: datetime) -> None:
    """Delete rows of visits, and passes that are over, older than RoomRetention says."""
    oldest = now - timedelta(days=RoomRetention.days_on(local_day(now)))
    RoomVisit.objects.filter(at__lt=oldest).delete()
    RoomPass.objects.filter(last__lt=local_day(oldest), visits=None).delete()
    RoomPass.objects.filter(ended_at__lt=oldest, visits=None).delete()


def _write(current: RoomVisit, details: VisitDetails, note: str, by: User, now: datetime) -> RoomVisit:
    return RoomVisit.objects.create(
        room_pass_id=current.room_pass_id,
        came_at=details.came_at,
        left_at=details.left_at,
        purpose=details.purpose,
        let_in_by_id=current.let_in_by_id,
        corrects=current,
        note=note,
        at=now,
        by_id=_key(by),
    )


def _lock(room_pass: RoomPass) -> RoomPass:
    return RoomPass.objects.select_for_update().get(pk=room_pass.pk)


def _current(visit: RoomVisit) -> RoomVisit:
    """Return the row, with its pass locked. Raises RoomRefused unless it is the newest of its chain."""
    _lock(visit.room_pass)
    if RoomVisit.objects.filter(corrects=visit.pk).exists():
        raise RoomRefused(RoomRefused.STALE)
    return visit


def _others_inside(visit: RoomVisit) -> bool:
    rows = RoomVisit.objects.filter(room_pass=visit.room_pass_id, left_at=None, corrected_by=None)
    return rows.exclude(pk=visit.pk).exists()


def _checked(text: str) -> str:
    if not text.strip():
        raise RoomRefused(RoomRefused.NO_TEXT)
    if len(text.strip()) > LONGEST_PURPOSE:
        raise RoomRefused(RoomRefused.TOO_LONG)
    return text.strip()


def _key(by: User) -> int:
    assert by.pk is not None
    return int(by.pk)
