"""What stands behind a report's numbers: causes of absence, cameras, spot checks, explanations that are missing."""

from __future__ import annotations

from collections import Counter as Tally
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Case, Count, F, Max, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from discipline.alerts.decisions.rule import DecisionAct
from discipline.alerts.models import Alert, Decision
from discipline.reports.numbers import tables
from discipline.reports.numbers.models import DayTally
from discipline.reports.numbers.period import DAY, Period
from discipline.reports.numbers.places import OrgUnit
from discipline.spotchecks.findings.rule import FindingStatus
from discipline.spotchecks.models import SpotMark, SpotStop
from discipline.staffing.alert_kinds import ABOUT_CAMERAS
from discipline.staffing.incident_models import SystemIncident
from offices.hours.models import HolidayOverride
from offices.hours.national import national_holidays
from offices.hours.schedule import ZONE
from offices.places.models import Kelurahan

UNEXPLAINED = ""  # the cause of what nobody has given one
LISTED = 10  # offices or spot checks named; the rest is in the numbers


@dataclass(frozen=True, slots=True)
class CauseCount:
    """A Decision.Reason, or UNSAID, with so many indications, of which `excused` were excused."""

    reason: str
    label: str
    number: int
    excused: int


@dataclass(frozen=True, slots=True)
class OfficeVisibility:
    """How well an office could be seen: seconds of duty, those that nobody saw, and faults told."""

    code: str
    name: str
    kecamatan: str
    duty_s: int
    unknown_s: int
    faults: int

    @property
    def share(self) -> float | None:
        """Of the duty, unseen; 0 to 1."""
        return self.unknown_s / self.duty_s if self.duty_s else None


@dataclass(frozen=True, slots=True)
class CameraHealth:
    """`worst`: the offices with most unseen duty, at most LISTED. `incidents`: times in which Sidak itself failed, and
    `incident_s` their seconds within the period."""

    duty_s: int
    unknown_s: int
    faults: int
    ongoing: int
    incidents: int
    incident_s: int
    worst: list[OfficeVisibility] = field(default_factory=list)

    @property
    def share(self) -> float | None:
        return self.unknown_s / self.duty_s if self.duty_s else None


@dataclass(frozen=True, slots=True)
class SpotSummary:
    """Offices looked at by finished spot checks. `marks`: (Mark, how many) for those that occurred; `waiting`: findings
    without an answer; `newest`: the last of the stops, with check, office and finding."""

    number: int
    marks: list[tuple[SpotMark, int]]
    waiting: int
    newest: list[SpotStop]


def with_cause(alerts: QuerySet[Alert]) -> QuerySet[Any]:
    """Each with `cause`: the reason that it was last explained or excused with, or UNSAID. An explanation given when it
    was still a lesser indication counts."""
    told = Decision.objects.filter(what__in=(DecisionAct.EXPLAINED, DecisionAct.EXCUSED), undone_by=None)
    told = told.exclude(reason="").order_by("-pk")
    own = Subquery(told.filter(alert=OuterRef("pk")).values("reason")[:1])
    before = Subquery(told.filter(alert__superseded_by=OuterRef("pk")).values("reason")[:1])
    return alerts.annotate(cause=Coalesce(own, before, Value(UNEXPLAINED)))


def count_causes(place: OrgUnit, period: Period) -> list[CauseCount]:
    """The most frequent first, what nobody explained last. Together they are the period's indications, excused ones
    too."""
    rows = with_cause(tables.counted_indications(place, period)).order_by().values_list("cause")
    found = rows.annotate(number=Count("pk"), excused=Count("pk", filter=Q(outcome=DecisionAct.EXCUSED)))
    labels = dict(Decision.Reason.choices) | {UNEXPLAINED: _("Belum ada penjelasan")}
    listed = [CauseCount(reason, str(labels[reason]), number, excused) for reason, number, excused in found]
    return sorted(listed, key=lambda cause: (cause.reason == UNEXPLAINED, -cause.number, cause.label))


def camera_health(place: OrgUnit, period: Period) -> CameraHealth:
    """Time on duty that nobody saw, and what was told about cameras, by the local day on which it began."""
    days = DayTally.objects.filter(place.within("counter"), day__gte=period.first, day__lte=period.last)
    seen = {
        office: (duty_s, unknown_s)
        for office, duty_s, unknown_s in days.order_by()
        .values_list("counter__kelurahan")
        .annotate(duty=Sum("duty_s"), unknown=Sum("unknown_s"))
    }
    told = Alert.objects.filter(
        place.within("counter"), _within("since", period), kind__in=ABOUT_CAMERAS, superseded_by=None, withdrawn_by=None
    )
    faults: Tally[int] = Tally()
    ongoing = 0
    rows = told.order_by().values_list("counter__kelurahan")
    for office, number, still in rows.annotate(number=Count("pk"), still=Count("pk", filter=Q(ended_at=None))):
        faults[office] += number
        ongoing += still
    lengths = _incidents(period)
    troubled = [office for office in seen | faults if faults[office] or seen[office][1]]
    return CameraHealth(
        duty_s=sum(duty_s for duty_s, _ in seen.values()),
        unknown_s=sum(unknown_s for _, unknown_s in seen.values()),
        faults=faults.total(),
        ongoing=ongoing,
        incidents=len(lengths),
        incident_s=int(sum(lengths, timedelta()).total_seconds()),
        worst=_worst(troubled, seen, faults),
    )


def _worst(offices: list[int], seen: dict[int, tuple[int, int]], faults: Tally[int]) -> list[OfficeVisibility]:
    rows = Kelurahan.objects.filter(pk__in=offices).select_related("kecamatan")
    sights = [
        OfficeVisibility(row.code, row.name, row.kecamatan.name, *seen.get(row.pk, (0, 0)), faults[row.pk])
        for row in rows
    ]
    return sorted(sights, key=lambda one: (-one.unknown_s, -one.faults, one.code))[:LISTED]


def _incidents(period: Period) -> list[timedelta]:
    """How long each lasted within the period; one that goes on, until it was last told of."""
    start, end = _ends(period)
    rows = SystemIncident.objects.filter(Q(ended_at=None) | Q(ended_at__gt=start), since__lt=end)
    told = rows.values_list("since", "ended_at", "raised_at")
    return [max(timedelta(), min(ended or raised, end) - max(since, start)) for since, ended, raised in told]


def spot_checks(place: OrgUnit, period: Period) -> SpotSummary:
    """What finished spot checks saw at the place's offices on these days."""
    stops = SpotStop.objects.filter(
        _within("marked_at", period), kelurahan__in=place.offices(), check_of__finished_at__isnull=False
    )
    rows = stops.order_by().values_list("mark", "finding__status").annotate(Count("pk"))
    marks: Tally[str] = Tally()
    waiting = 0
    for mark, status, number in rows:
        marks[mark] += number
        waiting += number if status in (FindingStatus.WAITING, FindingStatus.RETURNED) else 0
    newest = stops.select_related("check_of", "kelurahan", "finding").order_by("-marked_at", "-pk")
    return SpotSummary(
        number=marks.total(),
        marks=[(mark, marks[mark]) for mark in SpotMark if marks[mark]],
        waiting=waiting,
        newest=list(newest[:LISTED]),
    )


def unexplained(place: OrgUnit, period: Period, now: datetime) -> QuerySet[Any]:
    """The period's indications that nobody has explained or decided, nearest deadline first; each with `overdue`."""
    waiting = tables.counted_indications(place, period).with_explained().filter(outcome="", explained=False)  # type: ignore[attr-defined]
    overdue = Case(When(explain_by__lt=now, then=Value(True)), default=Value(False))
    return waiting.annotate(overdue=overdue).order_by(F("explain_by").asc(nulls_last=True), "-since", "-pk")  # type: ignore[no-any-return]


def special_days(period: Period) -> dict[date, str]:
    """Names of the holidays in it, those of the city's own too. A day that the city opened is none."""
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
    """The last day of which anything is known."""
    return DayTally.objects.filter(place.within("counter")).aggregate(Max("day"))["day__max"]


def _within(name: str, period: Period) -> Q:
    start, end = _ends(period)
    return Q(**{f"{name}__gte": start, f"{name}__lt": end})


def _ends(period: Period) -> tuple[datetime, datetime]:
    return (
        datetime.combine(period.first, time(), tzinfo=ZONE),
        datetime.combine(period.last + DAY, time(), tzinfo=ZONE),
    )
