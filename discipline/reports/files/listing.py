"""What the list of a report's files shows to one person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from discipline.reports.files import jobs as report_jobs
from discipline.reports.files import progress, table_files
from discipline.reports.files.models import ReportFile
from discipline.reports.files.table_files import DAYS, INDICATIONS
from discipline.reports.numbers.columns import LEVELS
from discipline.reports.numbers.period import Period
from discipline.reports.numbers.places import Level, OrgUnit
from offices.access.gate import User


@dataclass(frozen=True, slots=True)
class ListedFile:
    """`percent` is None before it is known; `until`: so long it is kept."""

    row: ReportFile
    name: str
    percent: int | None
    until: datetime | None


def file_list(user: User, place: OrgUnit, period: Period) -> dict[str, Any]:
    """`states` tells whether anything came to its end since; `said` is that in words."""
    rows = report_jobs.files_of_user(user, place, period)
    listed = [_listed(row) for row in rows]
    return {
        "place": place,
        "period": period,
        "files": listed,
        "under_way": any(one.row.under_way for one in listed),
        "states": "-".join(f"{one.row.pk}{one.row.state[0]}" for one in listed),
        "said": ". ".join(f"{one.name}: {one.row.get_state_display()}" for one in listed[:2]),
        "tables": [(table, table_word(table)) for table in table_files.tables_of(place)],
    }


def table_word(table: str) -> str:
    if table == DAYS:
        return _("Loket per hari")
    return _("Indikasi") if table == INDICATIONS else str(LEVELS[Level(table)])


def _listed(row: ReportFile) -> ListedFile:
    name = row.get_format_display()
    if row.table:
        name = f"{name}, {table_word(row.table)}"
    told = progress.read_progress(row.pk) if row.state == report_jobs.State.WORKING else None
    until = row.ended_at + report_jobs.KEPT if row.ended_at else None
    return ListedFile(row, name, told.percent if told else None, until)
