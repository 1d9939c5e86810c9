"""Whether a counter is on duty all through a time, by the hours as they are stored now.

An alert that falls due by time alone is raised from a standing, and that was judged by the hours as they were then: a
closure may have been entered since, also for a time that has passed.
"""

from collections.abc import Mapping
from datetime import datetime

from offices.hours.duty import interval_at
from offices.hours.schedule import Schedule

Period = tuple[datetime, datetime]


def on_duty_throughout(periods: Mapping[int, Period]) -> set[int]:
    """Return those counters (ids) that are on duty from the start of their period to its end."""
    if not periods:
        return set()
    schedule, found = Schedule(periods), set()
    for counter, (start, end) in periods.items():
        interval = interval_at(schedule.duty(counter, end), start)
        if interval and end <= interval.end:
            found.add(counter)
    return found
