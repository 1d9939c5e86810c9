"""The fonts of all PDFs: IBM Plex, embedded, so that pages look the same on every machine and printer."""

import fontpkg
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

PLAIN, BOLD, MONO = "Sidak", "Sidak-Bold", "Sidak-Mono"
FACES = {PLAIN: ("IBM Plex Sans Condensed", 400), BOLD: ("IBM Plex Sans Condensed", 700), MONO: ("IBM Plex Mono", 400)}


for _name, (_family, _weight) in FACES.items():
    pdfmetrics.registerFont(TTFont(_name, str(fontpkg.path(_family, weight=_weight))))


def width_of(text: str, font: str, size: float) -> float:
    """Return the width of `text` on one line, in points."""
    return float(pdfmetrics.stringWidth(text, font, size))
