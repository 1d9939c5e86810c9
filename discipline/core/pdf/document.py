"""Sheets that follow each other: pages turn by themselves, their foot knows how many there are, tables go on."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from discipline.core.pdf.page import BOLD, INK, LEADING, LINE, MARGIN, PLAIN, SOFT, TOP, WIDTH, Sheet, cut, wrapped

Foot = Callable[[Sheet, int, int], None]  # writes below the floor: the page, its number, of how many
PAD = 2.5  # points above and below a line of a table
GAP = 8  # points between columns
SIZE = 7.0


@dataclass(frozen=True, slots=True)
class Column:
    """`width` in points; `most` lines of text in a cell, what is longer ends in an ellipsis."""

    title: str
    width: float
    right: bool = False
    most: int = 1


class Book:
    """`page` is where one writes; `room` turns it when something does not fit any more."""

    def __init__(self, title: str, floor: int, foot: Foot) -> None:
        self.page = Sheet(title, floor)
        self._foot = foot
        self._pages: list[dict[str, Any]] = []

    def room(self, points: float) -> bool:
        """Turn the page unless so much is left of it. Whether it was turned."""
        if self.page.y - self.page.floor >= points:
            return False
        self._turn()
        return True

    def done(self) -> bytes:
        self._turn()
        page, canvas = self.page, self.page.canvas
        for number, kept in enumerate(self._pages, start=1):
            canvas.__dict__.update(kept)
            floor, page.floor, page.y = page.floor, 0, page.floor - 8
            self._foot(page, number, len(self._pages))
            page.floor = floor
            canvas.showPage()
        canvas.save()
        return page.file.getvalue()

    def heading(self, text: str, points: float = 96) -> None:
        """On the page of what follows it: a paragraph, or the first rows of a table."""
        self.room(points)
        self.page.y -= 6
        self.page.heading(text)
        self.page.y -= 2

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[str]], total: Sequence[str] = ()) -> None:
        """Rows of texts, their heads repeated on every page; `total` stands last, in bold."""
        self._heads(columns)
        for row in rows:
            self._row(columns, row)
        if total:
            self._row(columns, total, BOLD)

    def _row(self, columns: Sequence[Column], row: Sequence[str], font: str = PLAIN) -> None:
        cells = [_lines(text, font, column) for text, column in zip(row, columns, strict=True)]
        height = max(map(len, cells)) * SIZE * LEADING + 2 * PAD
        if self.room(height):
            self._heads(columns)
        self._cells(columns, cells, font, INK, height)

    def _heads(self, columns: Sequence[Column]) -> None:
        cells = [wrapped(column.title, BOLD, SIZE - 0.5, column.width - GAP) for column in columns]
        height = max(map(len, cells)) * SIZE * LEADING + 2 * PAD
        self.room(height + 40)
        top = max(map(len, cells))
        self._cells(columns, [[""] * (top - len(cell)) + cell for cell in cells], BOLD, SOFT, height, SIZE - 0.5)

    def _cells(
        self,
        columns: Sequence[Column],
        cells: Sequence[Sequence[str]],
        font: str,
        colour: object,
        height: float,
        size: float = SIZE,
    ) -> None:
        canvas, x = self.page.canvas, float(MARGIN)
        canvas.setFillColor(colour)
        canvas.setFont(font, size)
        for column, lines in zip(columns, cells, strict=True):
            gap = 0 if column is columns[-1] else GAP
            y = self.page.y - PAD - SIZE
            for line in lines:
                if column.right:
                    canvas.drawRightString(x + column.width - gap, y, line)
                else:
                    canvas.drawString(x, y, line)
                y -= SIZE * LEADING
            x += column.width
        self.page.y -= height
        self.page.rule(LINE, 0.4)

    def _turn(self) -> None:
        # The recipe of ReportLab's manual: a page is kept, unwritten, until it is known how many there are.
        canvas = self.page.canvas
        self._pages.append(dict(canvas.__dict__))
        canvas._startPage()
        self.page.y = TOP


def spread(columns: Sequence[Column], width: float = WIDTH) -> list[Column]:
    """The same, the widest made as wide as the page leaves room for."""
    left = width - sum(column.width for column in columns)
    widest = max(columns, key=lambda column: column.width)
    return [Column(one.title, one.width + left, one.right, one.most) if one is widest else one for one in columns]


def _lines(text: str, font: str, column: Column) -> list[str]:
    width = column.width - GAP
    lines = wrapped(text, font, SIZE, width, column.most) or [""]
    return lines if column.right else [cut(line, font, SIZE, width) for line in lines]  # a number is never cut
