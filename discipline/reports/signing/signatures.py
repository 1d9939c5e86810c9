"""Who has signed: one month's signature for its papers, and the months of a city at a glance."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.db.models.functions import TruncMonth

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

SHOWN = 6  # months


@dataclass(frozen=True, slots=True)
class MonthSignature:
    """How far a kecamatan's month is. `by_name`, `at` and `sha256` of the signature; empty before it. `by_title` is the
    office that signs. `amendments`: how often its numbers changed since; `waiting` of them nobody has acknowledged."""

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
    """One month of one kecamatan. `watched`: there is something to sign; `late`: it should have been signed."""

    place: OrgUnit
    month: Period
    signature: MonthSignature
    watched: bool
    late: bool

    @property
    def missing(self) -> bool:
        return self.watched and self.signature.state not in steps.FINAL


@dataclass(frozen=True, slots=True)
class SigningRow:
    place: OrgUnit
    cells: list[SigningCell]  # the newest month first


def signature_of(place: OrgUnit, period: Period) -> MonthSignature | None:
    """None but for a kecamatan's month."""
    if place.level is not Level.KECAMATAN or period.kind is not PeriodKind.MONTH:
        return None
    return _signature(_reports().filter(kecamatan=place.row, month=period.first).first(), place)


def past_months(today: date) -> list[Period]:
    """The last ones that are over, the newest first."""
    found = [period_of(PeriodKind.MONTH, today).before]
    while len(found) < SHOWN:
        found.append(found[-1].before)
    return found


def signing_overview(scope: Scope, now: datetime) -> list[SigningRow]:
    """The kecamatan in scope; who has not signed the last month that is over comes first, by code. Five queries.
    Older months are left out where nothing is known of them, of nobody."""
    today = local_day(now)
    shown = past_months(today)
    watched = _watched(shown)
    shown = [month for month in shown if month is shown[0] or any(month.first in known for known in watched.values())]
    kecamatan = list(Kecamatan.objects.filter(Q() if scope.city else Q(pk__in=scope.kecamatan)))
    reports = {(one.kecamatan_id, one.month): one for one in _reports().filter(month__in=[m.first for m in shown])}
    until = due_days(shown)
    rows = []
    for one in kecamatan:
        place = OrgUnit(Level.KECAMATAN, one)
        cells = []
        for month in shown:
            signature = _signature(reports.get((one.pk, month.first)), place)
            has = month.first in watched[one.pk]
            late = has and signature.state not in steps.FINAL and today > until[month]
            cells.append(SigningCell(place, month, signature, has, late))
        rows.append(SigningRow(place, cells))
    return sorted(rows, key=lambda row: (not row.cells[0].missing, not any(c.missing for c in row.cells)))


def due_days(shown: Iterable[Period]) -> dict[Period, date]:
    """Until when each of these months should be signed."""
    wanted = list(shown)
    years = {month.last.year + ahead for month in wanted for ahead in (0, 1)}
    national = national_holidays(years)
    overrides = dict(HolidayOverride.objects.filter(day__gt=min(m.last for m in wanted)).values_list("day", "open"))

    def works(day: date) -> bool:
        return overrides.get(day, day.weekday() < 5 and day not in national)

    return {month: steps.due_day(month.last, works) for month in wanted}


def watched_in(month: Period) -> int:
    """Of how many kecamatan something is known in that month."""
    return sum(month.first in found for found in _watched([month]).values())


def _reports() -> Any:
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
    name = step.by.get_full_name() or step.by.get_username()
    return MonthSignature(state, word, by_title, name, step.at, step.snapshot.sha256, report.amendments, report.waiting)


def _watched(shown: list[Period]) -> dict[int, set[date]]:
    """Kecamatan → first days of the months of which something is known."""
    rows = DayTally.objects.filter(day__gte=shown[-1].first, day__lte=shown[0].last)
    found: dict[int, set[date]] = defaultdict(set)
    known = rows.annotate(month=TruncMonth("day")).order_by()
    for kecamatan, month in known.values_list("counter__kelurahan__kecamatan", "month").distinct():
        found[kecamatan].add(month)
    return found
