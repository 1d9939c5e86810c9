"""Import many cameras from one CSV file: read it, check every row, then create the cameras.

The file may come from Excel in Indonesian (semicolons, BOM), from LibreOffice or from a script.
"""

import csv
import io
import re
from collections import Counter as Tally
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offices.places.models import Kelurahan
from streams.cameras.addresses import stream_of, tidy_address, visible
from streams.cameras.models import Camera

SEPARATORS = ",;\t|"
SEPARATOR_HINT = re.compile(r"sep=(.)\r?\n?")  # the first line by which Excel knows the separator
HEADER_WITHIN = 10  # lines: a title may stand above the column names
COLUMNS = ("kode_kelurahan", "nama", "alamat_rtsp", "pengguna", "sandi", "alamat_kecil")
REQUIRED = COLUMNS[:3]
LARGEST = 1024 * 1024  # bytes
MOST_ROWS = 5000
NOT_CSV = gettext_lazy("Berkas ini bukan CSV. Simpan lembar Anda sebagai “CSV UTF-8”, lalu unggah lagi.")
TEMPLATE = (
    ",".join(COLUMNS)
    + "\r\n"
    + "16.71.01.1001,Kamera ruang pelayanan,rtsp://10.0.0.5:554/stream1,sidak,tulis-sandi-di-sini,\r\n"
)


class SheetError(ValueError):
    """The file as a whole can't be read; the text, shown to the operator, gives the reason."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of the file."""

    line: int  # as numbered by a text editor; the header is usually line 1
    code: str
    name: str
    url: str
    username: str
    password: str = field(repr=False)
    sub_url: str = ""
    surplus: bool = False  # more cells than columns: an unquoted separator inside a value

    @property
    def spaced_password(self) -> bool:
        """Whether the password begins or ends with a space, which may be meant or not."""
        return self.password != self.password.strip()

    @property
    def shown_url(self) -> str:
        """The address for display, without credentials that may have been written into it."""
        scheme, mark, rest = self.url.partition("://")
        host, slash, path = rest.partition("/")
        return f"{scheme}{mark}{host.rpartition('@')[2]}{slash}{path}"


@dataclass(slots=True)
class ImportPlan:
    """The result of checking: unsaved cameras, and rejected rows with all their reasons."""

    good: list[tuple[SheetRow, Camera]] = field(default_factory=list)
    bad: list[tuple[SheetRow, list[str]]] = field(default_factory=list)


def read_text(raw: bytes) -> str:
    """Decode the file. Raises SheetError when it is empty, too large or not text."""
    if len(raw) > LARGEST:
        raise SheetError(_("Berkas lebih besar dari 1 MB. Bagi menjadi beberapa berkas."))
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


def parse_rows(text: str) -> list[SheetRow]:
    """Return the rows in order, without empty lines. Raises SheetError when the header or the quoting is wrong."""
    separator, header_line = _find_header(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[SheetRow] = []
    columns: dict[str, int] = {}
    line = 1
    try:
        for cells in reader:
            start, line = line, reader.line_num + 1
            if start < header_line or not any(map(visible, cells)):
                continue
            if not columns:
                columns = _columns(list(map(visible, cells)))
                continue
            if len(rows) >= MOST_ROWS:
                raise SheetError(_("Paling banyak %(count)d baris sekali impor.") % {"count": MOST_ROWS})
            rows.append(_row(start, cells, columns))
    except csv.Error:
        raise SheetError(_("Baris %(line)d tidak dapat dibaca: periksa tanda kutipnya.") % {"line": line}) from None
    if not rows:
        raise SheetError(_("Berkas ini hanya berisi judul kolom, belum ada kamera."))
    return rows


def _find_header(text: str) -> tuple[str, int]:
    """Return the separator, and the number of the line with the column names; 1 if there are none."""
    hint = SEPARATOR_HINT.match(text)
    lines = text.splitlines()[: HEADER_WITHIN + 1]
    for number, line in enumerate(lines, start=1):
        for separator in hint[1] if hint else SEPARATORS:
            names = [_column_name(cell) for cell in line.split(separator)]
            if all(name in names for name in REQUIRED):
                return separator, number
    first = next((line for line in lines if line.strip()), "")
    return hint[1] if hint else max(SEPARATORS, key=first.count), 2 if hint else 1


def _column_name(cell: str) -> str:
    return visible(cell.strip().strip('"')).lower().replace(" ", "_")


def _row(line: int, values: list[str], columns: dict[str, int]) -> SheetRow:
    cells = {name: values[at] if at < len(values) else "" for name, at in columns.items()}
    password = cells.get("sandi", "")  # as it stands: its spaces belong to it, as in the form
    cells = {name: visible(cell) for name, cell in cells.items()}
    return SheetRow(
        line=line,
        code=cells["kode_kelurahan"].removeprefix("'"),  # by which Excel keeps a number as text
        name=cells["nama"],
        url=cells["alamat_rtsp"],
        username=cells.get("pengguna", ""),
        password=password,
        sub_url=cells.get("alamat_kecil", ""),
        surplus=any(map(visible, values[max(columns.values()) + 1 :])),
    )


def _columns(header: list[str]) -> dict[str, int]:
    """Return the index of each known column. Raises SheetError when one is missing or doubled."""
    names = [_column_name(name) for name in header]
    missing = [name for name in REQUIRED if name not in names]
    if len(missing) == len(REQUIRED):
        raise SheetError(str(NOT_CSV) + " " + _("Baris pertama harus: %(columns)s") % {"columns": ",".join(COLUMNS)})
    if missing:
        raise SheetError(_("Kolom ini belum ada: %(columns)s") % {"columns": ", ".join(missing)})
    if twice := [name for name, count in Tally(names).items() if name in COLUMNS and count > 1]:
        raise SheetError(_("Kolom ini ada dua kali: %(columns)s") % {"columns": ", ".join(twice)})
    return {name: names.index(name) for name in COLUMNS if name in names}


def check_rows(rows: list[SheetRow]) -> ImportPlan:
    """Check every row against the database and the other rows. Writes nothing."""
    plan = ImportPlan()
    offices = {k.code: k for k in Kelurahan.objects.select_related("kecamatan")}
    stored = list(Camera.objects.with_place())
    names = {(one.kelurahan and one.kelurahan.code, one.name.casefold()): _("sudah tersimpan") for one in stored}
    streams = {stream_of(tidy_address(one.url)): f"{one.place.name}, {one.name}" for one in stored}
    for row in rows:
        camera = Camera(
            kelurahan=offices.get(row.code),
            name=row.name,
            url=row.url,
            sub_url=row.sub_url,
            username=row.username,
            password=row.password,
        )
        problems = _problems(row, camera)  # tidies the addresses
        if first := _duplicate_of(names, (row.code, row.name.casefold()), row):
            problems.append(_("Nama kamera sudah dipakai di kantor ini (%(where)s).") % {"where": first})
        if first := _duplicate_of(streams, stream_of(camera.url), row):
            problems.append(_("Alamat RTSP sudah dipakai (%(where)s).") % {"where": first})
        if problems:
            plan.bad.append((row, problems))
        else:
            plan.good.append((row, camera))
    return plan


def _duplicate_of(seen: dict[Any, str], key: Any, row: SheetRow) -> str:
    """Return where the key occurred before, for display; "" the first time."""
    if key in seen:
        return seen[key]
    seen[key] = _("baris %(line)d") % {"line": row.line}
    return ""


def _problems(row: SheetRow, camera: Camera) -> list[str]:
    problems = []
    if row.surplus:
        problems.append(_("Kolomnya terlalu banyak: nilai yang memuat pemisah harus diapit tanda kutip."))
    if not row.code:
        problems.append(_("Kode kelurahan kosong."))
    elif camera.kelurahan_id is None:
        problems.append(_("Kode kelurahan %(code)s tidak dikenal.") % {"code": row.code})
    if not row.name:
        problems.append(_("Nama kamera kosong."))
    if row.password and not row.username:
        problems.append(_("Sandi diisi tanpa nama pengguna."))
    try:
        camera.clean_fields(exclude=["kelurahan", "place", *([] if row.name else ["name"])])
        camera.clean()
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            label = str(getattr(Camera._meta.get_field(name), "verbose_name", name))
            problems += [f"{label[:1].upper()}{label[1:]}: {message}" for message in messages]
    return problems


@transaction.atomic
def create_cameras(plan: ImportPlan) -> int:
    """Create the cameras of the good rows, all or none, and return their number.

    Raises IntegrityError when another operator has meanwhile added one of them.
    """
    return len(Camera.objects.bulk_create(camera for _row, camera in plan.good))
