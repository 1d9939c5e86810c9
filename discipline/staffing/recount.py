"""Days whose numbers must be worked out again: requested by whatever changes the past, done by reports."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from discipline.staffing.models import Recount
from offices.hours.schedule import local_day


def request_recount(first: date, last: date, counters: Iterable[int] | None, why: str) -> None:
    """Have the days from `first` to `last` (at most today) worked out again; None stands for every counter.

    Call it in the transaction of what changed them.
    """
    now = timezone.now()
    last = min(last, local_day(now))
    if first > last:
        return
    Recount.objects.bulk_create(
        Recount(counter_id=pk, first_day=first, last_day=last, why=why, asked_at=now)
        for pk in ([None] if counters is None else sorted(set(counters)))
    )
