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
    found = (newest_due(kind, now, zone, on_duty) for kind in CATCH_UP)
    return [period for period in found if period]


def newest_due(kind: PeriodKind, now: datetime, zone: tzinfo, has_any: Callable[[Period], bool]) -> Period | None:
    """Return the newest due period of a kind in CATCH_UP of which there is anything to tell, as `has_any` says."""
    period = period_of(kind, now.astimezone(zone).date()).before
    while now - due_at(period, zone) < CATCH_UP[kind]:
        if due_at(period, zone) <= now and has_any(period):
            return period
        period = period.before
    return None
