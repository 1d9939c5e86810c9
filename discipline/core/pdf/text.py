"""Text for pages, escaped, and truncated to a number of lines where space is limited."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import simpleSplit
from reportlab.platypus import Paragraph

from discipline.core.pdf.fonts import width_of
from discipline.core.pdf.styles import BODY, WIDTH

ELLIPSIS = "…"
BREAK = "<br/>"
SLACK = 0.5  # points by which truncated lines are shorter, so that Paragraph never wraps them again


def paragraph(text: str, style: ParagraphStyle = BODY, most: int = 0, width: float = WIDTH) -> Paragraph:
    """Return a paragraph; with `most`, truncated with an ellipsis to that many lines of `width` points."""
    lines = fitted(text, style.fontName, style.fontSize, width - SLACK, most) if most else text.splitlines()
    return Paragraph(BREAK.join(map(escape, lines)), style)


def fitted(text: str, font: str, size: float, width: float, most: int) -> list[str]:
    """Wrap `text` into lines of `width` points; text beyond `most` lines is replaced by an ellipsis."""
    lines = list(_broken(simpleSplit(text, font, size, width), font, size, width))
    if len(lines) <= most:
        return lines
    last = f"{lines[most - 1]} {lines[most]}"
    while last and width_of(last + ELLIPSIS, font, size) > width:
        last = last[:-1]
    return [*lines[: most - 1], last.rstrip() + ELLIPSIS]


def _broken(lines: list[str], font: str, size: float, width: float) -> Iterator[str]:
    """Yield lines, splitting words that are longer than a line."""
    for line in lines:
        rest = line
        while len(rest) > 1 and width_of(rest, font, size) > width:
            end = next(n for n in range(len(rest) - 1, 0, -1) if n == 1 or width_of(rest[:n], font, size) <= width)
            yield rest[:end]
            rest = rest[end:]
        yield rest
