"""Page size, colours and paragraph styles."""

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle

from discipline.core.pdf.fonts import BOLD, MONO, PLAIN

MARGIN = 36  # points
WIDTH = A4[0] - 2 * MARGIN
INK, SOFT, LINE, MAROON, WHITE = map(HexColor, ("#211d1a", "#5c544d", "#c9c1b6", "#7a1f2b", "#ffffff"))
GREEN, RED = HexColor("#157347"), HexColor("#c4161f")
LEADING = 1.28  # of the font size


def style(
    size: float, font: str = PLAIN, colour: object = INK, *, before: float = 0, after: float = 0
) -> ParagraphStyle:
    """Return a paragraph style: `size` in points, with `before` and `after` points of space around the paragraph."""
    return ParagraphStyle(
        f"{font} {size}",
        fontName=font,
        fontSize=size,
        leading=size * LEADING,
        textColor=colour,
        spaceBefore=before,
        spaceAfter=after,
    )


TITLE = style(16, BOLD)
SUBTITLE = style(11.5, BOLD)
AUTHORITY = style(11, BOLD, MAROON)
LEAD = style(11)
BODY = style(8.6)
STRONG = style(8.6, BOLD)
QUIET = style(8.6, colour=SOFT)
WARNING = style(11, BOLD, MAROON)
HEADING = style(9.4, BOLD, MAROON, before=8, after=2)
SMALL = style(8)
SMALL_STRONG = style(8, BOLD)
TINY = style(7, colour=SOFT)
CODE = style(7, MONO)
