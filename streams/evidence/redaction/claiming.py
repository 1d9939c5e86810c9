"""Claim pictures whose heads are to be hidden: one worker takes each, and a bad one is tried less and less often."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import models
from django.db.models import F, QuerySet

CLAIMED = timedelta(minutes=2)  # far longer than one picture takes
LAST_AGAIN = timedelta(hours=6)  # longest wait between two tries
Row = TypeVar("Row", bound=models.Model)


def claimed(waiting: QuerySet[Row], now: datetime, most: int) -> Iterator[Row]:
    """Yield up to `most` of the waiting rows, those that no other worker has claimed meanwhile.

    The rows have `tries` and `again_at`, when they are tried again; the wait doubles with each try.
    """
    for row in waiting[:most]:
        tries: int = row.tries  # type: ignore[attr-defined]  # rows of different models
        again_at = now + min(LAST_AGAIN, CLAIMED * 2 ** min(tries, 10))
        if waiting.filter(pk=row.pk, tries=tries).update(tries=F("tries") + 1, again_at=again_at):
            yield row
