"""Who may be let into the room, and which times of a visit are possible. Pure."""

from datetime import date, datetime


class RoomRefused(ValueError):
    """What was asked is not possible. The argument says why."""

    NOT_LISTED, INSIDE, LEFT, STALE = "not_listed", "inside", "left", "stale"
    ORDER, FUTURE, NO_TEXT, TOO_LONG, UNCHANGED = "order", "future", "no_text", "too_long", "unchanged"


def is_valid(first: date, last: date, ended_at: datetime | None, day: date) -> bool:
    """Return whether a pass is valid on that day."""
    return ended_at is None and first <= day <= last


def check_times(came_at: datetime, left_at: datetime | None, now: datetime) -> None:
    """Raise RoomRefused unless the visit is over before now, and begins before it ends."""
    if came_at > now or (left_at and left_at > now):
        raise RoomRefused(RoomRefused.FUTURE)
    if left_at and left_at < came_at:
        raise RoomRefused(RoomRefused.ORDER)
