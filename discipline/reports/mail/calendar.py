"""Which reports go out by themselves, and when: yesterday's, last week's and last month's, at SEND_AT. Pure.

Moments are aware; `zone` is the offices' own. What was sent already is not known here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta, tzinfo

from discipline.reports.numbers.period import DAY, Period, PeriodKind, period_of

SEND_AT = time(6, 30)  # of the day after the period
# A run that was missed is made up for so long, and only the newest of its kind: what is older stands in the pages.
CATCH_UP = {PeriodKind.DAY: timedelta(days=3), PeriodKind.WEEK: timedelta(days=7), PeriodKind.MONTH: timedelta(days=20)}


def due_at(period: Period, zone: tzinfo) -> datetime:
    return datetime.combine(period.last + DAY, SEND_AT, tzinfo=zone)


def due_periods(now: datetime, zone: tzinfo, on_duty: Callable[[Period], bool]) -> list[Period]:
    """Of each kind the newest period that should be on its way at `now` and held a day on duty, if it is not too old:
    at most three. A day, a week or a month without any duty is not told of."""
    today = now.astimezone(zone).date()
    found = []
    for kind, patience in CATCH_UP.items():
        period = period_of(kind, today).before
        while now - due_at(period, zone) < patience:
            if due_at(period, zone) <= now and on_duty(period):
                found.append(period)
                break
            period = period.before
    return found
