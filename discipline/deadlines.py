"""Until when an indication should be explained."""

from datetime import date, datetime

from discipline import verdict
from offices.hours import Interval
from offices.schedule import Fresh, local_day

schedule = Fresh(for_s=60)


def explain_by(counter: int, raised_at: datetime) -> datetime | None:
    """When the counter closes on the third day after that on which it serves; None if no such day is in sight."""
    known = schedule.get(raised_at)

    def served(day: date) -> tuple[Interval, ...]:
        return known.day(counter, day).intervals

    last = served(verdict.deadline(local_day(raised_at), lambda day: bool(served(day))))
    return last[-1].end if last else None
