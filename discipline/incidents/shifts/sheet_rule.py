"""The handover sheet: its parts, their lines, and its form in JSON. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from discipline.core.codes import LabelledCode

VERSION = 1
MOST = 200  # lines stored of a part; `total` counts them all


class SheetPart(LabelledCode):
    """The parts of a sheet, in their order."""

    INCIDENTS = "incidents", _("Kejadian yang masih terbuka")
    LATE_TASKS = "late_tasks", _("Tugas yang terlambat")
    UNOWNED = "unowned", _("Butir antrean lain yang belum diambil")
    CAMERAS = "cameras", _("Kamera yang terganggu")
    PLANNED = "planned", _("Kamera dengan pekerjaan terencana")
    AWAY = "away", _("Kamera yang tidak di pandangan asalnya")
    MUTED = "muted", _("Petunjuk kamera yang dibungkam")
    HOLDS = "holds", _("Rekaman dan bukti yang dikunci")
    NOTES = "notes", _("Catatan shift tentang kamera")  # missing on older sheets


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A line: what and where; detail: its state in words; owner: a name, "" for nobody; since: None if unknown."""

    title: str
    place: str = ""
    detail: str = ""
    owner: str = ""
    since: datetime | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class PartLines:
    """A part with its lines, of which at most MOST are kept."""

    part: SheetPart
    lines: tuple[SheetLine, ...]
    total: int

    @property
    def left_out(self) -> int:
        """How many lines were not kept."""
        return self.total - len(self.lines)


def sheet_of(found: Mapping[SheetPart, Iterable[SheetLine]]) -> list[PartLines]:
    """Return all parts in their order, each cut to MOST lines."""
    parts = []
    for part in SheetPart:
        lines = tuple(found.get(part, ()))
        parts.append(PartLines(part, lines[:MOST], len(lines)))
    return parts


def to_json(sheet: Iterable[PartLines]) -> dict[str, Any]:
    """Return the sheet as it is stored."""
    return {
        "version": VERSION,
        "parts": [
            {"part": one.part.value, "total": one.total, "lines": [_line_to_json(line) for line in one.lines]}
            for one in sheet
        ],
    }


def from_json(stored: Mapping[str, Any]) -> list[PartLines]:
    """Return the sheet that to_json has stored. Raises ValueError for another version."""
    if stored.get("version") != VERSION:
        raise ValueError(stored.get("version"))
    return [
        PartLines(SheetPart(one["part"]), tuple(_line_from_json(line) for line in one["lines"]), one["total"])
        for one in stored["parts"]
    ]


def _line_to_json(line: SheetLine) -> dict[str, str | None]:
    return asdict(line) | {"since": line.since.isoformat() if line.since else None}


def _line_from_json(line: Mapping[str, str | None]) -> SheetLine:
    since = line["since"]
    return SheetLine(**(dict(line) | {"since": datetime.fromisoformat(since) if since else None}))  # type: ignore[arg-type]
