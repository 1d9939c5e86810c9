"""The list of a report's files as one user sees it."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from django.urls import reverse
from django.utils.translation import gettext as _

from discipline.reports.files import jobs as report_jobs
from discipline.reports.files import progress, table_files
from discipline.reports.files.formats import FORMATS, FileFormat
from discipline.reports.files.models import ReportFile
from discipline.reports.files.other_rooms.registry import OtherReport, Subject
from discipline.reports.files.table_files import DAYS, INDICATIONS
from discipline.reports.numbers.columns import LEVELS
from discipline.reports.numbers.period import Period
from discipline.reports.numbers.places import Level
from offices.access.gate import User


@dataclass(frozen=True, slots=True)
class ListedFile:
    """One line of the list; `percent` is None before it is known, `until` (when the file is removed) before the end."""

    row: ReportFile
    name: str
    percent: int | None
    until: datetime | None


class FileListContext(TypedDict):
    """What the templates of the file list show.

    `states` changes whenever a file's state does, so that a poll notices; `announcement` is the state of the newest
    two in words. `tables` holds each table's code with its words. `page` is the path of the report's page.
    """

    place: Subject
    period: Period
    page: str
    files: list[ListedFile]
    under_way: bool
    states: str
    announcement: str
    whole_formats: list[FileFormat]
    table_formats: list[FileFormat]
    tables: list[tuple[str, str]]


def file_list(user: User, place: Subject, period: Period) -> FileListContext:
    """Return the context for the list of this user's files of a place and period, newest first."""
    rows = report_jobs.files_of_user(user, place, period)
    listed = [_listed(row) for row in rows]
    return {
        "place": place,
        "period": period,
        "page": page_of(place, period),
        "files": listed,
        "under_way": any(file.row.under_way for file in listed),
        "states": "-".join(f"{file.row.pk}{file.row.state[0]}" for file in listed),
        "announcement": ". ".join(f"{file.name}: {file.row.get_state_display()}" for file in listed[:2]),
        "whole_formats": [row for row in formats_of(place) if not row.by_table],
        "table_formats": [row for row in formats_of(place) if row.by_table],
        "tables": [(table, table_word(table)) for table in _tables(place)],
    }


def formats_of(place: Subject) -> list[FileFormat]:
    """Return the formats in which the report can be had."""
    return [row for row in FORMATS.values() if not isinstance(place, OtherReport) or row.code in place.write]


def page_of(place: Subject, period: Period) -> str:
    """Return the path of the report's page."""
    return place.page(period) if isinstance(place, OtherReport) else reverse("report", args=[place.key, period.key])


def _tables(place: Subject) -> list[str]:
    return [] if isinstance(place, OtherReport) else list(table_files.tables_of(place))


def table_word(table: str) -> str:
    """Return the name of one of table_files.tables_of in the active language."""
    if table == DAYS:
        return _("Loket per hari")
    return _("Indikasi") if table == INDICATIONS else str(LEVELS[Level(table)])


def _listed(row: ReportFile) -> ListedFile:
    name = FORMATS[row.format].label
    if row.table:
        name = f"{name}, {table_word(row.table)}"
    stored = progress.read_progress(row.pk) if row.state == report_jobs.State.WORKING else None
    until = row.ended_at + report_jobs.KEPT if row.ended_at else None
    return ListedFile(row, name, stored.percent if stored else None, until)
