"""Which reports are due by mail: yesterday's, last week's and last month's, from SEND_AT on. Pure.

Moments are aware; `zone` is the offices' own. What was already sent is not considered here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta, tzinfo

from discipline.reports.numbers.period import DAY, Period, PeriodKind, period_of

SEND_AT = time(6, 30)  # on the day after the period
# How long a missed report is still sent; only the newest of each kind, as older ones are on the pages.
CATCH_UP = {PeriodKind.DAY: timedelta(days=3), PeriodKind.WEEK: timedelta(days=7), PeriodKind.MONTH: timedelta(days=20)}


def due_at(period: Period, zone: tzinfo) -> datetime:
    """Return the moment from which a period's report is due."""
    return datetime.combine(period.last + DAY, SEND_AT, tzinfo=zone)


def due_periods(now: datetime, zone: tzinfo, on_duty: Callable[[Period], bool]) -> list[Period]:
    """Return the newest due period of each kind, at most three; those older than CATCH_UP are left out.

    A period without duty is passed over: `on_duty` says whether it has any.
    """
    today = now.astimezone(zone).date()
    periods = []
    for kind, patience in CATCH_UP.items():
        period = period_of(kind, today).before
        while now - due_at(period, zone) < patience:
            if due_at(period, zone) <= now and on_duty(period):
                periods.append(period)
                break
            period = period.before
    return periods
