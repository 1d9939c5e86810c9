"""One table of a report as CSV for other programs.

UTF-8, commas, decimal points, ISO 8601; column names are the same in every language. There is no byte order mark,
which would become part of the first column's name; Excel users have the XLSX.
"""

import csv
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime
from io import TextIOWrapper
from typing import IO, TextIO

from discipline.core import provenance
from discipline.reports.files.file_job import FileJob, RowCallback
from discipline.reports.numbers import columns, listings, tables
from discipline.reports.numbers.columns import Column, Row, with_notice
from discipline.reports.numbers.figures import ranked
from discipline.reports.numbers.places import Level, OrgUnit
from discipline.reports.numbers.tables import ReportData
from offices.access.log_csv import csv_text

DAYS, INDICATIONS = "hari", "indikasi"  # tables beside one for each level


def tables_of(place: OrgUnit) -> list[str]:
    """Return the codes of the tables that a report of this place has."""
    above = [Level.KECAMATAN_OFFICE] if place.level in (Level.CITY, Level.KECAMATAN) else []
    return [*map(str, (*place.levels, *above)), DAYS, INDICATIONS]


def write_file(job: FileJob, file: IO[bytes]) -> None:
    """Write the job's table of its report as CSV. Raises TooLong."""
    text = TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    with job.report() as report:
        write_csv(report, job.table, text, job.now, job.progress_callback())
    text.detach()


def write_csv(
    report: ReportData, table: str, file: TextIO, now: datetime, on_row: RowCallback = lambda _rows: None
) -> None:
    """Write one of tables_of(report.place) to a file that was opened with newline="".

    `on_row` gets the number of rows written after each. `now` ends indications that are open.
    """
    place, period, floor = report.place, report.period, report.floor
    if table == DAYS:
        with closing(listings.iter_counter_days(place, period)) as days:
            _rows(file, columns.day_columns(floor), days, on_row)
    elif table == INDICATIONS:
        with closing(listings.iter_indications(place, period, now)) as indications:
            _rows(file, columns.indication_columns(), indications, on_row)
    else:
        level = Level(table)
        if level is Level.KECAMATAN_OFFICE:
            lines = tables.kecamatan_office_lines(place, period)
        else:
            lines = report.lines if level is place.parts else tables.part_lines(place, period, level)
        _rows(file, columns.line_columns(level, floor), ranked(lines, floor), on_row)


def _rows(file: TextIO, shown: list[Column[Row]], rows: Iterable[Row], on_row: RowCallback) -> None:
    shown = with_notice(shown, provenance.demo_notice())
    writer = csv.writer(file)
    writer.writerow([column.key for column in shown])
    for number, row in enumerate(rows, start=1):
        writer.writerow([csv_text(column.value(row)) for column in shown])
        on_row(number)
