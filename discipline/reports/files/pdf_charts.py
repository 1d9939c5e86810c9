"""The charts of a report's PDF: availability over time, and the unstaffed time of its parts."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from discipline.core.pdf import charts as drawings
from discipline.core.pdf.flow import Flowable, heading, space
from discipline.core.pdf.styles import TINY
from discipline.core.pdf.text import paragraph
from discipline.reports.numbers import charts, numerals, tables
from discipline.reports.numbers.charts import PLOT, WIDTH
from discipline.reports.numbers.figures import Sums
from discipline.reports.numbers.period import parse_period
from discipline.reports.numbers.summary import BEFORE
from discipline.reports.numbers.tables import ReportData, ReportLine
from discipline.reports.numbers.words import period_title, step_title

SCALE = 0.55  # points of paper for a pixel of the page
BARS = 18  # parts drawn, those unstaffed longest


def trend_part(report: ReportData) -> list[Flowable]:
    """Return the trend with the period before, dashed; nothing if there is nothing to draw."""
    steps = tables.trend_lines(report.period, report.days)
    before = tables.trend_lines(report.period.before, report.before_days)
    trend = charts.trend_chart(_sums(steps), _sums(before), report.floor)
    if trend is None:
        return []
    dots = [(float(dot.x) / 100, float(dot.y) * SCALE) for dot in trend.dots if dot.y]
    labels = [
        (float(dot.x) / 100, step_title(parse_period(line.key, report.period.last), len(steps)))
        for dot, line in zip(trend.dots, steps, strict=True)
        if dot.labelled
    ]
    grid = [(float(y) * SCALE, f"{percent} %") for y, percent in trend.grid]
    words = _("Garis: %(period)s. Putus-putus: %(before)s. Terputus di mana datanya tidak cukup.") % {
        "period": period_title(report.period),
        "before": BEFORE[report.period.kind],
    }
    return [
        *heading(_("Ketersediaan dari waktu ke waktu"), PLOT * SCALE + 40),
        drawings.lines(_points(trend.lines), _points(trend.before), dots, grid, labels, PLOT * SCALE),
        paragraph(words, TINY),
    ]


def bars_part(report: ReportData, title: str) -> list[Flowable]:
    """Return the unstaffed time of the report's parts with enough coverage as bars, the longest first."""
    parts = [line for line in report.lines if line.sums.enough(report.floor) and line.sums.absent_s]
    if len(report.lines) < 2 or not parts:
        return []
    parts.sort(key=lambda line: (-line.sums.absent_s, line.name))
    rows = [(line.name, float(line.sums.absent_s), numerals.hours(line.sums.absent_s)) for line in parts[:BARS]]
    drawing = drawings.bars(rows)
    return [*heading(title, drawing.height + 24), space(2), drawing]


def _sums(lines: Sequence[ReportLine]) -> list[Sums]:
    return [line.sums for line in lines]


def _points(runs: Sequence[str]) -> list[list[drawings.Point]]:
    """Return the points of the page's polylines, whose text is "x,y x,y", for the paper."""
    return [
        [(float(x) / WIDTH, float(y) * SCALE) for x, y in (point.split(",") for point in run.split())] for run in runs
    ]
