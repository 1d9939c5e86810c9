"""The rows that files list: a report's counter-days, and its indications with their explanation and decision.

Rows are read in batches, so that memory stays small.
"""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch

from discipline.alerts.decisions.rule import DecisionAct
from discipline.alerts.models import Alert, Decision
from discipline.reports.numbers import tables
from discipline.reports.numbers.figures import OF_A_DAY, Sums
from discipline.reports.numbers.models import DayTally
from discipline.reports.numbers.period import Period
from discipline.reports.numbers.places import OrgUnit
from offices.hours.schedule import local_day
from offices.places.models import Counter

BATCH_SIZE = 1000  # rows in memory


@dataclass(frozen=True, slots=True)
class CounterDay:
    """A tally with its counter and its numbers as sums."""

    row: DayTally
    counter: Counter  # its office and kecamatan are loaded
    sums: Sums


@dataclass(frozen=True, slots=True)
class ListedDecision:
    """An explanation or a decision: codes with their words, and the text that was written; "" for none."""

    what: str = ""
    what_word: str = ""
    reason: str = ""
    reason_word: str = ""
    text: str = ""

    @property
    def words(self) -> str:
        """The reason and the text, joined by a colon."""
        return ": ".join(filter(None, (self.reason_word, self.text)))


@dataclass(frozen=True, slots=True)
class ListedIndication:
    """An indication. `ended_at` is None while it goes on; `seconds` is its length, up to now while it goes on."""

    number: int
    day: date
    since: datetime
    ended_at: datetime | None
    seconds: int
    kind: str
    kind_word: str
    kecamatan: str
    code: str
    kelurahan: str
    counter: str
    explained: ListedDecision
    decided: ListedDecision


def iter_counter_days(place: OrgUnit, period: Period) -> Generator[CounterDay, None, None]:
    """Yield the counter-days of a report, ordered by day, office code and counter name."""
    known = Counter.objects.filter(place.within()).select_related("kelurahan__kecamatan", "place__kecamatan")
    counters = {counter.pk: counter for counter in known}
    rows = DayTally.objects.filter(place.within("counter"), day__gte=period.first, day__lte=period.last)
    ordered = rows.order_by("day", "counter__kelurahan__code", "counter__name")
    for row in ordered.defer("staffed_by_hour", "counted_by_hour").iterator(BATCH_SIZE):
        sums = Sums.of({"counter_days": 1} | {name: getattr(row, name) for name in OF_A_DAY})
        yield CounterDay(row, counters[row.counter_id], sums)


def iter_indications(
    place: OrgUnit, period: Period, now: datetime, most: int | None = None
) -> Generator[ListedIndication, None, None]:
    """Yield the indications of a report, oldest first, at most `most`."""
    statements = Prefetch(
        "decisions", Decision.objects.filter(undone_by=None).exclude(what=DecisionAct.UNDONE).order_by("pk")
    )
    rows = (
        tables.counted_indications(place, period)
        .order_by("since", "pk")
        .select_related("counter__kelurahan__kecamatan", "counter__place__kecamatan")
    )
    before = Prefetch("supersedes", Alert.objects.prefetch_related(statements))
    for alert in rows.prefetch_related(statements, before)[:most].iterator(BATCH_SIZE):
        yield _listed_indication(alert, now)


def _listed_indication(alert: Alert, now: datetime) -> ListedIndication:
    own = list(alert.decisions.all())
    earlier = [row for one in alert.supersedes.all() for row in one.decisions.all()]
    explained = [row for row in earlier + own if row.what == DecisionAct.EXPLAINED]
    decided = [row for row in own if row.what == alert.outcome] if alert.outcome else []
    office = alert.counter.office
    return ListedIndication(
        number=alert.pk,
        day=local_day(alert.since),
        since=alert.since,
        ended_at=alert.ended_at,
        seconds=round(alert.lasting_s(now)),
        kind=alert.kind,
        kind_word=str(alert.get_kind_display()),
        kecamatan=office.area.name,
        code=office.code,
        kelurahan=office.name,
        counter=alert.counter.name,
        explained=_listed_decision(explained[-1]) if explained else ListedDecision(),
        decided=_listed_decision(decided[-1]) if decided else ListedDecision(),
    )


def _listed_decision(row: Decision) -> ListedDecision:
    return ListedDecision(
        row.what, str(row.get_what_display()), row.reason, str(row.get_reason_display() if row.reason else ""), row.text
    )
