"""Street points as rows of a CSV file: what is exported, and what is read from one. The columns are the same.

Words in cells are Indonesian; the English ones and the stored values are read, too.
"""

import csv
import re
from collections.abc import Iterable, Mapping
from datetime import date
from io import StringIO
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from offices.access.log_csv import csv_text
from offices.city.sheets import SheetCells, SheetKind
from offices.places.models import Place
from offices.points.changes import PointDetails, details_of
from offices.points.models import PointBasis, Purpose, RetentionClass

DETAILS = {  # column → field of the form
    "kode": "code",
    "nama": "name",
    "lintang": "latitude",
    "bujur": "longitude",
    "arah": "direction",
    "instansi": "agency",
    "pengusul": "proposer",
    "keperluan": "purposes",
    "penyimpanan": "retention",
    "rambu": "has_sign",
}
BASIS = {"berlaku_sejak": "since", "dasar_hukum": "basis", "pengendali": "controller", "narahubung": "contact"}
COLUMNS = (*DETAILS, *BASIS)
REQUIRED = ("kode", "nama", "lintang", "bujur", "instansi", "keperluan")
POINTS = SheetKind(
    COLUMNS, REQUIRED, most_rows=1000, no_rows=_("Berkas ini hanya berisi judul kolom, belum ada titik.")
)
BETWEEN = re.compile(r"\s*[+;,/&]\s*")  # purposes in a cell
YES, NO = "ya", "tidak"
BOOLEANS = dict.fromkeys((YES, "y", "yes", "1", "true", "ada"), "true") | dict.fromkeys(
    ("", NO, "no", "0", "false", "belum", "-"), ""
)
EXAMPLE = (
    ("T-042", "Simpang Charitas", "-2.97731", "104.75123", "315", "dishub", "16.71.01.1001", "lalu lintas + banjir"),
    ("jalan", YES, "2026-01-01", "Perwali 12/2026 Pasal 4", "dishub", "0711-352282"),
)


def form_values(row: SheetCells, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of the form of a point. Columns that the file does not have keep what is `stored`."""
    values = {name: value for name, value in stored.items() if value is not None}
    for column, field in DETAILS.items():
        if column in row.cells:
            values[field] = row.text(column).removeprefix("'")  # by which spreadsheets keep text from running
    for name in ("agency", "proposer"):
        values[name] = values.get(name, "").lower()
    if "keperluan" in row.cells:
        spoken = _spoken(Purpose)
        parts = [part for part in BETWEEN.split(values["purposes"]) if part]
        values["purposes"] = [spoken.get(part.casefold(), part) for part in parts]
    if "penyimpanan" in row.cells:
        typed = values["retention"]
        values["retention"] = _spoken(RetentionClass).get(typed.casefold(), typed)
    if "rambu" in row.cells:
        values["has_sign"] = BOOLEANS.get(values["has_sign"].casefold(), "?")
    if not values.get("retention"):
        values["retention"] = stored.get("retention") or RetentionClass.STREET.value
    return values


def basis_values(row: SheetCells) -> dict[str, str]:
    """Return the values of the form of a legal basis; the controller by code. {} when the row has none."""
    values = {field: row.text(column).removeprefix("'") for column, field in BASIS.items()}
    return values if values["since"] or values["basis"] else {}


def details_cells(details: PointDetails) -> dict[str, str]:
    """Return the cells of a point's details by column."""
    proposer = details.proposed_by_agency or details.proposed_by_office
    with override("id"):
        return {
            "kode": details.code,
            "nama": details.name,
            "lintang": _degrees(details.latitude),
            "bujur": _degrees(details.longitude),
            "arah": "" if details.direction is None else str(details.direction),
            "instansi": details.agency.code,
            "pengusul": proposer.code if proposer else "",
            "keperluan": " + ".join(str(Purpose(one).label).lower() for one in details.purposes),
            "penyimpanan": str(RetentionClass(details.retention).label).lower(),
            "rambu": YES if details.has_sign else NO,
        }


def write(places: Iterable[Place], today: date) -> str:
    """Return the file of these points, each with the legal basis that holds today, or else the next.

    A point without details has only its name, pin and agency.
    """
    places = list(places)
    bases: dict[int, PointBasis] = {}
    for basis in PointBasis.objects.filter(point__in=[one.pk for one in places]).select_related("controller"):
        if basis.point_id not in bases or bases[basis.point_id].since > today:  # newest first
            bases[basis.point_id] = basis
    rows = []
    for place in places:
        details = details_of(place)
        cells = details_cells(details) if details else _place_cells(place)
        if found := bases.get(place.pk):
            own = (found.since.isoformat(), found.basis, found.controller.code, found.contact)
            cells |= dict(zip(BASIS, own, strict=True))
        rows.append([_safe(column, cells.get(column, "")) for column in COLUMNS])
    return _text(rows)


def example() -> str:
    """Return a file with one made-up row."""
    return _text([[cell for part in EXAMPLE for cell in part]])


def _place_cells(place: Place) -> dict[str, str]:
    latitude, longitude = place.position
    agency = place.agency.code if place.agency else ""
    return {
        "kode": place.point_code,
        "nama": place.point_name,
        "lintang": _degrees(latitude),
        "bujur": _degrees(longitude),
        "instansi": agency,
    }


def _degrees(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _safe(column: str, cell: str) -> str:
    """Return a cell that no spreadsheet runs; a pin may begin with a minus."""
    return cell if column in ("lintang", "bujur") else csv_text(cell)


def _text(rows: Iterable[list[str]]) -> str:
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return out.getvalue()


def _spoken(choices: type[Purpose] | type[RetentionClass]) -> dict[str, str]:
    """Return the stored value of each choice by itself and by its words in both languages."""
    spoken = {str(one.value): str(one.value) for one in choices}
    for language in ("id", "en"):
        with override(language):
            spoken |= {str(one.label).casefold(): str(one.value) for one in choices}
    return spoken
