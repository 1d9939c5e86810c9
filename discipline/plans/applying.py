"""Which hours apply at a place and why: the chain of plans, upcoming exceptions, and the days of a month."""

from collections import Counter as Tally
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import Q, QuerySet

from discipline.plans.precedence import Fate, PlanCandidate, fates_of
from discipline.plans.weeks import WeekDrawing, draw_week
from discipline.reports.numbers.places import Level, OrgUnit
from offices.access.gate import Scope, kecamatan_offices, within, within_offices
from offices.hours.duty import ClosedPeriod, DayOverride, WeeklyPlan, duty_day, parse_spans, plan_of
from offices.hours.models import Closure, HolidayOverride, HoursPlan
from offices.hours.national import national_holidays
from offices.hours.schedule import DAY, ZONE
from offices.places.models import Counter, Kecamatan, Kelurahan

AHEAD_DAYS = 120
NAMED = ("kecamatan", "kelurahan__kecamatan", "counter__kelurahan__kecamatan", "counter__place__kecamatan")
CITY = Q(kecamatan=None, kelurahan=None, counter=None)


class DayKind(StrEnum):
    """What determines the hours of a day. From OTHER on, the day differs from the current weekly plan."""

    DUTY = "duty"
    FREE = "free"  # no hours in the plan
    OTHER = "other"  # a plan other than today's applies
    HOLIDAY = "holiday"
    SPECIAL = "special"  # a HolidayOverride of the city
    CLOSURE = "closure"


@dataclass(frozen=True, slots=True)
class ChainedPlan:
    """A plan of the chain and its fate on the requested day. `here`: it is scoped to this place, not to a wider one."""

    plan: HoursPlan
    fate: Fate
    week: WeekDrawing
    here: bool


@dataclass(frozen=True, slots=True)
class DayOutlook:
    """A local day at a place: its duty as (start, end) pairs in aware UTC, and the reason in words (`why`)."""

    day: date
    kind: DayKind
    why: str
    duty: tuple[tuple[datetime, datetime], ...]

    @property
    def minutes(self) -> int:
        """Minutes of duty."""
        return sum(int((end - start).total_seconds()) for start, end in self.duty) // 60


@dataclass(frozen=True, slots=True)
class OutlookStretch:
    """Consecutive days with the same kind of exception, first and last inclusive; `duty` is that of the first."""

    first: date
    last: date
    kind: DayKind
    why: str
    duty: tuple[tuple[datetime, datetime], ...]


def rows_over(place: OrgUnit) -> Q:
    """Filter Scoped rows to those that apply at this place: its own and those of the places that contain it."""
    condition, at = CITY, place
    while at.above:
        condition |= rows_at(at)
        at = at.above
    return condition


def rows_at(place: OrgUnit) -> Q:
    """Filter Scoped rows to those scoped to exactly this place."""
    if place.level is Level.CITY:
        return CITY
    if place.level is Level.KECAMATAN_OFFICE:
        return Q(pk__in=[])  # its counters have rules of their own
    name = {Level.KECAMATAN: "kecamatan", Level.KELURAHAN: "kelurahan", Level.COUNTER: "counter"}[place.level]
    return Q(**{name: place.row.pk})


def rows_below(place: OrgUnit) -> Q:
    """Filter Scoped rows to those of places inside this one."""
    if place.level is Level.CITY:
        return ~CITY
    if place.level is Level.KECAMATAN:
        return Q(kelurahan__kecamatan=place.row) | Q(counter__kelurahan__kecamatan=place.row)
    if place.level is Level.KECAMATAN_OFFICE:
        return Q(counter__place=place.row)
    return Q(counter__kelurahan=place.row) if place.level is Level.KELURAHAN else Q(pk__in=[])


def rows_visible_to(scope: Scope) -> Q:
    """Filter Scoped rows to those that affect offices in scope; a lurah also sees the rules of kecamatan and city."""
    if scope.city:
        return Q()
    around = Kelurahan.objects.filter(within(scope)).values("kecamatan")
    own_offices = within(scope, "kelurahan") | within_offices(scope, "counter")
    return CITY | Q(kecamatan__in=scope.kecamatan) | Q(kecamatan__in=around) | own_offices


def columns_of(place: OrgUnit) -> dict[str, int | None]:
    """Return the scope columns of a row for exactly this place."""
    level, pk = place.level, place.row.pk if place.row else None
    return {
        "kecamatan_id": pk if level is Level.KECAMATAN else None,
        "kelurahan_id": pk if level is Level.KELURAHAN else None,
        "counter_id": pk if level is Level.COUNTER else None,
    }


def place_of(row: HoursPlan | Closure) -> OrgUnit:
    """Return the place a row is scoped to. Needs the relations in NAMED loaded."""
    if row.counter:
        return OrgUnit(Level.COUNTER, row.counter)
    if row.kelurahan:
        return OrgUnit(Level.KELURAHAN, row.kelurahan)
    return OrgUnit(Level.KECAMATAN, row.kecamatan) if row.kecamatan else OrgUnit(Level.CITY)


def kecamatan_of(place: OrgUnit) -> int | None:
    """Return the id of the kecamatan whose camat governs the place; None for the city and for kecamatan offices."""
    at: OrgUnit | None = None if place.of_kecamatan_office else place
    while at and at.level is not Level.KECAMATAN:
        at = at.above
    return at.row.pk if at else None


def plan_chain(place: OrgUnit, day: date) -> list[ChainedPlan]:
    """Return the plans that cover the place: the one that applies first, then by rank, expired plans last."""
    rows = list(HoursPlan.objects.filter(rows_over(place)).select_related(*NAMED))
    rules = {row.pk: PlanCandidate(row.pk, row.closeness, row.priority, row.valid_from, row.valid_to) for row in rows}
    fate_of = fates_of(list(rules.values()), day)
    rows.sort(key=lambda row: rules[row.pk].rank, reverse=True)
    rows.sort(key=lambda row: (fate_of[row.pk] is not Fate.APPLIES, fate_of[row.pk] is Fate.OVER))
    return [ChainedPlan(row, fate_of[row.pk], week_of(row), place_of(row).key == place.key) for row in rows]


def week_of(plan: HoursPlan) -> WeekDrawing:
    """Return the drawing of the plan's week."""
    return draw_week({number: parse_spans(getattr(plan, day)) for number, day in enumerate(HoursPlan.DAYS)})


def closer_plans(place: OrgUnit) -> QuerySet[HoursPlan]:
    """Return the plans of places inside this one, which take precedence there."""
    return (
        HoursPlan.objects.filter(rows_below(place)).select_related(*NAMED).order_by("kecamatan", "kelurahan", "counter")
    )


def day_outlooks(place: OrgUnit, first: date, last: date, today: date) -> list[DayOutlook]:
    """Return the days from `first` to `last`, inclusive, as Schedule has them for a counter without closer rules."""
    basis = _Basis(place)
    usual = plan_of(today, basis.plans)
    return [basis.day(first + n * DAY, usual) for n in range((last - first).days + 1)]


class _Basis:
    """The plans, closures and overrides of a place, loaded once for many days."""

    def __init__(self, place: OrgUnit) -> None:
        self.plans = [row.as_plan() for row in HoursPlan.objects.filter(rows_over(place))]
        closures = Closure.objects.filter(rows_over(place)).order_by("starts_at")
        if place.of_kecamatan_office:
            closures = closures.filter(kecamatan=None)  # see Closure
        self.closures = [ClosedPeriod(row.starts_at, row.ends_at, row.reason) for row in closures]
        self.overrides = {row.day: DayOverride(row.day, row.open, row.name) for row in HolidayOverride.objects.all()}

    def day(self, day: date, usual: WeeklyPlan | None) -> DayOutlook:
        holidays = national_holidays([day.year])
        actual = duty_day(day, self.plans, holidays, self.overrides, self.closures, ZONE)
        plan = plan_of(day, self.plans)
        without_closures = duty_day(day, self.plans, holidays, self.overrides, (), ZONE)
        planned = bool(plan and plan.week.get(day.weekday()))
        if day in self.overrides:
            kind = DayKind.SPECIAL
        elif not planned:
            kind = DayKind.FREE
        elif not without_closures.intervals:
            kind = DayKind.HOLIDAY
        elif without_closures.intervals != actual.intervals:
            kind = DayKind.CLOSURE
        else:
            kind = DayKind.DUTY if plan == usual else DayKind.OTHER
        return DayOutlook(day, kind, actual.why, tuple((interval.start, interval.end) for interval in actual.intervals))


def upcoming_changes(place: OrgUnit, today: date) -> list[OutlookStretch]:
    """Return the stretches of the next AHEAD_DAYS days that differ from the current weekly plan."""
    days = day_outlooks(place, today, today + timedelta(days=AHEAD_DAYS), today)
    return list(_stretches(day for day in days if day.kind not in (DayKind.DUTY, DayKind.FREE)))


def _stretches(days: Iterable[DayOutlook]) -> Iterator[OutlookStretch]:
    """Group days of the same kind, reason and hours.

    Days of another plan form one stretch even when its hours vary by weekday, and across its days without hours.
    """
    stretch: OutlookStretch | None = None
    for day in days:
        if stretch and _continues(stretch, day):
            stretch = OutlookStretch(stretch.first, day.day, stretch.kind, stretch.why, stretch.duty)
            continue
        if stretch:
            yield stretch
        stretch = OutlookStretch(day.day, day.day, day.kind, day.why, day.duty)
    if stretch:
        yield stretch


def _continues(stretch: OutlookStretch, day: DayOutlook) -> bool:
    if (day.kind, day.why) != (stretch.kind, stretch.why):
        return False
    if day.kind is DayKind.OTHER:
        return day.day - stretch.last <= timedelta(days=4)  # up to three days without hours between
    return day.day - stretch.last <= DAY and _hours(day) == _hours(stretch)


def _hours(outlook: DayOutlook | OutlookStretch) -> tuple[int, ...]:
    """Return the duty intervals' lengths in seconds, which distinguish a whole-day closure from a partial one."""
    return tuple(int((end - start).total_seconds()) for start, end in outlook.duty)


def subplaces(place: OrgUnit, scope: Scope) -> list[tuple[OrgUnit, int]]:
    """Return the places directly inside this one that are in scope, each with the number of plans for and within it."""
    units: list[OrgUnit]
    if place.level is Level.CITY:
        districts = Kecamatan.objects.all() if scope.city else Kecamatan.objects.filter(pk__in=scope.kecamatan)
        units = [OrgUnit(Level.KECAMATAN, row) for row in districts]
    elif place.level is Level.KECAMATAN:
        units = [OrgUnit(Level.KELURAHAN, row) for row in place.offices().select_related("kecamatan")]
        own = kecamatan_offices(scope, in_use=True).filter(kecamatan=place.row.pk)
        units += [OrgUnit(Level.KECAMATAN_OFFICE, row) for row in own]
    elif place.level in (Level.KELURAHAN, Level.KECAMATAN_OFFICE):
        counters = Counter.objects.filter(place.within(), active=True)
        counters = counters.select_related("kelurahan__kecamatan", "place__kecamatan")
        units = [OrgUnit(Level.COUNTER, row) for row in counters]
    else:
        units = []
    plans = Tally(key for plan in closer_plans(place) for key in _keys(place_of(plan)))
    return [(unit, plans[unit.key]) for unit in units]


def _keys(place: OrgUnit) -> Iterator[str]:
    """Yield the keys of the place and of every place that contains it."""
    at: OrgUnit | None = place
    while at:
        yield at.key
        at = at.above
