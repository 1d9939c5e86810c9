"""The numbers of a report, read from DayTally. Pages, files, mails and the API all take them from here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.db.models import Aggregate, Count, Exists, Func, IntegerField, Max, Min, OuterRef, Q, QuerySet, Value

from discipline.alerts.models import Alert, AlertQuerySet
from discipline.reports.numbers.figures import OF_A_DAY, Sums
from discipline.reports.numbers.models import ColumnSums, DayTally, HourlySums, ReportRule
from discipline.reports.numbers.period import DAY, Period, PeriodKind, period_of
from discipline.reports.numbers.places import COUNTER_KEY, Level, OrgUnit
from discipline.staffing.alert_kinds import ACCUSATIONS, COLUMNS
from discipline.staffing.models import Recount
from offices.hours.schedule import ZONE
from offices.places.locations.models import OFFICE_KEY
from offices.places.models import Counter, Kelurahan, Place

ADDED_UP = tuple(name for name in OF_A_DAY if name != "longest_s")
CODES = {
    Level.KECAMATAN: "counter__kelurahan__kecamatan__code",
    Level.KELURAHAN: "counter__kelurahan__code",
    Level.COUNTER: "counter",
    Level.KECAMATAN_OFFICE: "counter__place__kecamatan__code",
}
SHARED = ("duty_s", "staffed_s", "excused_s", "unknown_s")  # what availability and coverage are computed from
PREFIXES = {Level.COUNTER: COUNTER_KEY, Level.KECAMATAN_OFFICE: OFFICE_KEY}  # of OrgUnit.key
ALL_SUMS: dict[str, Aggregate] = {
    "sums": ColumnSums(*ADDED_UP),
    "rows": Count("pk"),
    "longest": Max("longest_s"),
}
DAYS_DRAWN, WEEKS_DRAWN = 31, 120  # the longest period with a trend by days, by weeks; longer ones: by months


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A row of a table.

    `key` is an OrgUnit's or a Period's. `code` is Kemendagri's (a counter's is its office's), and `parent` the name of
    the kecamatan or kelurahan that the place belongs to; "" where there is none.
    """

    key: str
    name: str
    sums: Sums
    code: str = ""
    parent: str = ""


class CounterSums(NamedTuple):
    """The sums of a counter, the id of its kelurahan (None at a kecamatan office), and until when it is tallied."""

    sums: Sums
    kelurahan: int | None
    until: datetime


class OfficeSums(NamedTuple):
    """The sums of an office, only those of SHARED and `counts`, and the first and last day with a tally."""

    sums: Sums
    oldest: date
    newest: date


@dataclass(frozen=True, slots=True)
class ReportData:
    """The numbers of a place in a period.

    `lines` are the parts on the next level. `before` and `before_days` are the total and the days of the period before.
    `until`: the time up to which days are tallied, None without any row.
    """

    place: OrgUnit
    period: Period
    floor: int  # percent of coverage below which there is too little data
    total: Sums
    before: Sums
    lines: list[ReportLine]
    days: list[ReportLine]
    until: datetime | None
    recounting: bool  # some of its days wait for a recount
    before_days: list[ReportLine]
    by_counter: dict[int, CounterSums]  # the counters with tallies, by id
    offices: dict[int, Kelurahan]  # of the place, with kecamatan loaded, by id

    def lines_of(self, level: Level) -> list[ReportLine]:
        """Return what part_lines does for the report's place and period, without summing again."""
        return self.lines if level is self.place.parts else _lines(self.place, level, self.by_counter, self.offices)


def build_report(place: OrgUnit, period: Period) -> ReportData:
    """Return the numbers of the place in the period."""
    by_counter, offices = _by_counter(place, period), _offices(place)
    before_days: list[ReportLine] = []
    days: list[ReportLine] = []
    for line in day_lines(place, Period(PeriodKind.RANGE, period.before.first, period.last)):
        (days if date.fromisoformat(line.key) in period else before_days).append(line)
    return ReportData(
        place=place,
        period=period,
        floor=ReportRule.floor(),
        total=add_sums(one.sums for one in by_counter.values()),
        before=add_sums(line.sums for line in before_days),
        lines=_lines(place, place.parts, by_counter, offices),
        days=days,
        until=max((one.until for one in by_counter.values()), default=None),
        recounting=is_recounting(place, period),
        before_days=before_days,
        by_counter=by_counter,
        offices=offices,
    )


def tallies(place: OrgUnit, period: Period) -> QuerySet[DayTally]:
    """Return the counter-days of the place in the period."""
    return DayTally.objects.filter(place.within("counter"), day__gte=period.first, day__lte=period.last)


def total_sums(place: OrgUnit, period: Period) -> Sums:
    """Return the total of the place in the period, in one query."""
    return _sums(tallies(place, period).aggregate(**ALL_SUMS))


def part_lines(place: OrgUnit, period: Period, level: Level) -> list[ReportLine]:
    """Return a line for each part of the place, including those without data, ordered by code, counters by name."""
    return _lines(place, level, _by_counter(place, period), _offices(place))


def kecamatan_office_lines(place: OrgUnit, period: Period) -> list[ReportLine]:
    """Return a line for each kecamatan office of the city or kecamatan, by code; they are in no other number of it.

    An office without a watched counter and without tallies in the period has no line.
    """
    if place.level not in (Level.CITY, Level.KECAMATAN):
        return []
    offices = Place.objects.filter(kind=Place.Kind.KECAMATAN).select_related("kecamatan").order_by("kecamatan__code")
    if place.level is Level.KECAMATAN:
        offices = offices.filter(kecamatan=place.row.pk)
    days = DayTally.objects.filter(counter__place__in=offices, day__gte=period.first, day__lte=period.last)
    found = _summed(days, "counter__place")
    shown = offices.filter(Exists(Counter.objects.filter(place=OuterRef("pk"), active=True)) | Q(pk__in=found))
    units = [OrgUnit(Level.KECAMATAN_OFFICE, office) for office in shown]
    return [ReportLine(one.key, one.name, found.get(one.row.pk, Sums()), one.row.code) for one in units]


def office_sums(place: OrgUnit, period: Period) -> dict[int, OfficeSums]:
    """Return the sums of each kelurahan with tallies in the period, by its id, in one query."""
    names = (*SHARED, *COLUMNS)
    rows = tallies(place, period).order_by().values("counter__kelurahan")
    rows = rows.annotate(sums=ColumnSums(*names), oldest=Min("day"), newest=Max("day"))
    return {
        kelurahan: OfficeSums(Sums.of(dict(zip(names, sums, strict=True))), oldest, newest)
        for kelurahan, sums, oldest, newest in rows.values_list("counter__kelurahan", "sums", "oldest", "newest")
        if kelurahan
    }


def weekly_sums(place: OrgUnit, period: Period, level: Level) -> dict[str, dict[date, Sums]]:
    """Return the sums of SHARED by OrgUnit.key and Monday, in one query."""
    by = CODES[level]
    monday = period.first - period.first.weekday() * DAY
    # Not TruncWeek: PostgreSQL would truncate each date as a time with a zone, which takes twice as long.
    week = Func("day", Value(monday), template="(%(expressions)s) / 7", arg_joiner=" - ", output_field=IntegerField())
    rows = tallies(place, period).annotate(week=week).values(by, "week").order_by()
    found: dict[str, dict[date, Sums]] = {}
    for code, number, sums in rows.annotate(sums=ColumnSums(*SHARED)).values_list(by, "week", "sums"):
        key = f"{PREFIXES.get(level, '')}{code}"
        found.setdefault(key, {})[monday + 7 * number * DAY] = Sums(**dict(zip(SHARED, sums, strict=True)))
    return found


def day_lines(place: OrgUnit, period: Period) -> list[ReportLine]:
    """Return a line for each local day that has tallies, in order; the key is the ISO date."""
    found = _summed(tallies(place, period), "day")
    return [ReportLine(f"{day:%Y-%m-%d}", f"{day:%Y-%m-%d}", found[day]) for day in sorted(found)]


def trend_lines(period: Period, by_day: Iterable[ReportLine]) -> list[ReportLine]:
    """Return the sums by day, week or month, depending on the period's length; keys are Period.key.

    The first and the last step have only the days that lie in the period.
    """
    kind = (
        PeriodKind.DAY
        if period.days <= DAYS_DRAWN
        else PeriodKind.WEEK
        if period.days <= WEEKS_DRAWN
        else PeriodKind.MONTH
    )
    found: dict[str, Sums] = {}
    at = period.first
    while at <= period.last:
        step = period_of(kind, at)
        found[step.key] = Sums()
        at = step.last + DAY
    for line in by_day:
        key = period_of(kind, date.fromisoformat(line.key)).key
        found[key] += line.sums
    return [ReportLine(key, key, sums) for key, sums in found.items()]


def hourly_availability(place: OrgUnit, period: Period) -> dict[tuple[int, int], tuple[int, int]]:
    """Return (staffed, counted) seconds by (ISO weekday, WIB hour), for hours with counted seconds.

    Counted: duty without unknown and excused time.
    """
    rows = tallies(place, period).values("day__iso_week_day").order_by()
    sums = rows.annotate(staffed=HourlySums("staffed_by_hour"), counted=HourlySums("counted_by_hour"))
    return {
        (weekday, hour): hours
        for weekday, staffed, counted in sums.values_list("day__iso_week_day", "staffed", "counted")
        for hour, hours in enumerate(zip(staffed, counted, strict=True))
        if hours[1]
    }


def counted_indications(place: OrgUnit, period: Period) -> AlertQuerySet:
    """Return the indications that the numbers count, excused ones included, newest first.

    They belong to the period if they began on one of its local days.
    """
    start = datetime.combine(period.first, time(), tzinfo=ZONE)
    end = datetime.combine(period.last + DAY, time(), tzinfo=ZONE)
    counted = Alert.objects.counted().filter(place.within("counter"), kind__in=ACCUSATIONS)
    return counted.filter(since__gte=start, since__lt=end).order_by("-since", "-pk")


def is_recounting(place: OrgUnit, period: Period) -> bool:
    """Return whether days of this report wait for a recount."""
    ours = Q(counter=None) | Q(counter__in=Counter.objects.filter(place.within()))
    return Recount.objects.filter(ours, first_day__lte=period.last, last_day__gte=period.first).exists()


def add_sums(sums: Iterable[Sums]) -> Sums:
    """Return the total."""
    first, *others = list(sums) or [Sums()]
    return sum(others, first)


def _offices(place: OrgUnit) -> dict[int, Kelurahan]:
    return {office.pk: office for office in place.offices().select_related("kecamatan")}


def _sums(row: Mapping[str, Any]) -> Sums:
    counted = {"counter_days": row["rows"], "longest_s": row["longest"] or 0}
    return Sums.of({name: number or 0 for name, number in zip(ADDED_UP, row["sums"], strict=True)} | counted)


def _summed(rows: QuerySet[DayTally], by: str) -> dict[Any, Sums]:
    return {row[by]: _sums(row) for row in rows.values(by).order_by().annotate(**ALL_SUMS)}


def _by_counter(place: OrgUnit, period: Period) -> dict[int, CounterSums]:
    rows: Any = tallies(place, period).values("counter", "counter__kelurahan").order_by()
    rows = rows.annotate(**ALL_SUMS, newest=Max("until"))
    return {row["counter"]: CounterSums(_sums(row), row["counter__kelurahan"], row["newest"]) for row in rows}


def _lines(
    place: OrgUnit, level: Level, by_counter: Mapping[int, CounterSums], offices: Mapping[int, Kelurahan]
) -> list[ReportLine]:
    """Return a line for each place of the level; counters: those watched now or at that time."""
    if level is Level.COUNTER:
        return _counter_lines(place, by_counter)
    found: dict[str, list[Sums]] = {}
    members: dict[str, tuple[str, str]] = {}  # name and parent
    codes: dict[int | None, str] = {}
    for pk, office in offices.items():
        one = office if level is Level.KELURAHAN else office.kecamatan
        parent = office.kecamatan.name if level is Level.KELURAHAN else ""
        codes[pk] = one.code
        members.setdefault(one.code, (one.name, parent))
    for counter in by_counter.values():
        found.setdefault(codes[counter.kelurahan], []).append(counter.sums)
    return [
        ReportLine(code, name, add_sums(found.get(code, ())), code, parent)
        for code, (name, parent) in sorted(members.items())
    ]


def _counter_lines(place: OrgUnit, by_counter: Mapping[int, CounterSums]) -> list[ReportLine]:
    known = Counter.objects.filter(Q(active=True) | Q(pk__in=by_counter), place.within())
    counters = known.select_related("kelurahan__kecamatan", "place__kecamatan").order_by("kelurahan__code", "name")
    return [
        ReportLine(
            key=f"{COUNTER_KEY}{counter.pk}",
            name=counter.name,
            sums=by_counter[counter.pk].sums if counter.pk in by_counter else Sums(),
            code=counter.office.code,
            parent=counter.office.name,
        )
        for counter in counters
    ]
