"""The job that a format's writer gets: the report, read at one moment of the database, and its progress."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from discipline.reports.files import progress
from discipline.reports.numbers import tables
from discipline.reports.numbers.models import DayTally
from discipline.reports.numbers.period import Period
from discipline.reports.numbers.places import OrgUnit
from discipline.reports.numbers.tables import ReportData
from streams.servers.repeatable_read import repeatable_read

PROGRESS_EVERY_S = 0.5  # progress is stored no more often
LONGEST_S = 900.0
RowCallback = Callable[[int], None]  # takes the number of rows written


class TooLong(Exception):
    """Writing the file took more than LONGEST_S."""


@dataclass(frozen=True, slots=True)
class FileJob:
    """One file to write; `row_id` is the ReportFile's, `table` is empty unless the format holds one table."""

    row_id: int
    place: OrgUnit
    period: Period
    table: str
    now: datetime

    @contextmanager
    def report(self) -> Iterator[ReportData]:
        """Read the report; queries inside the block see the same moment of the database.

        Leave the block before long work without queries: PostgreSQL ends a transaction that is idle for too long.
        """
        with repeatable_read():
            yield tables.build_report(self.place, self.period)

    def progress_callback(self) -> RowCallback:
        """Return a function that stores the progress now and then, and raises TooLong.

        Call this inside `report`: it counts the rows that there will be.
        """
        first, last = self.period.first, self.period.last
        days = DayTally.objects.filter(self.place.within("counter"), day__gte=first, day__lte=last).count()
        total = days + tables.counted_indications(self.place, self.period).count()
        began = time.monotonic()
        stored_at = began - PROGRESS_EVERY_S

        def store_rows(rows: int) -> None:
            nonlocal stored_at
            at = time.monotonic()
            if at - began > LONGEST_S:
                raise TooLong
            if at - stored_at >= PROGRESS_EVERY_S:
                stored_at = at
                progress.store_progress(self.row_id, rows, total)

        return store_rows
