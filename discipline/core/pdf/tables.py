"""Tables of text as wide as the page, with wrapped cells and the header row repeated on every page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from reportlab.platypus import LongTable, TableStyle

from discipline.core.pdf.fonts import BOLD, PLAIN
from discipline.core.pdf.styles import INK, LEADING, LINE, SOFT, WIDTH
from discipline.core.pdf.text import fitted

SIZE, COMPACT_SIZE, HEAD_SIZE = 7.6, 7.2, 7.0
PAD, COMPACT_PAD = 2.5, 0.2  # points above and below the text of a row
GAP = 9  # points between columns
KEPT = 3  # number of last rows that a page break never separates


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: `width` in points, including the gap to the next; a cell shows at most `most` lines of text."""

    title: str
    width: float
    right: bool = False
    most: int = 3


def table(
    columns: Sequence[TableColumn],
    rows: Iterable[Sequence[str]],
    total: Sequence[str] = (),
    *,
    width: float = WIDTH,
    compact: bool = False,
) -> LongTable:
    """Return a table with a header row; `total`, in bold, is the last row.

    The widest column is stretched so that the table is `width` points wide. `compact`: narrow rows without lines
    between them.
    """
    columns = _spread(columns, width)
    size = COMPACT_SIZE if compact else SIZE
    cells = [_row([column.title for column in columns], columns, BOLD, HEAD_SIZE)]
    cells += [_row(row, columns, PLAIN, size) for row in rows]
    if total:
        cells.append(_row(total, columns, BOLD, size))
    style = _style(columns, size, COMPACT_PAD if compact else PAD, lines=not compact, total=bool(total))
    if len(cells) > KEPT + 1:
        style.add("NOSPLIT", (0, -KEPT), (0, -1))
    return LongTable(cells, [column.width for column in columns], style=style, repeatRows=1, hAlign="LEFT")


def _style(columns: Sequence[TableColumn], size: float, pad: float, *, lines: bool, total: bool) -> TableStyle:
    style = TableStyle(
        [
            ("FONT", (0, 0), (-1, -1), PLAIN, size, size * LEADING),
            ("TEXTCOLOR", (0, 0), (-1, -1), INK),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-2, -1), GAP),
            ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), pad),
            ("BOTTOMPADDING", (0, 0), (-1, -1), pad),
            ("FONT", (0, 0), (-1, 0), BOLD, HEAD_SIZE, HEAD_SIZE * LEADING),
            ("TEXTCOLOR", (0, 0), (-1, 0), SOFT),
            ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ]
    )
    if lines:
        style.add("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE)
    if total:
        style.add("FONT", (0, -1), (-1, -1), BOLD, size, size * LEADING)
    for number, column in enumerate(columns):
        if column.right:
            style.add("ALIGN", (number, 0), (number, -1), "RIGHT")
    return style


def _spread(columns: Sequence[TableColumn], width: float) -> list[TableColumn]:
    left = width - sum(column.width for column in columns)
    widest = max(columns, key=lambda column: column.width)
    return [replace(column, width=column.width + left) if column is widest else column for column in columns]


def _row(texts: Sequence[str], columns: Sequence[TableColumn], font: str, size: float) -> list[str]:
    return [
        "\n".join(fitted(text, font, size, column.width - (GAP if column is not columns[-1] else 0), column.most))
        for text, column in zip(texts, columns, strict=True)
    ]
