"""An office's record: how its counters were staffed this month, and the results of its spot checks."""

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Count, F, Max, QuerySet
from django.db.models.functions import Coalesce
from django.utils.functional import Promise

from discipline.alerts.models import Alert
from discipline.spotchecks.models import OFFICE_ID, SpotMark, SpotStop
from discipline.staffing import rule as staffing_rule
from discipline.staffing.alert_kinds import ACCUSATIONS
from discipline.staffing.models import Flip
from discipline.staffing.rule import State
from discipline.staffing.tally import tally_day
from offices.hours.schedule import DAY, ZONE, Schedule, local_day
from offices.places.models import Counter, Kecamatan, Kelurahan, of_offices

NEVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class MonthTotals:
    """Seconds on duty since the first of the month, summed over the office's counters, and its indications."""

    staffed_s: int = 0
    absent_s: int = 0
    unknown_s: int = 0
    duty_s: int = 0
    indications: int = 0

    def share(self, seconds: int) -> int | None:
        """Return a share of the time on duty in whole percent; None if there was none yet."""
        return round(100 * seconds / self.duty_s) if self.duty_s else None

    @property
    def staffed(self) -> int | None:
        """Percent of the time on duty that was staffed."""
        return self.share(self.staffed_s)

    @property
    def absent(self) -> int | None:
        """Percent of the time on duty that was absent."""
        return self.share(self.absent_s)

    @property
    def unknown(self) -> int | None:
        """Percent of the time on duty that is unknown."""
        return self.share(self.unknown_s)


@dataclass(slots=True)
class SpotCheckTotals:
    """The finished spot checks of one or several offices."""

    marks: dict[str, int] = field(default_factory=dict)  # number by SpotMark
    last_at: datetime | None = None
    last_mark: str = ""

    @property
    def number(self) -> int:
        """The number of checks."""
        return sum(self.marks.values())

    @property
    def orderly(self) -> int:
        """The number of checks that found it orderly."""
        return self.marks.get(SpotMark.ORDERLY, 0)

    @property
    def outcomes(self) -> list[tuple[str | Promise, int]]:
        """The label and number of each mark that occurred, in the order of SpotMark."""
        return [(mark.label, self.marks[mark]) for mark in SpotMark if self.marks.get(mark)]


def month_totals(offices: Sequence[int], now: datetime) -> dict[int, MonthTotals]:
    """Return the totals of each office by id. A fixed number of queries."""
    first = local_day(now).replace(day=1)
    start = datetime.combine(first, time(), tzinfo=ZONE)
    counters = Counter.objects.filter(of_offices(offices), active=True)
    office_of = dict(counters.values_list("pk", Coalesce("kelurahan", -F("place__kecamatan"))))
    flips = _flips(office_of, start, now)
    schedule = Schedule(office_of)
    totals = {office: MonthTotals() for office in offices}
    for counter, office in office_of.items():
        _add_counter(totals[office], flips.get(counter, {}), schedule, counter, _days(first, local_day(now)), now)
    alerts = Alert.objects.counted().filter(counter__in=office_of, kind__in=ACCUSATIONS, raised_at__gte=start)
    for counter, number in alerts.order_by().values_list("counter").annotate(Count("pk")):
        totals[office_of[counter]].indications += number
    return totals


def spot_check_totals(stops: QuerySet[SpotStop]) -> dict[int, SpotCheckTotals]:
    """Return the totals of the finished checks among these stops by Place.office_id, without those never checked."""
    done = stops.filter(check_of__finished_at__isnull=False).exclude(mark="").order_by()
    totals: dict[int, SpotCheckTotals] = defaultdict(SpotCheckTotals)
    for office, mark, number, last in done.values_list(OFFICE_ID, "mark").annotate(Count("pk"), Max("marked_at")):
        total = totals[office]
        total.marks[mark] = number
        if total.last_at is None or last > total.last_at:
            total.last_at, total.last_mark = last, str(SpotMark(mark).label)
    return dict(totals)


@dataclass(frozen=True, slots=True)
class KecamatanChecks:
    """A kecamatan's part of the statistics."""

    kecamatan: Kecamatan
    offices: list[tuple[Kelurahan, SpotCheckTotals]]
    total: SpotCheckTotals

    @property
    def never(self) -> int:
        """The number of offices that were never checked."""
        return sum(1 for _, total in self.offices if not total.number)


def by_kecamatan(offices: Iterable[Kelurahan]) -> list[KecamatanChecks]:
    """Return the checks of these offices by kecamatan; in each, the office checked longest ago (or never) comes first.

    Needs kecamatan loaded.
    """
    offices = list(offices)
    totals = spot_check_totals(SpotStop.objects.filter(kelurahan__in=offices))
    groups: dict[int, list[Kelurahan]] = defaultdict(list)
    for office in offices:
        groups[office.kecamatan_id].append(office)
    return [_kecamatan_checks(group, totals) for group in groups.values()]


def _kecamatan_checks(group: list[Kelurahan], totals: Mapping[int, SpotCheckTotals]) -> KecamatanChecks:
    rows = [(office, totals.get(office.pk, SpotCheckTotals())) for office in group]
    rows.sort(key=lambda row: (row[1].last_at or NEVER, row[0].code))
    marks: Tally[str] = Tally()
    for _, total in rows:
        marks.update(total.marks)
    checked = (total for _, total in rows if total.last_at)
    last = max(checked, key=lambda total: total.last_at or NEVER, default=SpotCheckTotals())
    return KecamatanChecks(group[0].kecamatan, rows, SpotCheckTotals(dict(marks), last.last_at, last.last_mark))


def _flips(
    counters: Iterable[int], start: datetime, end: datetime
) -> dict[int, dict[date, list[staffing_rule.StateChange]]]:
    """Return the flips by counter id and local day, in order of time."""
    rows = Flip.objects.filter(counter__in=list(counters), at__gte=start, at__lte=end).order_by("at", "pk")
    flips: dict[int, dict[date, list[staffing_rule.StateChange]]] = defaultdict(lambda: defaultdict(list))
    for counter, flip in rows.as_rule_flips():
        flips[counter][local_day(flip.at)].append(flip)
    return flips


def _add_counter(
    month: MonthTotals,
    flips: Mapping[date, list[staffing_rule.StateChange]],
    schedule: Schedule,
    counter: int,
    days: list[date],
    now: datetime,
) -> None:
    """Add one counter's seconds on these days to the month's totals. `flips` is by local day."""
    before = State.CLOSED
    for day in days:
        own, duty = flips.get(day, []), schedule.day(counter, day).intervals
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
