"""A document of A4 pages, each with a foot that knows its number and how many pages there are."""

from collections.abc import Callable, Sequence
from io import BytesIO

from django.utils.translation import get_language
from reportlab.lib.pagesizes import A4
from reportlab.platypus import ActionFlowable, BaseDocTemplate, Flowable, Frame, PageTemplate

from discipline.core.pdf.fonts import PLAIN
from discipline.core.pdf.styles import MARGIN, WIDTH

Foot = Callable[[int, int], Sequence[Flowable]]  # number of the page, of how many
GAP = 8  # points between the text of a page and its foot


def frame_height(foot_height: float) -> float:
    """Return the points of a page that its text may take."""
    return A4[1] - MARGIN - foot_height


def pdf(title: str, story: Sequence[Flowable], foot: Foot, foot_height: float) -> bytes:
    """Return a PDF of as many A4 pages as the story needs. `foot_height`: points from the page's lower edge."""
    file = BytesIO()
    _Pages(file, title, foot, foot_height).build([*story, _End()])
    return file.getvalue()


class _Pages(BaseDocTemplate):
    """A page names its foot, a form XObject; the forms are written on the last page, when their number is known."""

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
        """Place the foot. Platypus calls it at the end of each page."""
        self.canv.doForm(_name(self.page))

    def write_feet(self) -> None:
        """Write the foot of every page up to this one, the last."""
        for number in range(1, self.page + 1):
            self.canv.beginForm(_name(number))
            frame = Frame(MARGIN, 0, WIDTH, self._foot_height - GAP, 0, 0, 0, 0)
            frame.addFromList(list(self._foot(number, self.page)), self.canv)
            self.canv.endForm()


class _End(ActionFlowable):
    """Stands at the end of the story, where the number of the page is the number of pages."""

    def apply(self, doc: _Pages) -> None:
        doc.write_feet()


def _name(page: int) -> str:
    return f"foot-{page}"
