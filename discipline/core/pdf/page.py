"""An A4 page, written from top to bottom on ReportLab's canvas. What does not fit is not written: who writes counts it,
or turns the page (book.py)."""

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader, simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

MARGIN = 36
WIDTH = round(A4[0]) - 2 * MARGIN
TOP = round(A4[1]) - MARGIN
INK, SOFT, LINE, MAROON = HexColor("#211d1a"), HexColor("#5c544d"), HexColor("#c9c1b6"), HexColor("#7a1f2b")
PLAIN, BOLD, MONO = "Sidak", "Sidak-Bold", "Sidak-Mono"
FACES = {PLAIN: "DejaVuSans", BOLD: "DejaVuSans-Bold", MONO: "DejaVuSansMono"}
LEADING = 1.32


@cache
def _fonts() -> None:
    """DejaVu, as matplotlib ships it: embedded, so that every name prints the same everywhere."""
    found = find_spec("matplotlib")
    assert found is not None
    assert found.origin is not None
    for name, file in FACES.items():
        path = Path(found.origin).parent / "mpl-data" / "fonts" / "ttf" / f"{file}.ttf"
        pdfmetrics.registerFont(TTFont(name, str(path)))


class Sheet:
    """`y` is where the next thing goes, in points from the bottom; nothing is written below `floor`."""

    def __init__(self, title: str, floor: int) -> None:
        _fonts()
        self.file = BytesIO()
        self.canvas = Canvas(self.file, pagesize=A4, initialFontName=PLAIN)
        self.canvas.setTitle(title)
        self.canvas.setCreator("Sidak")
        self.y: float = TOP
        self.floor = floor

    def done(self) -> bytes:
        self.canvas.showPage()
        self.canvas.save()
        return self.file.getvalue()

    def write(
        self,
        text: str,
        *,
        x: float = 0,
        width: float = WIDTH,
        size: float = 8,
        font: str = PLAIN,
        colour: object = INK,
        most: int = 4,
    ) -> bool:
        """A paragraph of at most so many lines; False when nothing of it fits on the page any more."""
        room = int((self.y - self.floor) // (size * LEADING))
        shown = wrapped(text, font, size, width, min(most, room))
        if not shown:
            return False
        self.canvas.setFillColor(colour)
        self.canvas.setFont(font, size)
        for line in shown:
            self.y -= size * LEADING
            self.canvas.drawString(MARGIN + x, self.y + size * 0.25, line)
        return True

    def heading(self, text: str, *, x: float = 0, width: float = WIDTH) -> bool:
        if self.y - self.floor < 24:
            return False
        self.y -= 5
        return self.write(text, x=x, width=width, size=8.5, font=BOLD, colour=MAROON, most=1)

    def columns(self, parts: Sequence[tuple[str, Sequence[str]]], most: int = 6, gap: int = 18) -> None:
        """Headings with paragraphs, side by side."""
        width = (WIDTH - gap * (len(parts) - 1)) / len(parts)
        top, lowest = self.y, self.y
        for n, (title, sentences) in enumerate(parts):
            self.y = top
            x = n * (width + gap)
            self.heading(title, x=x, width=width)
            for sentence in sentences[:most]:
                self.write(sentence, x=x, width=width, size=7.5, most=3)
            lowest = min(lowest, self.y)
        self.y = lowest

    def cells(self, texts: Sequence[str], xs: Sequence[float], size: float = 7, font: str = PLAIN) -> bool:
        """One row of a table; each text is cut at the next column. False when there is no room for it."""
        if self.y - size * 1.25 < self.floor:
            return False
        self.y -= size * 1.25
        self.canvas.setFillColor(INK)
        self.canvas.setFont(font, size)
        for text, x, end in zip(texts, xs, [*xs[1:], WIDTH], strict=True):
            self.canvas.drawString(MARGIN + x, self.y + size * 0.25, cut(text, font, size, end - x - 4))
        return True

    def picture(self, data: bytes, x: float, top: float, width: float, height: float) -> float:
        """A JPEG or PNG as large as fits into the box, from its top; returns the height taken."""
        reader = ImageReader(BytesIO(data))
        wide, high = reader.getSize()
        scale = min(width / wide, height / high)
        left = MARGIN + x + (width - wide * scale) / 2
        self.canvas.drawImage(reader, left, top - high * scale, wide * scale, high * scale, mask="auto")
        return high * scale

    def rule(self, colour: object = LINE, width: float = 0.6) -> None:
        self.canvas.setStrokeColor(colour)
        self.canvas.setLineWidth(width)
        self.canvas.line(MARGIN, self.y, MARGIN + WIDTH, self.y)


def wrapped(text: str, font: str, size: float, width: float, most: int = 4) -> list[str]:
    """The text in lines of that width, at most so many: what is left over shows as an ellipsis."""
    lines = simpleSplit(text, font, size, width)
    shown = lines[: max(most, 0)]
    if shown and len(shown) < len(lines):
        shown[-1] = cut(f"{shown[-1]} {lines[len(shown)]}", font, size, width, force=True)
    return shown


def cut(text: str, font: str, size: float, width: float, *, force: bool = False) -> str:
    """The text, or as much of it as fits with an ellipsis."""
    if not force and pdfmetrics.stringWidth(text, font, size) <= width:
        return text
    while text and pdfmetrics.stringWidth(f"{text}…", font, size) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"
