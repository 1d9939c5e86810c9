"""The signatures of months: one month's, for its papers, and an overview of all kecamatan."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.db.models.functions import TruncMonth

from discipline.core.wording import name_of
from discipline.reports.numbers.models import DayTally
from discipline.reports.numbers.period import Period, PeriodKind, period_of
from discipline.reports.numbers.places import Level, OrgUnit
from discipline.reports.signing import steps
from discipline.reports.signing.models import MonthReport, SigningStep
from discipline.reports.signing.steps import MonthState
from offices.access.gate import Scope
from offices.hours.models import HolidayOverride
from offices.hours.national import national_holidays
from offices.hours.schedule import local_day
from offices.places.models import Kecamatan

SHOWN = 6  # months in the overview


@dataclass(frozen=True, slots=True)
class MonthSignature:
    """The state of a kecamatan's month; `word` is the state in words, `by_title` the office that signs.

    `by_name`, `at` and `sha256` belong to the signature and are empty before it. `amendments` counts the amendments
    since, `waiting` those that are not acknowledged.
    """

    state: MonthState
    word: str
    by_title: str
    by_name: str = ""
    at: datetime | None = None
    sha256: str = ""
    amendments: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class SigningCell:
    """One month of one kecamatan. `watched`: there is something to sign; `late`: the due day has passed."""

    place: OrgUnit
    month: Period
    signature: MonthSignature
    watched: bool
    late: bool

    @property
    def missing(self) -> bool:
        """Whether there is something to sign that is not signed."""
        return self.watched and self.signature.state not in steps.FINAL


@dataclass(frozen=True, slots=True)
class SigningRow:
    """The months of one kecamatan."""

    place: OrgUnit
    cells: list[SigningCell]  # the newest month first


def signature_of(place: OrgUnit, period: Period) -> MonthSignature | None:
    """Return the signature of a kecamatan's month; None for other places and periods."""
    if place.level is not Level.KECAMATAN or period.kind is not PeriodKind.MONTH:
        return None
    return _signature(_reports().filter(kecamatan=place.row, month=period.first).first(), place)


def past_months(today: date) -> list[Period]:
    """Return the last SHOWN months that have ended, newest first."""
    months = [period_of(PeriodKind.MONTH, today).before]
    while len(months) < SHOWN:
        months.append(months[-1].before)
    return months


def signing_overview(scope: Scope, now: datetime) -> list[SigningRow]:
    """Return the kecamatan in scope by code, those that have not signed the last month first.

    Months before the last one are left out when no kecamatan of the city has a counter-day in them. Five queries.
    """
    today = local_day(now)
    shown = past_months(today)
    watched = _watched(shown)
    shown = [month for month in shown if month is shown[0] or any(month.first in known for known in watched.values())]
    kecamatan = list(Kecamatan.objects.filter(Q() if scope.city else Q(pk__in=scope.kecamatan)))
    listed = _reports().filter(month__in=[month.first for month in shown])
    reports = {(report.kecamatan_id, report.month): report for report in listed}
    until = due_days(shown)
    rows = []
    for area in kecamatan:
        place = OrgUnit(Level.KECAMATAN, area)
        cells = []
        for month in shown:
            signature = _signature(reports.get((area.pk, month.first)), place)
            has_days = month.first in watched[area.pk]
            late = has_days and signature.state not in steps.FINAL and today > until[month]
            cells.append(SigningCell(place, month, signature, has_days, late))
        rows.append(SigningRow(place, cells))
    return sorted(rows, key=lambda row: (not row.cells[0].missing, not any(c.missing for c in row.cells)))


def due_days(shown: Iterable[Period]) -> dict[Period, date]:
    """Return the day by which each month should be signed; `shown` must not be empty."""
    wanted = list(shown)
    years = {month.last.year + ahead for month in wanted for ahead in (0, 1)}
    national = national_holidays(years)
    overrides = dict(HolidayOverride.objects.filter(day__gt=min(m.last for m in wanted)).values_list("day", "open"))

    def works(day: date) -> bool:
        return overrides.get(day, day.weekday() < 5 and day not in national)

    return {month: steps.due_day(month.last, works) for month in wanted}


def watched_in(month: Period) -> int:
    """Return how many kecamatan have a counter-day in that month."""
    rows = DayTally.objects.filter(counter__kelurahan__isnull=False, day__gte=month.first, day__lte=month.last)
    counted = rows.aggregate(number=Count("counter__kelurahan__kecamatan", distinct=True))
    return int(counted["number"])


def _reports() -> Any:  # a queryset whose rows have `signing`, `amendments` and `waiting` besides their fields
    signed = SigningStep.objects.filter(what=SigningStep.What.SIGNED).select_related("by", "snapshot")
    amended = Q(snapshots__number__gt=1)
    return (
        MonthReport.objects.defer("reviewed")
        .prefetch_related(Prefetch("steps", signed.defer("snapshot__body"), to_attr="signing"))
        .annotate(
            amendments=Count("snapshots", filter=amended),
            waiting=Count("snapshots", filter=amended & Q(snapshots__signature=None)),
        )
    )


def _signature(report: Any, place: OrgUnit) -> MonthSignature:
    state = MonthState(report.state) if report else MonthState.DRAFT
    by_title = f"Camat {place.row.name}"
    word = str(MonthReport.State(state).label)
    if not report or not report.signing:
        return MonthSignature(state, word, by_title)
    step = report.signing[0]
    name = name_of(step.by)
    return MonthSignature(state, word, by_title, name, step.at, step.snapshot.sha256, report.amendments, report.waiting)


def _watched(shown: list[Period]) -> dict[int, set[date]]:
    """Return the first days of the months with a counter-day, by kecamatan id; `shown` is newest first, unbroken."""
    rows = DayTally.objects.filter(counter__kelurahan__isnull=False, day__gte=shown[-1].first, day__lte=shown[0].last)
    watched: dict[int, set[date]] = defaultdict(set)
    known = rows.annotate(month=TruncMonth("day")).order_by()
    for kecamatan, month in known.values_list("counter__kelurahan__kecamatan", "month").distinct():
        watched[kecamatan].add(month)
    return watched
