"""Draw the timeline of one indication on paper: pictures, what was seen, duty hours and moments."""

from collections.abc import Sequence

from discipline.alerts.case.timeline import DUTY, IndicationTimeline, TimelineBand, TimelinePicture
from discipline.alerts.words import moment_word
from discipline.core.pdf.flow import Flowable, picture
from discipline.core.pdf.fonts import BOLD, PLAIN, width_of
from discipline.core.pdf.styles import GREEN, INK, LINE, RED, SOFT, WHITE
from discipline.core.wording import clock
from discipline.staffing import words as staffing_words
from streams.pixels.occupancy import Look

SHOT, SHOT_HIGH = 58, 33  # points
ABOVE_AXIS, BELOW_AXIS = 18, 14
TO_AXIS = 8  # points between pictures and bands
MARK_HIGH, MARK_GAP = 9.5, 3
LETTERS, TICK_LETTERS = 7, 6.5
COLOURS = {Look.STAFFED: GREEN, Look.EMPTY: RED}


class FilmStrip(Flowable):  # type: ignore[misc]  # reportlab is untyped
    """The timeline with its `pictures`, JPEGs with their places. `fault`: the indication is about a camera.

    From top to bottom: pictures, bands of what was seen, hours, ticks, and a label for each moment.
    """

    def __init__(
        self, film: IndicationTimeline, pictures: Sequence[tuple[TimelinePicture, bytes]], *, fault: bool
    ) -> None:
        super().__init__()
        self.film, self.pictures, self.fault = film, pictures, fault
        self.axis = BELOW_AXIS + MARK_HIGH * len(film.marks) + 2
        self.width = film.width
        self.height = self.axis + ABOVE_AXIS + (SHOT_HIGH + TO_AXIS if pictures else 0)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Return the drawing's width and height in points, whatever the available space."""
        del width, height  # unused
        return self.width, self.height

    def draw(self) -> None:
        """Draw on self.canv, with the origin at the lower left corner."""
        for shot, data in self.pictures:
            self._picture(shot, data)
        for band in self.film.seen:
            self._band(band)
        canvas = self.canv
        for band in self.film.hours:
            canvas.setFillColor(SOFT if band.kind == DUTY else LINE)
            canvas.rect(band.x, self.axis - 5, band.width, 3, stroke=0, fill=1)
        canvas.setFont(PLAIN, TICK_LETTERS)
        canvas.setFillColor(SOFT)
        for tick in self.film.ticks:
            if 14 < tick.x < self.width - 14:
                canvas.drawCentredString(tick.x, self.axis - 12.5, clock(tick.at))
        self._marks()

    def _picture(self, shot: TimelinePicture, data: bytes) -> None:
        image = picture(data, SHOT, SHOT_HIGH)
        wide, high = image.wrap(SHOT, SHOT_HIGH)
        image.drawOn(self.canv, shot.x + (SHOT - wide) / 2, self.height - high)
        self.canv.setStrokeColor(LINE)
        self.canv.setLineWidth(0.6)
        self.canv.line(shot.x + SHOT / 2, self.height - SHOT_HIGH, shot.at_x, self.axis + 14)

    def _band(self, band: TimelineBand) -> None:
        canvas, known = self.canv, band.kind in COLOURS
        canvas.setStrokeColor(SOFT)
        canvas.setLineWidth(0.4)
        low, high = (self.axis, 14) if band.kind == Look.EMPTY else (self.axis + 2, 10)
        if known:
            canvas.setFillColor(COLOURS[Look(band.kind)])
            canvas.rect(band.x, low, band.width, high, stroke=0, fill=1)
        else:
            canvas.rect(band.x, low, band.width, high)
            for step in range(4, band.width, 4):
                canvas.line(band.x + step - 4, low, band.x + step, low + high)
        label = staffing_words.look_word(band.kind, band.reason)
        wide = width_of(label, BOLD, LETTERS)
        if wide >= band.width - 6:
            return
        if not known:
            canvas.setFillColor(WHITE)
            canvas.rect(band.x + 1, self.axis + 3, wide + 4, 8, stroke=0, fill=1)
        canvas.setFillColor(WHITE if known else INK)
        canvas.setFont(BOLD, LETTERS)
        canvas.drawString(band.x + 3, self.axis + 4.5, label)

    def _marks(self) -> None:
        canvas = self.canv
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(0.7)
        rows = [
            (mark, self.axis - BELOW_AXIS - number * MARK_HIGH) for number, mark in enumerate(self.film.marks, start=1)
        ]
        for mark, y in rows:
            canvas.line(mark.x, self.axis + 16, mark.x, y)
        canvas.setFont(BOLD, LETTERS)
        for mark, y in rows:
            text = f"{clock(mark.at)} {moment_word(mark.kind, fault=self.fault)}"
            wide = width_of(text, BOLD, LETTERS)
            x = mark.x + MARK_GAP if mark.x + MARK_GAP + wide <= self.width else mark.x - MARK_GAP - wide
            canvas.setFillColor(WHITE)  # clear the line of a later moment, which may pass here
            canvas.rect(x - 1, y, wide + 2, LETTERS, stroke=0, fill=1)
            canvas.setFillColor(INK)
            canvas.drawString(x, y + 1, text)
