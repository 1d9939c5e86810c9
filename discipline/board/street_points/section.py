"""The section of street points on the board's page."""

from datetime import datetime
from typing import TypedDict

from discipline.board.street_points.rows import REFRESH_S, PointRow, count_by_state, point_rows
from offices.access.gate import Scope
from offices.places.search import matches

OFFICES, POINTS = "kantor", "titik"
LOOKS = (OFFICES, POINTS)  # "": both


class SectionRow(PointRow):
    """A row of the page. shown: it passes the search."""

    shown: bool


class Section(TypedDict):
    """The section. look: one of LOOKS or ""; shown: the page shows it; open: unfolded; any_shown: a row is."""

    rows: list[SectionRow]
    counts: list[tuple[str, str, int]]
    look: str
    shown: bool
    open: bool
    any_shown: bool
    refresh_s: int


def board_section(scope: Scope, look: str, wanted: str, *, narrowed: bool, now: datetime) -> Section:
    """Return the section for ?lihat= and a normalised search. narrowed: filters that only offices pass are set."""
    look = look if look in LOOKS else ""
    found = point_rows(scope, now)
    rows: list[SectionRow] = [{**row, "shown": matches(wanted, row["search"])} for row in found]
    return {
        "rows": rows,
        "counts": count_by_state(found),
        "look": look,
        "shown": look == POINTS or (look == "" and not narrowed),
        "open": look == POINTS,
        "any_shown": any(row["shown"] for row in rows),
        "refresh_s": REFRESH_S,
    }
