"""Flowables between the tables of a page: headings, lines, pictures, boxes and grids."""

from collections.abc import Callable, Sequence
from io import BytesIO

from reportlab.lib.utils import ImageReader
from reportlab.platypus import CondPageBreak, HRFlowable, Image, KeepTogether, Spacer, Table
from reportlab.platypus import Flowable as Flowable  # noqa: PLC0414  re-exported for the reports

from discipline.core.pdf.fonts import PLAIN
from discipline.core.pdf.styles import HEADING, LINE, SOFT, WIDTH, style
from discipline.core.pdf.text import paragraph

HEADED = 96  # points that a heading needs below it: a paragraph, or the first rows of a table
IN_A_BOX = style(7.5, colour=SOFT)
INSET = 6


def heading(text: str, needs: float = HEADED) -> list[Flowable]:
    """Return a heading that moves to a new page unless `needs` points are left on this one."""
    return [CondPageBreak(needs), paragraph(text, HEADING)]


def rule(colour: object = LINE, thickness: float = 0.6, before: float = 0, after: float = 0) -> HRFlowable:
    """Return a horizontal line across the page, with `before` and `after` points of space."""
    return HRFlowable("100%", thickness, "butt", colour, before, after)


def space(points: float) -> Spacer:
    """Return empty space of this height."""
    return Spacer(0, points)


def together(flowables: Sequence[Flowable]) -> KeepTogether:
    """Keep flowables on one page: if they don't all fit, they move to the next."""
    return KeepTogether(list(flowables))


def picture(data: bytes, width: float, height: float) -> Image:
    """Return a JPEG or PNG scaled to fit a box, in proportion. Raises ValueError or OSError for other data."""
    pixels_wide, pixels_high = ImageReader(BytesIO(data)).getSize()
    scale = min(width / pixels_wide, height / pixels_high)
    return Image(BytesIO(data), pixels_wide * scale, pixels_high * scale, hAlign="LEFT")


def box(text: str, width: float, height: float) -> Table:
    """Return a framed note of at most three lines, as a placeholder for a picture."""
    cell = paragraph(text, IN_A_BOX, most=3, width=width - 2 * INSET)
    look = [
        ("FONTNAME", (0, 0), (-1, -1), PLAIN),
        ("BOX", (0, 0), (-1, -1), 0.6, LINE),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ]
    return Table([[cell]], [width], [height], style=look, hAlign="LEFT")


def beside(cells: Sequence[object], widths: Sequence[float], gap: float = 0, before: float = 0) -> Table:
    """Place flowables, or lists of them, side by side, top-aligned; `gap` points between them, `before` above."""
    return grid([cells], widths, gap, before=before)


def grid(
    rows: Sequence[Sequence[object]], widths: Sequence[float], gap: float = 0, below: float = 0, before: float = 0
) -> Table:
    """Place flowables, or lists of them, in rows and columns; `gap` points between columns, `below` under each row."""
    look = [
        ("FONTNAME", (0, 0), (-1, -1), PLAIN),  # also for cells without text, which would add Helvetica to the file
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-2, -1), gap),
        ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, -1), below),
    ]
    columns = [*(width + gap for width in widths[:-1]), widths[-1]]
    return Table([list(row) for row in rows], columns, style=look, hAlign="LEFT", spaceBefore=before)


def shares(number: int, gap: float, width: float = WIDTH) -> list[float]:
    """Return the widths of `number` equal columns with `gap` points between them."""
    return [(width - gap * (number - 1)) / number] * number


def height(flowables: Sequence[Flowable], width: float = WIDTH) -> float:
    """Return the height of stacked flowables in points, including the space around them."""
    return float(sum(item.getSpaceBefore() + item.wrap(width, 10_000)[1] + item.getSpaceAfter() for item in flowables))


def as_many(lines: Sequence[Flowable], room: float, more: Callable[[int], Flowable]) -> list[Flowable]:
    """Return as many lines as fit into `room` points; if some don't, the last is `more(number left out)`."""
    if height(lines) <= room:
        return list(lines)
    kept: list[Flowable] = []
    left = room - height([more(len(lines))])
    for line in lines:
        left -= height([line])
        if left < 0:
            break
        kept.append(line)
    return [*kept, more(len(lines) - len(kept))]
