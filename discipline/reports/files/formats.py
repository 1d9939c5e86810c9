"""The file formats of reports: one table. A new format is a row here and a module with its writer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from discipline.reports.files import pdf as report_pdf
from discipline.reports.files import table_files, workbook
from discipline.reports.files.file_job import FileJob


@dataclass(frozen=True, slots=True)
class FileFormat:
    """One format; its code, at most CODE_LENGTH letters, is also the extension of its files.

    `write` takes the job and the open file and works in the active language; build.write_report_file names what it may
    raise. `by_table`: the file holds one table of the report, which the user chooses. `is_sized_by_rows`: writing takes
    longer with every counter-day, so a long period makes a heavy file.
    """

    code: str
    label: str
    button: str | Promise
    media_type: str
    write: Callable[[FileJob, IO[bytes]], None]
    by_table: bool = False
    is_sized_by_rows: bool = True


# In the order of their buttons.
FORMATS = {
    row.code: row
    for row in (
        FileFormat("pdf", "PDF", "PDF", "application/pdf", report_pdf.write_file, is_sized_by_rows=False),
        FileFormat(
            "xlsx",
            "XLSX",
            _("Excel (XLSX)"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            workbook.write_file,
        ),
        FileFormat("csv", "CSV", "CSV", "text/csv; charset=utf-8", table_files.write_file, by_table=True),
    )
}
