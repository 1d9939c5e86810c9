"""Begin a shift, join and leave it, hand it over, sign the handover, and write into the log book."""

from datetime import datetime

from django.db import transaction

from discipline.incidents.queue.changes import announce
from discipline.incidents.shifts import sheet, shift_rule
from discipline.incidents.shifts.models import (
    LONGEST_SQUAD,
    LONGEST_TEXT,
    Handover,
    HandoverSignature,
    LogEntry,
    Shift,
    ShiftMember,
)
from discipline.incidents.shifts.sheet_rule import to_json
from discipline.incidents.shifts.shift_rule import ShiftRefused
from offices.access.gate import User
from offices.places.models import Agency


@transaction.atomic
def begin(squad: str, agency: Agency | None, by: User, now: datetime) -> Shift:
    """Begin a shift with the user as its chief, who is on duty at once. Raises ShiftRefused if one is open."""
    squad = squad.strip()
    if not squad:
        raise ShiftRefused(ShiftRefused.NO_SQUAD)
    if len(squad) > LONGEST_SQUAD:
        raise ShiftRefused(ShiftRefused.TOO_LONG)
    shift, begun = Shift.objects.get_or_create(
        ended_at=None, defaults={"squad": squad, "started_at": now, "chief_id": _key(by)}
    )
    if not begun:
        raise ShiftRefused(ShiftRefused.OPEN)
    _enter(shift, agency, by, now)
    announce()
    return shift


@transaction.atomic
def join(agency: Agency | None, by: User, now: datetime) -> None:
    """Put the user on duty in the open shift, for that agency from now on. Raises ShiftRefused if none is open."""
    shift = _open_shift()
    on_duty = shift.members.filter(user_id=_key(by), until=None).first()
    if on_duty:
        if on_duty.agency == agency:
            return
        _leave(on_duty, now)
    _enter(shift, agency, by, now)
    announce()


@transaction.atomic
def leave(by: User, now: datetime) -> None:
    """End the user's duty. Raises ShiftRefused for the chief, and for who is not on duty."""
    shift = _open_shift()
    shift_rule.check_leave(_key(by), shift.chief_id)
    on_duty = shift.members.filter(user_id=_key(by), until=None).first()
    if on_duty is None:
        raise ShiftRefused(ShiftRefused.NOT_ON_DUTY)
    _leave(on_duty, now)
    announce()


@transaction.atomic
def hand_over(note: str, by: User, now: datetime) -> Handover:
    """End the open shift and everybody's duty in it, and store what the system finds now. Raises ShiftRefused."""
    shift = _open_shift()
    present = shift.members.filter(until=None)
    on_duty = present.filter(user_id=_key(by)).exists()
    shift_rule.check_end(_key(by), shift.chief_id, shift.started_at, now, on_duty=on_duty)
    made = Handover.objects.create(
        shift=shift, made_at=now, by_id=_key(by), snapshot=to_json(sheet.build(now)), note=_checked(note)
    )
    for one in present:
        _leave(one, now)
    shift.ended_at = now
    shift.save(update_fields=["ended_at"])
    announce()
    return made


@transaction.atomic
def sign(handover: Handover, by: User, now: datetime) -> None:
    """Sign a handover as the chief of the open shift. Raises ShiftRefused."""
    locked = Handover.objects.select_related("shift").get(pk=handover.pk)
    current = Shift.objects.select_for_update().filter(ended_at=None).first()
    new_chief = current.chief_id if current else None
    if HandoverSignature.objects.filter(handover=locked).exists():
        raise ShiftRefused(ShiftRefused.SIGNED)
    shift_rule.check_signature(_key(by), locked.by_id, locked.shift.chief_id, new_chief)
    HandoverSignature.objects.create(handover=locked, signed_by_id=_key(by), signed_at=now)
    announce()


def write(text: str, by: User, now: datetime) -> LogEntry:
    """Write into the log book. Raises ShiftRefused for no text."""
    text = _checked(text)
    if not text:
        raise ShiftRefused(ShiftRefused.NO_TEXT)
    shift = Shift.objects.filter(ended_at=None).first()
    return LogEntry.objects.create(shift=shift, at=now, by_id=_key(by), text=text)


def _checked(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()  # browsers count a line break as one character
    if len(text) > LONGEST_TEXT:
        raise ShiftRefused(ShiftRefused.TOO_LONG)
    return text


def _key(by: User) -> int:
    assert by.pk is not None
    return int(by.pk)


def _open_shift() -> Shift:
    shift = Shift.objects.select_for_update().filter(ended_at=None).first()
    if shift is None:
        raise ShiftRefused(ShiftRefused.NONE)
    return shift


def _enter(shift: Shift, agency: Agency | None, by: User, now: datetime) -> None:
    ShiftMember.objects.create(shift=shift, user_id=_key(by), agency=agency, since=now)


def _leave(member: ShiftMember, now: datetime) -> None:
    member.until = max(now, member.since)
    member.save(update_fields=["until"])
