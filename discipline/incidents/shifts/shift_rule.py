"""Who may end a shift and sign its handover, and when a handover has waited too long. Pure."""

from datetime import datetime, timedelta

SIGNED_WITHIN = timedelta(minutes=30)
LONGEST = timedelta(hours=12)  # afterwards anybody on duty may hand over for a chief who has not


class ShiftRefused(ValueError):
    """What was asked of a shift is not possible. The argument says why."""

    OPEN, NONE, CHIEF, NOT_CHIEF, NOT_ON_DUTY = "open", "none", "chief", "not_chief", "not_on_duty"
    SIGNED, SAME_PERSON, NOT_NEXT_CHIEF = "signed", "same_person", "not_next_chief"
    NO_SQUAD, NO_TEXT, TOO_LONG = "no_squad", "no_text", "too_long"


def check_end(by: int, chief: int, started_at: datetime, now: datetime, *, on_duty: bool) -> None:
    """Raise ShiftRefused unless the user (id) may end the shift: its chief, or anybody on duty after LONGEST."""
    if by == chief:
        return
    if not on_duty:
        raise ShiftRefused(ShiftRefused.NOT_ON_DUTY)
    if now - started_at < LONGEST:
        raise ShiftRefused(ShiftRefused.NOT_CHIEF)


def check_leave(by: int, chief: int) -> None:
    """Raise ShiftRefused if the user (id) is the chief, who leaves by handing over."""
    if by == chief:
        raise ShiftRefused(ShiftRefused.CHIEF)


def check_signature(by: int, handed_over_by: int, old_chief: int, new_chief: int | None) -> None:
    """Raise ShiftRefused unless the user (id) may sign: the chief of the shift that is open, and another person.

    new_chief: None if no shift is open.
    """
    if by in (handed_over_by, old_chief):
        raise ShiftRefused(ShiftRefused.SAME_PERSON)
    if by != new_chief:
        raise ShiftRefused(ShiftRefused.NOT_NEXT_CHIEF)


def unsigned_too_long(made_at: datetime, now: datetime) -> bool:
    """Return whether a handover without a signature should have one by now."""
    return now - made_at > SIGNED_WITHIN
