"""A report as XLSX: a summary and a sheet for each level, for counter-days and for indications.

The only module that uses openpyxl. Numbers and dates have their cell types; text never becomes a formula. Rows are
written to the disk as they come.
"""

from collections.abc import Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import IO, Any, Generic, TypeVar

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import WorkbookAlreadySaved

from discipline.core import provenance
from discipline.reports.files import letterhead
from discipline.reports.files.file_job import FileJob, RowCallback
from discipline.reports.files.overview import overview_rows
from discipline.reports.numbers import columns, listings, tables
from discipline.reports.numbers.columns import LEVELS, Column, ColumnKind, Value, with_notice
from discipline.reports.numbers.figures import ranked
from discipline.reports.numbers.places import Level
from discipline.reports.numbers.tables import ReportData
from offices.access.log_csv import FORMULA
from offices.hours.schedule import ZONE

Row = TypeVar("Row")
MOST_ROWS = 1_048_575  # of a sheet, without the header
NUMBER_FORMATS = {
    ColumnKind.WHOLE: "#,##0",
    ColumnKind.MINUTES: "#,##0.0",
    ColumnKind.PERCENT: "0.0%",
    ColumnKind.DAY: "yyyy-mm-dd",
    ColumnKind.MOMENT: "yyyy-mm-dd hh:mm",
}
A4 = "9"  # the paperSize of OOXML for A4
BOLD = Font(name="Calibri", size=11, bold=True)
HEAD = Font(name="Calibri", size=11, bold=True, color="FFFFFFFF")
MAROON = PatternFill("solid", fgColor="FF7A1F2B")
TEXT, CENTRED = Alignment(horizontal="left", indent=1), Alignment(horizontal="center")
ALIGNED = {ColumnKind.TEXT: TEXT, ColumnKind.CODE: TEXT} | dict.fromkeys(
    (ColumnKind.FLAG, ColumnKind.DAY, ColumnKind.MOMENT), CENTRED
)


class TooManyRows(ValueError):
    """A sheet would have more than MOST_ROWS rows; the text is its title."""


@dataclass(frozen=True, slots=True)
class SheetTable(Generic[Row]):
    """A table for a sheet of its own."""

    title: str
    columns: list[Column[Row]]
    rows: Iterable[Row]


def write_file(job: FileJob, file: IO[bytes]) -> None:
    """Write the job's report as XLSX, in the active language. Raises TooManyRows and TooLong."""
    book = Workbook(write_only=True)
    try:
        with job.report() as report:
            fill_workbook(book, report, job.now, job.progress_callback())
        book.save(file)
    finally:
        remove_temporary_files(book)


def write_tables(file: IO[bytes], title: str, tables: Sequence[SheetTable[Any]], now: datetime) -> None:
    """Write tables as XLSX, a sheet for each, in the active language. Raises TooManyRows."""
    book, notice = Workbook(write_only=True), provenance.demo_notice()
    _describe(book, title, notice, now)
    try:
        for one in tables:
            _sheet(book, one.title, with_notice(one.columns, notice), one.rows)
        book.save(file)
    finally:
        remove_temporary_files(book)


def fill_workbook(book: Workbook, report: ReportData, now: datetime, on_row: RowCallback) -> None:
    """Add the sheets, reading the database; saving the book afterwards only packs them.

    `on_row` gets the number of counter-days and indications written after each. Raises TooManyRows.
    """
    place, period, floor, notice = report.place, report.period, report.floor, provenance.demo_notice()
    _describe(book, letterhead.title(report), notice, now)
    _summary(book, report, now, notice)
    for level in place.levels:
        lines = report.lines if level is place.parts else tables.part_lines(place, period, level)
        of_level = with_notice(columns.line_columns(level, floor), notice)
        _sheet(book, str(LEVELS[level]), of_level, ranked(lines, floor))
    if above := tables.kecamatan_office_lines(place, period):
        of_above = with_notice(columns.line_columns(Level.KECAMATAN_OFFICE, floor), notice)
        _sheet(book, str(LEVELS[Level.KECAMATAN_OFFICE]), of_above, ranked(above, floor))
    of_days = with_notice(columns.day_columns(floor), notice)
    with closing(listings.iter_counter_days(place, period)) as days:
        written = _sheet(book, _("Hari"), of_days, days, on_row)
    of_indications = with_notice(columns.indication_columns(), notice)
    with closing(listings.iter_indications(place, period, now)) as indications:
        _sheet(book, _("Indikasi"), of_indications, indications, lambda rows: on_row(written + rows))


def _describe(book: Workbook, title: str, notice: str, now: datetime) -> None:
    book.properties.creator = "Sidak"
    book.properties.title = title
    book.properties.description = notice
    book.properties.created = book.properties.modified = now.replace(tzinfo=None)
    book.calculation.fullCalcOnLoad = False  # else Excel asks to save on closing; there are no formulas


def remove_temporary_files(book: Workbook) -> None:
    """Close sheets that were not saved, and remove files that openpyxl would keep until the process ends."""
    for sheet in book.worksheets:
        if writer := getattr(sheet, "_writer", None):
            with suppress(OSError, ValueError, WorkbookAlreadySaved):
                sheet.close()
            with suppress(OSError, ValueError):
                writer.cleanup()


def _summary(book: Workbook, report: ReportData, now: datetime, notice: str) -> None:
    sheet = book.create_sheet(_("Ringkasan"))
    for name, width in zip("ABC", (34, 22, 22), strict=True):
        sheet.column_dimensions[name].width = width
    sheet.freeze_panes = "A2"
    _printed(sheet)
    for number, row in enumerate(overview_rows(report, now, notice)):
        sheet.append([_summary_cell(sheet, value, row.kind, bold=not number or row.bold) for value in row.cells])


def _summary_cell(sheet: Any, value: Value, kind: ColumnKind, *, bold: bool) -> Any:
    cell = _prototype(sheet, ColumnKind.TEXT if isinstance(value, str) else kind)
    if bold:
        cell.font = BOLD
    return _set_value(cell, value, percent=kind is ColumnKind.PERCENT)


def _sheet(
    book: Workbook,
    title: str,
    shown: Sequence[Column[Row]],
    rows: Iterable[Row],
    on_row: RowCallback = lambda _rows: None,
) -> int:
    """Add a sheet; return its number of rows, without the header."""
    sheet = book.create_sheet(title)
    last = get_column_letter(len(shown))
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    _printed(sheet)
    for number, column in enumerate(shown, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.row_dimensions[1].height = 58
    sheet.append([_head(sheet, column) for column in shown])
    # One cell per column, reused for every row: openpyxl writes each row before it takes the next.
    cells = [(column, _aligned(sheet, column.kind), _quoted(sheet)) for column in shown]
    number = 0
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise TooManyRows(title)
        sheet.append([_cell(column, row, cell, quoted) for column, cell, quoted in cells])
        on_row(number)
    sheet.auto_filter.ref = f"A1:{last}{number + 1}"
    return number


def _printed(sheet: Any) -> None:
    """Print on A4, scaled to the width of the page."""
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _head(sheet: Any, column: Column[Any]) -> Any:
    cell = WriteOnlyCell(sheet, str(column.title))
    side = ALIGNED.get(column.kind, Alignment(horizontal="right"))
    cell.font, cell.fill = HEAD, MAROON
    cell.alignment = Alignment(horizontal=side.horizontal, indent=side.indent, vertical="center", wrap_text=True)
    return cell


def _aligned(sheet: Any, kind: ColumnKind) -> Any:
    cell = _prototype(sheet, kind)
    if kind in ALIGNED:
        cell.alignment = ALIGNED[kind]
    return cell


def _prototype(sheet: Any, kind: ColumnKind) -> Any:
    cell = WriteOnlyCell(sheet)
    if kind in NUMBER_FORMATS:
        cell.number_format = NUMBER_FORMATS[kind]
    return cell


def _quoted(sheet: Any) -> Any:
    """Return a cell for text that Excel would make a formula once it is edited."""
    cell = _aligned(sheet, ColumnKind.TEXT)
    cell.quotePrefix = True
    return cell


def _cell(column: Column[Row], row: Row, cell: Any, quoted: Any) -> Any:
    value: Value = column.word(row) if column.word else column.value(row)
    if isinstance(value, str) and value.startswith(FORMULA):
        cell = quoted
    return _set_value(cell, value, percent=column.kind is ColumnKind.PERCENT)


def _set_value(cell: Any, value: Value, *, percent: bool = False) -> Any:
    """Set the cell's value and return it; None for an empty cell."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        value = _("ya") if value else _("tidak")
    elif isinstance(value, datetime):  # Excel has no time zones; the header says WIB
        value = value.astimezone(ZONE).replace(tzinfo=None, microsecond=0)
    elif percent and isinstance(value, Decimal):
        value = value / 100
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"  # else openpyxl makes "=…" a formula and "#N/A" an error
    else:
        cell.value = value
    return cell
