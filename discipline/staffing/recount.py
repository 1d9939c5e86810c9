"""Requests to recompute the numbers of past days; reports carry them out."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from discipline.staffing.models import Recount
from offices.hours.schedule import local_day


def request_recount(first: date, last: date, counters: Iterable[int] | None, why: str) -> None:
    """Request that the days from `first` to `last` (at most today) be recomputed for these counter ids, None for all.

    Must be called in the transaction of the change that makes it necessary.
    """
    now = timezone.now()
    last = min(last, local_day(now))
    if first > last:
        return
    Recount.objects.bulk_create(
        Recount(counter_id=pk, first_day=first, last_day=last, why=why, asked_at=now)
        for pk in ([None] if counters is None else sorted(set(counters)))
    )
