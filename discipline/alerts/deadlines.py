"""Until when an indication should be explained, and when to remind of it."""

from datetime import date, datetime, timedelta

from discipline.alerts.decisions import rule as decision_rule
from offices.hours.duty import Interval
from offices.hours.schedule import Schedule, ScheduleCache, local_day

schedule = ScheduleCache(for_s=60)


def explain_by(counter: int, raised_at: datetime, known: Schedule | None = None) -> datetime | None:
    """When the counter closes on the third day after that on which it serves; None if no such day is in sight.
    `known`: a schedule that the caller has at hand."""
    known = known or schedule.get(raised_at)

    def served(day: date) -> tuple[Interval, ...]:
        return known.day(counter, day).intervals

    last = served(decision_rule.deadline(local_day(raised_at), lambda day: bool(served(day))))
    return last[-1].end if last else None


def remind_at(counter: int, deadline: datetime) -> datetime:
    """When the counter opens on the working day before; a day before, when the schedule knows none."""
    known = schedule.get(deadline)

    def served(day: date) -> tuple[Interval, ...]:
        return known.day(counter, day).intervals

    before = served(decision_rule.reminder(local_day(deadline), lambda day: bool(served(day))))
    return before[0].start if before else deadline - timedelta(days=1)
