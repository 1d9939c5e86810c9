"""A document of A4 pages, each with a footer that may show its number and the number of pages."""

from collections.abc import Callable, Sequence
from io import BytesIO

from django.utils.translation import get_language
from reportlab.lib.pagesizes import A4
from reportlab.platypus import ActionFlowable, BaseDocTemplate, Flowable, Frame, PageTemplate

from discipline.core.pdf.fonts import PLAIN
from discipline.core.pdf.styles import MARGIN, WIDTH

Foot = Callable[[int, int], Sequence[Flowable]]  # (page number, number of pages) → the footer's flowables
GAP = 8  # points between the body of a page and its footer


def frame_height(foot_height: float) -> float:
    """Return the height of a page's body in points."""
    return float(A4[1] - MARGIN - foot_height)


def pdf(title: str, story: Sequence[Flowable], foot: Foot, foot_height: float) -> bytes:
    """Return a PDF with as many A4 pages as the story needs. `foot_height` is in points from the page's lower edge."""
    file = BytesIO()
    _Pages(file, title, foot, foot_height).build([*story, _End()])
    return file.getvalue()


class _Pages(BaseDocTemplate):  # type: ignore[misc]  # ReportLab has no type hints
    """Places each footer as a form XObject, and draws these last, when the number of pages is known."""

    def __init__(self, file: BytesIO, title: str, foot: Foot, foot_height: float) -> None:
        body = Frame(MARGIN, foot_height, WIDTH, frame_height(foot_height), 0, 0, 0, 0)
        super().__init__(
            file,
            pagesize=A4,
            pageTemplates=[PageTemplate(frames=[body])],
            title=title,
            creator="Sidak",
            lang=get_language(),
            initialFontName=PLAIN,
        )
        self._foot, self._foot_height = foot, foot_height

    def afterPage(self) -> None:  # noqa: N802
        """Place the footer."""
        self.canv.doForm(_name(self.page))

    def write_feet(self) -> None:
        """Draw the footers of all pages; called on the last one."""
        for number in range(1, self.page + 1):
            self.canv.beginForm(_name(number))
            frame = Frame(MARGIN, 0, WIDTH, self._foot_height - GAP, 0, 0, 0, 0)
            frame.addFromList(list(self._foot(number, self.page)), self.canv)
            self.canv.endForm()


class _End(ActionFlowable):  # type: ignore[misc]  # ReportLab has no type hints
    """The end of the story, where the page number is the number of pages."""

    def apply(self, doc: _Pages) -> None:
        """Draw the footers."""
        doc.write_feet()


def _name(page: int) -> str:
    return f"foot-{page}"
