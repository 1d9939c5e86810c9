"""Which hours apply at a place and why: the chain of plans, the days ahead that differ, and a month."""

from collections import Counter as Tally
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import Q, QuerySet

from discipline.plans.precedence import Fate, PlanCandidate, fates_of
from discipline.plans.weeks import WeekDrawing, draw_week
from discipline.reports.numbers.places import Level, OrgUnit
from offices.access.gate import Scope, within
from offices.hours.duty import ClosedPeriod, DayOverride, WeeklyPlan, duty_day, parse_spans, plan_of
from offices.hours.models import Closure, HolidayOverride, HoursPlan
from offices.hours.national import national_holidays
from offices.hours.schedule import DAY, ZONE
from offices.places.models import Counter, Kecamatan, Kelurahan

AHEAD_DAYS = 120
NAMED = ("kecamatan", "kelurahan__kecamatan", "counter__kelurahan__kecamatan")
CITY = Q(kecamatan=None, kelurahan=None, counter=None)


class DayKind(StrEnum):
    """What a day is; from OTHER on it differs from the present week."""

    DUTY = "duty"
    FREE = "free"  # no hours in the plan
    OTHER = "other"  # another plan than today's
    HOLIDAY = "holiday"
    SPECIAL = "special"  # the city's own word about the day
    CLOSURE = "closure"


@dataclass(frozen=True, slots=True)
class ChainedPlan:
    """A plan of the chain and what becomes of it on the day asked for. `here`: it is of this very place."""

    plan: HoursPlan
    fate: Fate
    week: WeekDrawing
    here: bool


@dataclass(frozen=True, slots=True)
class DayOutlook:
    """A local day at a place: its duty (aware UTC pairs), and why. `minutes` of duty."""

    day: date
    kind: DayKind
    why: str
    duty: tuple[tuple[datetime, datetime], ...]

    @property
    def minutes(self) -> int:
        return sum(int((end - start).total_seconds()) for start, end in self.duty) // 60


@dataclass(frozen=True, slots=True)
class OutlookStretch:
    """Days on end that differ in the same way."""

    first: date
    last: date
    kind: DayKind
    why: str
    duty: tuple[tuple[datetime, datetime], ...]


def rows_over(place: OrgUnit) -> Q:
    """Scoped rows that hold at this place: its own and those of the places that it is a part of."""
    found, at = CITY, place
    while at.above:
        found |= rows_at(at)
        at = at.above
    return found


def rows_at(place: OrgUnit) -> Q:
    """Scoped rows of this very place."""
    if place.level is Level.CITY:
        return CITY
    name = {Level.KECAMATAN: "kecamatan", Level.KELURAHAN: "kelurahan", Level.COUNTER: "counter"}[place.level]
    return Q(**{name: place.row.pk})


def rows_below(place: OrgUnit) -> Q:
    """Scoped rows of the places that are parts of it."""
    if place.level is Level.CITY:
        return ~CITY
    if place.level is Level.KECAMATAN:
        return Q(kelurahan__kecamatan=place.row) | Q(counter__kelurahan__kecamatan=place.row)
    return Q(counter__kelurahan=place.row) if place.level is Level.KELURAHAN else Q(pk__in=[])


def rows_visible_to(scope: Scope) -> Q:
    """Scoped rows that touch what this user sees: a lurah also reads the rules of the own kecamatan and of the city."""
    if scope.city:
        return Q()
    around = Kelurahan.objects.filter(within(scope)).values("kecamatan")
    own_offices = within(scope, "kelurahan") | within(scope, "counter__kelurahan")
    return CITY | Q(kecamatan__in=scope.kecamatan) | Q(kecamatan__in=around) | own_offices


def columns_of(place: OrgUnit) -> dict[str, int | None]:
    """The columns of a row that holds at this very place."""
    level, pk = place.level, place.row.pk if place.row else None
    return {
        "kecamatan_id": pk if level is Level.KECAMATAN else None,
        "kelurahan_id": pk if level is Level.KELURAHAN else None,
        "counter_id": pk if level is Level.COUNTER else None,
    }


def place_of(row: HoursPlan | Closure) -> OrgUnit:
    """Where it holds. Needs what the row is of loaded."""
    if row.counter:
        return OrgUnit(Level.COUNTER, row.counter)
    if row.kelurahan:
        return OrgUnit(Level.KELURAHAN, row.kelurahan)
    return OrgUnit(Level.KECAMATAN, row.kecamatan) if row.kecamatan else OrgUnit(Level.CITY)


def kecamatan_of(place: OrgUnit) -> int | None:
    """Whose camat governs it; None: the city."""
    at: OrgUnit | None = place
    while at and at.level is not Level.KECAMATAN:
        at = at.above
    return at.row.pk if at else None


def plan_chain(place: OrgUnit, day: date) -> list[ChainedPlan]:
    """Closest first, and of one scope the one that wins; plans that are over last."""
    rows = list(HoursPlan.objects.filter(rows_over(place)).select_related(*NAMED))
    rules = {row.pk: PlanCandidate(row.pk, row.closeness, row.priority, row.valid_from, row.valid_to) for row in rows}
    fate_of = fates_of(list(rules.values()), day)
    rows.sort(key=lambda row: rules[row.pk].rank, reverse=True)
    rows.sort(key=lambda row: (fate_of[row.pk] is not Fate.APPLIES, fate_of[row.pk] is Fate.OVER))
    return [ChainedPlan(row, fate_of[row.pk], week_of(row), place_of(row).key == place.key) for row in rows]


def week_of(plan: HoursPlan) -> WeekDrawing:
    return draw_week({number: parse_spans(getattr(plan, day)) for number, day in enumerate(HoursPlan.DAYS)})


def closer_plans(place: OrgUnit) -> QuerySet[HoursPlan]:
    """Plans of its parts, which win there."""
    return (
        HoursPlan.objects.filter(rows_below(place)).select_related(*NAMED).order_by("kecamatan", "kelurahan", "counter")
    )


def day_outlooks(place: OrgUnit, first: date, last: date, today: date) -> list[DayOutlook]:
    """The days from `first` to `last`, each as Schedule has it for a counter of this place that has no closer rules."""
    basis = _Basis(place)
    usual = plan_of(today, basis.plans)
    return [basis.day(first + n * DAY, usual) for n in range((last - first).days + 1)]


class _Basis:
    def __init__(self, place: OrgUnit) -> None:
        self.plans = [row.as_plan() for row in HoursPlan.objects.filter(rows_over(place))]
        closures = Closure.objects.filter(rows_over(place)).order_by("starts_at")
        self.shuts = [ClosedPeriod(row.starts_at, row.ends_at, row.reason) for row in closures]
        self.overrides = {row.day: DayOverride(row.day, row.open, row.name) for row in HolidayOverride.objects.all()}

    def day(self, day: date, usual: WeeklyPlan | None) -> DayOutlook:
        holidays = national_holidays([day.year])
        found = duty_day(day, self.plans, holidays, self.overrides, self.shuts, ZONE)
        plan = plan_of(day, self.plans)
        whole = duty_day(day, self.plans, holidays, self.overrides, (), ZONE)
        planned = bool(plan and plan.week.get(day.weekday()))
        if day in self.overrides:
            kind = DayKind.SPECIAL
        elif not planned:
            kind = DayKind.FREE
        elif not whole.intervals:
            kind = DayKind.HOLIDAY
        elif whole.intervals != found.intervals:
            kind = DayKind.CLOSURE
        else:
            kind = DayKind.DUTY if plan == usual else DayKind.OTHER
        return DayOutlook(day, kind, found.why, tuple((one.start, one.end) for one in found.intervals))


def upcoming_changes(place: OrgUnit, today: date) -> list[OutlookStretch]:
    """What the next months bring that differs from the present week."""
    days = day_outlooks(place, today, today + timedelta(days=AHEAD_DAYS), today)
    return list(_stretches(day for day in days if day.kind not in (DayKind.DUTY, DayKind.FREE)))


def _stretches(days: Iterable[DayOutlook]) -> Iterator[OutlookStretch]:
    """Another plan's days are one stretch however its hours change, and over its free days."""
    held: OutlookStretch | None = None
    for day in days:
        alike = held is not None and (day.kind, day.why) == (held.kind, held.why)
        gap = timedelta(days=4) if day.kind is DayKind.OTHER else DAY
        if held and alike and day.day - held.last <= gap and (day.kind is DayKind.OTHER or _hours(day) == _hours(held)):
            held = OutlookStretch(held.first, day.day, held.kind, held.why, held.duty)
            continue
        if held:
            yield held
        held = OutlookStretch(day.day, day.day, day.kind, day.why, day.duty)
    if held:
        yield held


def _hours(of: DayOutlook | OutlookStretch) -> tuple[int, ...]:
    """How long, to tell a whole day's closure from a part's."""
    return tuple(int((end - start).total_seconds()) for start, end in of.duty)


def subplaces(place: OrgUnit, scope: Scope) -> list[tuple[OrgUnit, int]]:
    """The places in it that this user may open, each with how many plans there are of it and within it."""
    found: list[OrgUnit]
    if place.level is Level.CITY:
        districts = Kecamatan.objects.all() if scope.city else Kecamatan.objects.filter(pk__in=scope.kecamatan)
        found = [OrgUnit(Level.KECAMATAN, row) for row in districts]
    elif place.level is Level.KECAMATAN:
        found = [OrgUnit(Level.KELURAHAN, row) for row in place.offices().select_related("kecamatan")]
    elif place.level is Level.KELURAHAN:
        counters = Counter.objects.filter(place.within(), active=True).select_related("kelurahan__kecamatan")
        found = [OrgUnit(Level.COUNTER, row) for row in counters]
    else:
        found = []
    plans = Tally(key for plan in closer_plans(place) for key in _keys(place_of(plan)))
    return [(one, plans[one.key]) for one in found]


def _keys(place: OrgUnit) -> Iterator[str]:
    """Of the place and of all that it is a part of."""
    at: OrgUnit | None = place
    while at:
        yield at.key
        at = at.above
