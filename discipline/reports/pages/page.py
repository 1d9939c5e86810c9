"""The context of a report's page: the numbers of tables.py and background.py, ranked, compared and as charts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any, NotRequired, TypedDict

from django.db.models import QuerySet
from django.utils.functional import Promise

from discipline.reports.numbers import background, charts, numerals, strips, tables
from discipline.reports.numbers.figures import Sums, percent
from discipline.reports.numbers.period import Period, PeriodKind, parse_period, period_of
from discipline.reports.numbers.places import Level, OrgUnit
from discipline.reports.numbers.summary import BEFORE, count_undecided, sentences
from discipline.reports.numbers.tables import ReportData
from discipline.reports.numbers.words import KINDS, period_title, step_title
from discipline.reports.pages.parts import PartsTable, PartsWanted, parts_table
from discipline.reports.pages.standouts import Standouts, standouts
from discipline.reports.pages.weeks import sparklines
from discipline.staffing.alert_kinds import ACCUSATIONS
from offices.access.gate import Scope
from offices.hours.schedule import local_day

CALENDAR_DAYS = range(14, 101)  # lengths of periods, in days, that have a calendar
DAYS_OF_ONE = range(2, 32)  # lengths of periods, in days, of which one counter has a strip per day
STRIPS = 40  # counters on a day's page with a strip each; if there are more,
STRIPS_OF_MANY = 12  # so many have one, those absent longest
WAITING_SHOWN = 8


@dataclass(frozen=True, slots=True)
class AvailabilityChange:
    """The change against the period before, in percentage points; `then` is its availability in percent."""

    direction: str  # up, down or same
    points: Decimal
    then: Decimal


@dataclass(frozen=True, slots=True)
class TrendStep:
    """A day, week or month of the trend, with the sums of the corresponding one of the period before."""

    period: Period
    title: str
    label: str
    sums: Sums
    before: Sums | None
    whole: bool  # lies wholly in the report's period


@dataclass(frozen=True, slots=True)
class Tab:
    """A link to the period of one kind around the same days; `key` is its Period.key."""

    kind: PeriodKind
    name: Promise
    key: str
    current: bool


class PeriodPicker(TypedDict):
    """The context of templates/reports/_picker.html; `later` is None if that period starts after today."""

    place: OrgUnit
    period: Period
    title: str
    tabs: list[Tab]
    earlier: Period
    later: Period | None
    today: date


class TrendContext(TypedDict):
    """The context of templates/reports/_trend.html; only `trend` (None) if there is nothing to draw."""

    trend: charts.Trend | None
    steps: NotRequired[list[TrendStep]]


class StripsContext(TypedDict):
    """The context of templates/reports/_strips.html.

    `strips_of`: how many strips there would be, left out on pages without any; `strips_left`: whether some are missing.
    """

    strips: list[strips.CounterDayStrip]
    strips_of: NotRequired[int]
    strips_left: NotRequired[bool]


class PageContext(PeriodPicker, TrendContext, StripsContext):
    """The context of templates/reports/report.html.

    kinds: (code, label, number of indications); running: the period includes today, which has tallies; months: []
    unless the length is in CALENDAR_DAYS; special: names of holidays;
    above: kecamatan offices, ranked among themselves; newest_day: the last day with a tally, only if
    the report has none; the legends: (CSS class of a colour, its percentages).
    """

    report: ReportData
    path: list[OrgUnit]
    enough: bool
    change: AvailabilityChange | None
    before_word: Promise
    bars: list[charts.DutyBar]
    kinds: list[tuple[str, str | Promise, int]]
    running: bool
    standouts: Standouts | None
    parts: PartsTable | None
    above: PartsTable | None
    heat: charts.HeatMap | None
    months: list[charts.CalendarMonth]
    special: dict[date, str]
    bands: list[background.BandCount]
    causes: list[background.CauseCount]
    cameras: background.CameraHealth
    spots: background.SpotSummary
    waiting_number: int
    waiting_list: QuerySet[Any]  # of Alert, annotated
    newest_day: date | None
    heat_legend: list[tuple[str, str]]
    calendar_legend: list[tuple[str, str]]
    now: datetime
    sentences: list[str]


def page_context(report: ReportData, scope: Scope, wanted: PartsWanted, now: datetime) -> PageContext:
    """Return the context of a report's page."""
    place, period, floor = report.place, report.period, report.floor
    by_day = {date.fromisoformat(line.key): line.sums for line in report.days}
    above = tables.kecamatan_office_lines(place, period)
    lines = report.lines_of(wanted.level)
    heat = charts.heat_map(tables.hourly_availability(place, period), charts.by_weekday(by_day), floor)
    months = charts.calendar_chart(period, by_day, floor) if period.days in CALENDAR_DAYS else []
    last = min(period.last, local_day(report.until or now))
    undecided = count_undecided(place, period)
    waiting = background.unexplained(place, period, now).select_related(
        "counter__kelurahan", "counter__place__kecamatan"
    )
    return {
        "report": report,
        "path": places_above(place, scope),
        **period_picker(place, period, local_day(now)),
        "enough": report.total.enough(floor),
        "change": availability_change(report),
        "before_word": BEFORE[period.kind],
        "bars": charts.stacked_bar(report.total),
        "kinds": [(kind.value, kind.label, report.total.counts[kind.row.column]) for kind in ACCUSATIONS],
        "running": report.until is not None and local_day(report.until) == local_day(now) and local_day(now) in period,
        "standouts": standouts(report),
        "parts": None
        if place.level is Level.COUNTER
        else parts_table(place, lines, wanted, floor, sparklines(place, last, wanted.level, floor)),
        "above": parts_table(place, above, PartsWanted(Level.KECAMATAN_OFFICE), floor, {}) if above else None,
        **_trend(report),
        "heat": heat,
        "months": months,
        "special": background.special_days(period),
        **_strips(report, now),
        "bands": background.count_bands(place, period),
        "causes": background.count_causes(place, period),
        "cameras": background.camera_health(report),
        "spots": background.spot_checks(place, period),
        "waiting_number": undecided.unexplained,
        "waiting_list": waiting[:WAITING_SHOWN],
        "newest_day": background.newest_day(place) if report.until is None else None,
        "heat_legend": _legend(heat.scale) if heat else [],
        "calendar_legend": _legend(months[0].scale) if months else [],
        "now": now,
        "sentences": sentences(report, undecided),
    }


def places_above(place: OrgUnit, scope: Scope) -> list[OrgUnit]:
    """Return the places above it in the scope, widest first."""
    path: list[OrgUnit] = []
    at = place.above
    while at:
        if _sees(at, scope):
            path.insert(0, at)
        at = at.above
    return path


def _sees(place: OrgUnit, scope: Scope) -> bool:
    if scope.city or place.level is Level.CITY:
        return scope.city
    return place.row.pk in scope.kecamatan if place.level is Level.KECAMATAN else scope.sees(place.row)


def period_picker(place: OrgUnit, period: Period, today: date) -> PeriodPicker:
    """Return the periods of each kind around the same days, and the ones before and after this one."""
    last = min(period.last, today)
    tabs = [Tab(kind, KINDS[kind], _same_days(kind, period, last).key, kind is period.kind) for kind in PeriodKind]
    return {
        "place": place,
        "period": period,
        "title": period_title(period),
        "tabs": tabs,
        "earlier": period.before,
        "later": period.after if period.after.first <= today else None,
        "today": today,
    }


def _same_days(kind: PeriodKind, period: Period, last: date) -> Period:
    if kind is PeriodKind.RANGE:
        return Period(kind, period.first, max(period.first, last))
    return period if kind is period.kind else period_of(kind, last)


def availability_change(report: ReportData) -> AvailabilityChange | None:
    """Return the change against the period before; None if either has too little data."""
    now, then = percent(report.total.availability), percent(report.before.availability)
    known = report.total.enough(report.floor) and report.before.enough(report.floor)
    if not known or now is None or then is None:
        return None
    direction = "same" if now == then else "up" if now > then else "down"
    return AvailabilityChange(direction, abs(now - then), then)


def _trend(report: ReportData) -> TrendContext:
    steps = tables.trend_lines(report.period, report.days)
    before = tables.trend_lines(report.period.before, report.before_days)
    drawn = charts.trend_chart([line.sums for line in steps], [line.sums for line in before], report.floor)
    if drawn is None:
        return {"trend": None}
    shown = []
    for index, line in enumerate(steps):
        period = parse_period(line.key, report.period.last)
        earlier = before[index].sums if index < len(before) else None
        whole = report.period.first <= period.first and period.last <= report.period.last
        shown.append(TrendStep(period, period_title(period), step_title(period, len(steps)), line.sums, earlier, whole))
    return {"trend": drawn, "steps": shown}


def _legend(scale: charts.ColourScale) -> list[tuple[str, str]]:
    """Return the colours of a chart, as CSS classes, with their ranges in percent."""
    edges = [numerals.bare(percent(edge) or Decimal(0)) for edge in scale.edges]
    words = [f"< {edges[0]} %", *(f"{low}–{high} %" for low, high in pairwise(edges)), f"≥ {edges[-1]} %"]
    return [(f"{scale.colours}-{step}", one) for step, one in enumerate(words)]


def _strips(report: ReportData, now: datetime) -> StripsContext:
    """Return strips: of one counter, its days, up to a month; of a wider place, its counters on a single day.

    With more than STRIPS counters only STRIPS_OF_MANY are shown, those absent longest first.
    """
    place, period = report.place, report.period
    if place.level is Level.COUNTER and period.days in DAYS_OF_ONE:
        return {"strips": strips.strips_of_counter(place.key, report.days, now), "strips_of": len(report.days)}
    if period.kind is not PeriodKind.DAY:
        return {"strips": []}
    lines = tables.part_lines(place, period, Level.COUNTER)
    chosen = lines
    if len(lines) > STRIPS:
        empty = [line for line in lines if line.sums.absent_s]
        chosen = sorted(empty, key=lambda line: -line.sums.absent_s)[:STRIPS_OF_MANY]
    return {
        "strips": strips.strips_of_day(chosen, period.first, now),
        "strips_of": len(lines),
        "strips_left": len(lines) > len(chosen),
    }
