"""Charts in PDFs: bars from zero, and lines over time. The numbers that they show belong in a table beside them."""

from collections.abc import Sequence

from reportlab.graphics.shapes import Circle, Drawing, Line, PolyLine, Rect, String

from discipline.core.pdf.fonts import PLAIN
from discipline.core.pdf.styles import GREEN, INK, LINE, RED, SOFT, WIDTH

Point = tuple[float, float]
SIZE = 7  # points of letters
ROW, BAR = 11.5, 6.5  # heights in points
LABEL, VALUE = 130, 52  # points for the words before and after a bar
LEFT = 30  # points for the words of the grid


def bars(rows: Sequence[tuple[str, float, str]], width: float = WIDTH) -> Drawing:
    """Return horizontal bars from zero: (label, length, its words) from top to bottom, to one scale."""
    height = ROW * len(rows)
    drawing = Drawing(width, height)
    longest = max((length for _, length, _ in rows), default=0) or 1
    for number, (label, length, words) in enumerate(rows):
        y = height - ROW * (number + 1) + (ROW - BAR) / 2
        reach = (width - LABEL - VALUE) * length / longest
        drawing.add(String(0, y + 0.6, label, fontName=PLAIN, fontSize=SIZE, fillColor=INK))
        drawing.add(Rect(LABEL, y, reach, BAR, fillColor=RED, strokeColor=None))
        drawing.add(String(LABEL + reach + 4, y + 0.6, words, fontName=PLAIN, fontSize=SIZE, fillColor=INK))
    return drawing


def lines(
    now: Sequence[Sequence[Point]],
    before: Sequence[Sequence[Point]],
    dots: Sequence[Point],
    grid: Sequence[tuple[float, str]],
    labels: Sequence[tuple[float, str]],
    height: float,
) -> Drawing:
    """Return lines, and dashed ones for comparison, as wide as the page.

    Points are (0 to 1 of the width, points below the top). `grid`: horizontal lines with words before them; `labels`:
    words below the chart, which is `height` points high without them.
    """
    drawing = Drawing(WIDTH, height + 1.6 * SIZE)
    top = height + 1.6 * SIZE

    def at(point: Point) -> Point:
        return LEFT + point[0] * (WIDTH - LEFT), top - point[1]

    for y, words in grid:
        drawing.add(Line(LEFT, top - y, WIDTH, top - y, strokeColor=LINE, strokeWidth=0.5))
        drawing.add(
            String(LEFT - 4, top - y - 2.5, words, fontName=PLAIN, fontSize=SIZE, fillColor=SOFT, textAnchor="end")
        )
    looks = ((before, SOFT, 0.7, [3, 2]), (now, GREEN, 1.4, None))
    for runs, colour, thickness, dashes in looks:
        for run in runs:
            points = [one for point in run for one in at(point)]
            drawing.add(PolyLine(points, strokeColor=colour, strokeWidth=thickness, strokeDashArray=dashes))
    for dot in dots:
        drawing.add(Circle(*at(dot), 1.6, fillColor=GREEN, strokeColor=None))
    for x, words in labels:
        drawing.add(String(at((x, 0))[0], 1, words, fontName=PLAIN, fontSize=SIZE, fillColor=SOFT, textAnchor="middle"))
    return drawing
