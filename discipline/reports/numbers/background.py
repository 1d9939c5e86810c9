"""What stands behind a report's numbers: causes, bands, cameras, spot checks, missing explanations, holidays."""

from __future__ import annotations

from collections import Counter as Tally
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Case, Count, F, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from discipline.alerts.decisions.rule import DecisionAct
from discipline.alerts.models import Alert, Decision
from discipline.reports.numbers import tables
from discipline.reports.numbers.models import Band, DayTally
from discipline.reports.numbers.period import DAY, Period
from discipline.reports.numbers.places import Level, OrgUnit
from discipline.reports.numbers.tables import ReportData
from discipline.spotchecks.findings.rule import FindingStatus
from discipline.spotchecks.models import SpotMark, SpotStop
from discipline.staffing.alert_kinds import ABOUT_CAMERAS
from discipline.staffing.incident_models import SystemIncident
from offices.hours.models import HolidayOverride
from offices.hours.national import national_holidays
from offices.hours.schedule import ZONE
from offices.places.models import Counter

UNEXPLAINED = ""  # the cause of indications without an explanation
LISTED = 10  # offices or spot checks listed; the numbers include the others


@dataclass(frozen=True, slots=True)
class CauseCount:
    """How many indications had this Decision.Reason (or UNEXPLAINED), and how many of them were excused."""

    reason: str
    label: str
    number: int
    excused: int

    @property
    def counted(self) -> int:
        """How many of them the report's number of indications counts."""
        return self.number - self.excused


@dataclass(frozen=True, slots=True)
class BandCount:
    """The number of counter-days in a band."""

    band: Band
    counter_days: int


@dataclass(frozen=True, slots=True)
class OfficeVisibility:
    """How well an office was observed: seconds of duty, unobserved ones, and the number of camera faults."""

    code: str
    name: str
    kecamatan: str
    duty_s: int
    unknown_s: int
    faults: int

    @property
    def share(self) -> float | None:
        """Unobserved ÷ duty, 0 to 1; None without duty."""
        return self.unknown_s / self.duty_s if self.duty_s else None


@dataclass(frozen=True, slots=True)
class CameraHealth:
    """How well a place was observed: seconds of duty and unobserved ones, camera faults and those that go on.

    `incidents`: failures of Sidak itself, in the whole city, and `incident_s` their seconds within the period. `worst`:
    the offices with the most unobserved duty, at most LISTED.
    """

    duty_s: int
    unknown_s: int
    faults: int
    ongoing: int
    incidents: int
    incident_s: int
    worst: list[OfficeVisibility] = field(default_factory=list)

    @property
    def share(self) -> float | None:
        """Unobserved ÷ duty, 0 to 1; None without duty."""
        return self.unknown_s / self.duty_s if self.duty_s else None


@dataclass(frozen=True, slots=True)
class SpotSummary:
    """The result of finished spot checks: the number of offices checked, and of each SpotMark that occurred.

    `waiting`: findings not yet answered, or returned. `newest`: the last stops, at most LISTED, with their office
    loaded.
    """

    number: int
    marks: list[tuple[SpotMark, int]]
    waiting: int
    newest: list[SpotStop]


def with_cause(alerts: QuerySet[Alert]) -> QuerySet[Any]:
    """Annotate `cause`: the reason given last, to explain or to excuse, or UNEXPLAINED.

    Falls back to the reason given for the indication that this one superseded.
    """
    reasons = Decision.objects.filter(what__in=(DecisionAct.EXPLAINED, DecisionAct.EXCUSED), undone_by=None)
    reasons = reasons.exclude(reason="").order_by("-pk")
    own = Subquery(reasons.filter(alert=OuterRef("pk")).values("reason")[:1])
    before = Subquery(reasons.filter(alert__superseded_by=OuterRef("pk")).values("reason")[:1])
    return alerts.annotate(cause=Coalesce(own, before, Value(UNEXPLAINED)))


def count_causes(place: OrgUnit, period: Period) -> list[CauseCount]:
    """Return causes with the most frequent first and UNEXPLAINED last.

    Their numbers add up to the period's indications, excused ones included.
    """
    rows = with_cause(tables.counted_indications(place, period)).order_by().values_list("cause")
    numbers = rows.annotate(number=Count("pk"), excused=Count("pk", filter=Q(outcome=DecisionAct.EXCUSED)))
    labels = dict(Decision.Reason.choices) | {UNEXPLAINED: _("Tanpa alasan")}
    causes = [CauseCount(reason, str(labels[reason]), number, excused) for reason, number, excused in numbers]
    return sorted(causes, key=lambda cause: (cause.reason == UNEXPLAINED, -cause.number, cause.label))


def count_bands(place: OrgUnit, period: Period) -> list[BandCount]:
    """Return, for each band valid in the period, how many counter-days had a late opening or early leave in it."""
    valid = [
        band
        for band in Band.objects.all()
        if max(period.first, band.valid_from or date.min) <= min(period.last, band.valid_to or date.max)
    ]
    counted = {f"band_{band.pk}": Count("pk", filter=_within_band(band)) for band in valid}
    found = tables.tallies(place, period).filter(Q(late_s__gt=0) | Q(early_s__gt=0)).aggregate(**counted)
    return [BandCount(band, found[f"band_{band.pk}"]) for band in valid]


def in_band(days: QuerySet[DayTally], band: Band) -> QuerySet[DayTally]:
    """Return the counter-days that this band counts."""
    return days.filter(_within_band(band))


def _within_band(band: Band) -> Q:
    column = "late_s" if band.kind == Band.Kind.LATE else "early_s"
    inside = Q(**{f"{column}__gt": (band.from_minute - 1) * 60})  # a minute begun counts
    if band.to_minute is not None:
        inside &= Q(**{f"{column}__lte": band.to_minute * 60})
    if band.valid_from:
        inside &= Q(day__gte=band.valid_from)
    return inside & Q(day__lte=band.valid_to) if band.valid_to else inside


def camera_health(report: ReportData) -> CameraHealth:
    """Return unobserved duty and camera faults; a fault counts on the local day on which it began."""
    place, period = report.place, report.period
    alerts = Alert.objects.filter(
        place.within("counter"), _within("since", period), kind__in=ABOUT_CAMERAS, superseded_by=None, withdrawn_by=None
    )
    faults: Tally[int | None] = Tally()
    ongoing = 0
    rows = alerts.order_by().values_list("counter__kelurahan")
    for office, number, still in rows.annotate(number=Count("pk"), still=Count("pk", filter=Q(ended_at=None))):
        faults[office] += number
        ongoing += still
    lengths = _incidents(place, period)
    return CameraHealth(
        duty_s=report.total.duty_s,
        unknown_s=report.total.unknown_s,
        faults=faults.total(),
        ongoing=ongoing,
        incidents=len(lengths),
        incident_s=int(sum(lengths, timedelta()).total_seconds()),
        worst=_worst(report, faults),
    )


def _worst(report: ReportData, faults: Tally[int | None]) -> list[OfficeVisibility]:
    duty, unknown = Tally[int | None](), Tally[int | None]()
    for counter in report.by_counter.values():
        duty[counter.kelurahan] += counter.sums.duty_s
        unknown[counter.kelurahan] += counter.sums.unknown_s
    visibility = [
        OfficeVisibility(row.code, row.name, row.kecamatan.name, duty[pk], unknown[pk], faults[pk])
        for pk, row in report.offices.items()
        if unknown[pk] or faults[pk]
    ]
    return sorted(visibility, key=lambda one: (-one.unknown_s, -one.faults, one.code))[:LISTED]


def _incidents(place: OrgUnit, period: Period) -> list[timedelta]:
    """Return how long each incident at the place lasted within the period; one that goes on: until last raised."""
    start, end = _ends(period)
    rows = SystemIncident.objects.filter(Q(ended_at=None) | Q(ended_at__gt=start), since__lt=end)
    own = Counter.objects.filter(place.within()).order_by().values("pk")
    incidents = rows.filter(Q(counters=None) | Q(counters__overlap=own)).values_list("since", "ended_at", "raised_at")
    return [max(timedelta(), min(ended or raised, end) - max(since, start)) for since, ended, raised in incidents]


def spot_checks(place: OrgUnit, period: Period) -> SpotSummary:
    """Return what finished spot checks saw at the place's offices on these days."""
    stops = SpotStop.objects.filter(_stops_at(place), _within("marked_at", period), check_of__finished_at__isnull=False)
    rows = stops.order_by().values_list("mark", "finding__status").annotate(Count("pk"))
    marks: Tally[str] = Tally()
    waiting = 0
    for mark, status, number in rows:
        marks[mark] += number
        waiting += number if status in (FindingStatus.WAITING, FindingStatus.RETURNED) else 0
    office = "kecamatan__place" if place.of_kecamatan_office else "kelurahan"
    newest = stops.select_related(office).order_by("-marked_at", "-pk")
    return SpotSummary(
        number=marks.total(),
        marks=[(mark, marks[mark]) for mark in SpotMark if marks[mark]],
        waiting=waiting,
        newest=list(newest[:LISTED]),
    )


def _stops_at(place: OrgUnit) -> Q:
    if place.of_kecamatan_office:
        office = place.row.office if place.level is Level.COUNTER else place.row
        return Q(kecamatan=office.kecamatan_id)
    if place.level is Level.KECAMATAN:
        return Q(kelurahan__kecamatan=place.row.pk)
    return Q(kelurahan__isnull=False) if place.office is None else Q(kelurahan=place.office)


def unexplained(place: OrgUnit, period: Period, now: datetime) -> QuerySet[Any]:
    """Return the indications neither explained nor decided, nearest deadline first, annotated with `overdue`."""
    alerts: QuerySet[Any] = tables.counted_indications(place, period).with_explained()
    waiting = alerts.filter(outcome="", explained=False)
    overdue = Case(When(explain_by__lt=now, then=Value(True)), default=Value(False))
    dated: QuerySet[Any] = waiting.annotate(overdue=overdue)
    return dated.order_by(F("explain_by").asc(nulls_last=True), "-since", "-pk")


def special_days(period: Period) -> dict[date, str]:
    """Return the names of holidays in the period, national and the city's own, without days that the city opened."""
    years = range(period.first.year, period.last.year + 1)
    found = {day: name for day, name in national_holidays(years).items() if day in period}
    rows = HolidayOverride.objects.filter(day__gte=period.first, day__lte=period.last)
    for day, opened, name in rows.values_list("day", "open", "name"):
        if opened:
            found.pop(day, None)
        else:
            found[day] = name
    return dict(sorted(found.items()))


def newest_day(place: OrgUnit) -> date | None:
    """Return the last day that has a tally, or None."""
    newest: date | None = DayTally.objects.filter(place.within("counter")).aggregate(Max("day"))["day__max"]
    return newest


def _within(name: str, period: Period) -> Q:
    start, end = _ends(period)
    return Q(**{f"{name}__gte": start, f"{name}__lt": end})


def _ends(period: Period) -> tuple[datetime, datetime]:
    return (
        datetime.combine(period.first, time(), tzinfo=ZONE),
        datetime.combine(period.last + DAY, time(), tzinfo=ZONE),
    )
