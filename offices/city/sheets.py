"""Read the rows of a CSV file that somebody made with a spreadsheet.

The file may come from Excel in Indonesian (semicolons, BOM), from LibreOffice or from a script.
"""

import csv
import io
import re
from collections import Counter as Tally
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offices.city.visible_rule import visible

SEPARATORS = ",;\t|"
SEPARATOR_HINT = re.compile(r"sep=(.)\r?\n?")  # the first line by which Excel knows the separator
HEADER_WITHIN = 10  # lines: a title may stand above the column names
LARGEST = 1024 * 1024  # bytes
NOT_CSV = gettext_lazy("Berkas ini bukan CSV. Simpan lembar Anda sebagai “CSV UTF-8”, lalu unggah lagi.")
TOO_LARGE = gettext_lazy("Berkas lebih besar dari 1 MB. Bagi menjadi beberapa berkas.")
SURPLUS = gettext_lazy("Kolomnya terlalu banyak: nilai yang memuat pemisah harus diapit tanda kutip.")


class SheetError(ValueError):
    """The file as a whole can't be read; the text, shown to the operator, gives the reason."""


@dataclass(frozen=True, slots=True)
class SheetKind:
    """What a file is about: its columns, those that it must have, and the words for a file without rows."""

    columns: tuple[str, ...]
    required: tuple[str, ...]
    most_rows: int
    no_rows: Any


@dataclass(frozen=True, slots=True)
class SheetCells:
    """One row of the file: its cells by column, as they stand."""

    line: int  # as numbered by a text editor; the header is usually line 1
    cells: dict[str, str]
    surplus: bool  # more cells than columns: an unquoted separator inside a value

    def text(self, column: str) -> str:
        """Return what is visible of a cell; "" for a column that the file does not have."""
        return visible(self.cells.get(column, ""))


def read_text(raw: bytes) -> str:
    """Decode the file. Raises SheetError when it is empty, too large or not text."""
    if len(raw) > LARGEST:
        raise SheetError(str(TOO_LARGE))
    if raw[:2] in (b"PK", b"\xd0\xcf"):
        raise SheetError(_("Ini berkas Excel. Simpan sebagai “CSV UTF-8”, lalu unggah lagi."))
    try:
        text = raw.decode(_encoding(raw))
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")  # Excel's plain "CSV"
    if not text.strip():
        raise SheetError(_("Berkas kosong."))
    if "\0" in text:
        raise SheetError(str(NOT_CSV))
    return text


def _encoding(raw: bytes) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    if raw[1:2] == b"\0" or raw[:1] == b"\0":  # without a mark; the column names are ASCII
        return "utf-16-le" if raw[1:2] == b"\0" else "utf-16-be"
    return "utf-8-sig"


def read_rows(text: str, kind: SheetKind) -> list[SheetCells]:
    """Return the rows in order, without empty lines. Raises SheetError when the header or the quoting is wrong."""
    separator, header_line = _find_header(text, kind)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[SheetCells] = []
    columns: dict[str, int] = {}
    line = 1
    try:
        for cells in reader:
            start, line = line, reader.line_num + 1
            if start < header_line or not any(map(visible, cells)):
                continue
            if not columns:
                columns = _columns(list(map(visible, cells)), kind)
                continue
            if len(rows) >= kind.most_rows:
                raise SheetError(_("Paling banyak %(count)d baris sekali impor.") % {"count": kind.most_rows})
            rows.append(_row(start, cells, columns))
    except csv.Error:
        raise SheetError(_("Baris %(line)d tidak dapat dibaca: periksa tanda kutipnya.") % {"line": line}) from None
    if not rows:
        raise SheetError(str(kind.no_rows))
    return rows


def _find_header(text: str, kind: SheetKind) -> tuple[str, int]:
    """Return the separator, and the number of the line with the column names; 1 if there are none."""
    hint = SEPARATOR_HINT.match(text)
    lines = text.splitlines()[: HEADER_WITHIN + 1]
    for number, line in enumerate(lines, start=1):
        for separator in hint[1] if hint else SEPARATORS:
            names = [_column_name(cell) for cell in line.split(separator)]
            if all(name in names for name in kind.required):
                return separator, number
    first = next((line for line in lines if line.strip()), "")
    return hint[1] if hint else max(SEPARATORS, key=first.count), 2 if hint else 1


def _column_name(cell: str) -> str:
    return visible(cell.strip().strip('"')).lower().replace(" ", "_")


def _row(line: int, values: list[str], columns: dict[str, int]) -> SheetCells:
    cells = {name: values[at] if at < len(values) else "" for name, at in columns.items()}
    return SheetCells(line, cells, any(map(visible, values[max(columns.values()) + 1 :])))


def _columns(header: list[str], kind: SheetKind) -> dict[str, int]:
    """Return the index of each known column. Raises SheetError when one is missing or doubled."""
    names = [_column_name(name) for name in header]
    missing = [name for name in kind.required if name not in names]
    if len(missing) == len(kind.required):
        first = _("Baris pertama harus: %(columns)s") % {"columns": ",".join(kind.columns)}
        raise SheetError(f"{NOT_CSV} {first}")
    if missing:
        raise SheetError(_("Kolom ini belum ada: %(columns)s") % {"columns": ", ".join(missing)})
    if twice := [name for name, count in Tally(names).items() if name in kind.columns and count > 1]:
        raise SheetError(_("Kolom ini ada dua kali: %(columns)s") % {"columns": ", ".join(twice)})
    return {name: names.index(name) for name in kind.columns if name in names}
