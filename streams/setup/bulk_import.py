"""Import many cameras from one CSV file: read it, check every row, then create the cameras."""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offices.city.sheets import SURPLUS, SheetCells, SheetKind
from offices.places.models import Kelurahan
from streams.cameras.addresses import stream_of, tidy_address
from streams.cameras.models import Camera

COLUMNS = ("kode_kelurahan", "nama", "alamat_rtsp", "pengguna", "sandi", "alamat_kecil")
NO_ROWS = gettext_lazy("Berkas ini hanya berisi judul kolom, belum ada kamera.")
CAMERAS = SheetKind(COLUMNS, COLUMNS[:3], most_rows=5000, no_rows=NO_ROWS)
TEMPLATE = (
    ",".join(COLUMNS)
    + "\r\n"
    + "16.71.01.1001,Kamera ruang pelayanan,rtsp://10.0.0.5:554/stream1,sidak,tulis-sandi-di-sini,\r\n"
)


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


def camera_rows(rows: list[SheetCells]) -> list[SheetRow]:
    """Return the rows of a file of CAMERAS."""
    return [
        SheetRow(
            line=row.line,
            code=row.text("kode_kelurahan").removeprefix("'"),  # by which Excel keeps a number as text
            name=row.text("nama"),
            url=row.text("alamat_rtsp"),
            username=row.text("pengguna"),
            password=row.cells.get("sandi", ""),  # as it stands: its spaces belong to it, as in the form
            sub_url=row.text("alamat_kecil"),
            surplus=row.surplus,
        )
        for row in rows
    ]


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
        problems.append(str(SURPLUS))
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
