"""When an indication must be explained by, and when to send the reminder."""

from datetime import date, datetime, timedelta

from discipline.alerts.decisions import rule as decision_rule
from offices.hours.duty import Interval
from offices.hours.schedule import Schedule, ScheduleCache, local_day

schedule = ScheduleCache(for_s=60)


def explain_by(counter: int, raised_at: datetime, known: Schedule | None = None) -> datetime | None:
    """Return when the counter closes on its third working day after the indication, or None when the schedule has none.

    Pass `known` to use a schedule that is already loaded.
    """
    known = known or schedule.get(raised_at)

    def served(day: date) -> tuple[Interval, ...]:
        return known.day(counter, day).intervals

    last = served(decision_rule.deadline(local_day(raised_at), lambda day: bool(served(day))))
    return last[-1].end if last else None


def remind_at(counter: int, deadline: datetime) -> datetime:
    """Return when the counter opens on the working day before the deadline, or 24 hours before when it has none."""
    known = schedule.get(deadline)

    def served(day: date) -> tuple[Interval, ...]:
        return known.day(counter, day).intervals

    before = served(decision_rule.reminder(local_day(deadline), lambda day: bool(served(day))))
    return before[0].start if before else deadline - timedelta(days=1)
