"""An office's record: how its counters were staffed this month, and how its spot checks went."""

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Max, QuerySet

from discipline.alerts.models import Alert
from discipline.spotchecks.models import SpotMark, SpotStop
from discipline.staffing import rule as staffing_rule
from discipline.staffing.alert_kinds import ACCUSATIONS
from discipline.staffing.models import Flip
from discipline.staffing.rule import State
from discipline.staffing.tally import tally_day
from offices.hours.schedule import DAY, ZONE, Schedule, local_day
from offices.places.models import Counter, Kelurahan

NEVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class MonthTotals:
    """Seconds of duty since the first of the month, all counters of the office together, and its indications."""

    staffed_s: int = 0
    absent_s: int = 0
    unknown_s: int = 0
    duty_s: int = 0
    indications: int = 0

    def share(self, seconds: int) -> int | None:
        """Whole percent of the time on duty; None before any."""
        return round(100 * seconds / self.duty_s) if self.duty_s else None

    @property
    def staffed(self) -> int | None:
        return self.share(self.staffed_s)

    @property
    def absent(self) -> int | None:
        return self.share(self.absent_s)

    @property
    def unknown(self) -> int | None:
        return self.share(self.unknown_s)


@dataclass(slots=True)
class SpotCheckTotals:
    """The finished spot checks of an office or of several."""

    marks: dict[str, int] = field(default_factory=dict)  # by Mark
    last_at: datetime | None = None
    last_mark: str = ""

    @property
    def number(self) -> int:
        return sum(self.marks.values())

    @property
    def orderly(self) -> int:
        return self.marks.get(SpotMark.ORDERLY, 0)

    @property
    def outcomes(self) -> list[tuple[Any, int]]:
        """Marks that occurred, in their order, as words."""
        return [(mark.label, self.marks[mark]) for mark in SpotMark if self.marks.get(mark)]


def month_totals(offices: Sequence[int], now: datetime) -> dict[int, MonthTotals]:
    """Of each office, by key. A handful of queries."""
    first = local_day(now).replace(day=1)
    start = datetime.combine(first, time(), tzinfo=ZONE)
    office_of = dict(Counter.objects.filter(kelurahan__in=offices, active=True).values_list("pk", "kelurahan"))
    turns = _turns(office_of, start, now)
    schedule = Schedule(office_of)
    found = {office: MonthTotals() for office in offices}
    for counter, office in office_of.items():
        _add_counter(found[office], turns.get(counter, {}), schedule, counter, _days(first, local_day(now)), now)
    told = Alert.objects.counted().filter(counter__in=office_of, kind__in=ACCUSATIONS, raised_at__gte=start)
    for office, number in told.order_by().values_list("counter__kelurahan").annotate(Count("pk")):
        found[office].indications = number
    return found


def spot_check_totals(stops: QuerySet[SpotStop]) -> dict[int, SpotCheckTotals]:
    """The finished checks among these stops, by office. Offices never checked are not in it."""
    done = stops.filter(check_of__finished_at__isnull=False).exclude(mark="").order_by()
    found: dict[int, SpotCheckTotals] = defaultdict(SpotCheckTotals)
    for office, mark, number, last in done.values_list("kelurahan", "mark").annotate(Count("pk"), Max("marked_at")):
        one = found[office]
        one.marks[mark] = number
        if one.last_at is None or last > one.last_at:
            one.last_at, one.last_mark = last, str(SpotMark(mark).label)
    return dict(found)


@dataclass(frozen=True, slots=True)
class KecamatanChecks:
    """A kecamatan's part of the statistics."""

    kecamatan: Any
    offices: list[tuple[Kelurahan, SpotCheckTotals]]
    total: SpotCheckTotals

    @property
    def never(self) -> int:
        return sum(1 for _, one in self.offices if not one.number)


def by_kecamatan(offices: Iterable[Kelurahan]) -> list[KecamatanChecks]:
    """Offices (with kecamatan loaded) with their checks, those that wait longest first."""
    known = list(offices)
    found = spot_check_totals(SpotStop.objects.filter(kelurahan__in=known))
    groups: dict[int, list[Kelurahan]] = defaultdict(list)
    for office in known:
        groups[office.kecamatan_id].append(office)
    return [_district(group, found) for group in groups.values()]


def _district(group: list[Kelurahan], found: Mapping[int, SpotCheckTotals]) -> KecamatanChecks:
    rows = [(office, found.get(office.pk, SpotCheckTotals())) for office in group]
    rows.sort(key=lambda row: (row[1].last_at or NEVER, row[0].code))
    marks: Tally[str] = Tally()
    for _, one in rows:
        marks.update(one.marks)
    last = max((one for _, one in rows if one.last_at), key=lambda one: one.last_at or NEVER, default=SpotCheckTotals())
    return KecamatanChecks(group[0].kecamatan, rows, SpotCheckTotals(dict(marks), last.last_at, last.last_mark))


def _turns(
    counters: Iterable[int], start: datetime, end: datetime
) -> dict[int, dict[date, list[staffing_rule.StateChange]]]:
    """Return the flips by counter and local day, in order of time."""
    rows = Flip.objects.filter(counter__in=list(counters), at__gte=start, at__lte=end).order_by("at", "pk")
    found: dict[int, dict[date, list[staffing_rule.StateChange]]] = defaultdict(lambda: defaultdict(list))
    for counter, flip in rows.as_rule_flips():
        found[counter][local_day(flip.at)].append(flip)
    return found


def _add_counter(
    month: MonthTotals,
    turns: Mapping[date, list[staffing_rule.StateChange]],
    schedule: Schedule,
    counter: int,
    days: list[date],
    now: datetime,
) -> None:
    before = State.CLOSED
    for day in days:
        own, duty = turns.get(day, []), schedule.day(counter, day).intervals
        at_start = own[0].old if own else before
        before = own[-1].new if own else before
        if not duty:
            continue
        start, end = duty[0].start, duty[-1].end
        sums = tally_day(own, duty, start, max(start, min(now, end)), at_start)
        month.staffed_s += sums.staffed_s
        month.absent_s += sums.absent_s
        month.unknown_s += sums.unknown_s
        month.duty_s += sums.duty_s


def _days(first: date, last: date) -> list[date]:
    return [first + n * DAY for n in range((last - first) // timedelta(days=1) + 1)]
