"""Tally days: flips, hours and decisions → one DayTally per counter and day. The only writer of DayTally.

Code that changes the past requests a recount of the days (staffing/recount.py), which Celery runs. Rows can be deleted
and rebuilt: everything in them follows from flips, hours and decisions.
"""

import logging
from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Max, Min, OuterRef, QuerySet, Subquery

from discipline.alerts.decisions.rule import DecisionAct
from discipline.alerts.models import Alert
from discipline.alerts.rulings import rulings_by_counter
from discipline.reports.numbers.models import DayTally
from discipline.staffing import rule as staffing_rule
from discipline.staffing.alert_kinds import ACCUSATIONS, COLUMNS, AlertKind
from discipline.staffing.models import Flip, Recount, Standing
from discipline.staffing.rule import State
from discipline.staffing.tally import Ruling, by_hour, tally_day
from offices.hours.duty import DutyDay
from offices.hours.schedule import DAY, ZONE, Schedule, local_day
from offices.places.models import Counter
from streams.servers.locks import Lock, lock_until_commit, try_lock

log = logging.getLogger(__name__)

DAYS_AT_ONCE = 31  # per transaction; PostgreSQL ends one that computes for longer than IDLE_IN_TRANSACTION_S
UNSETTLED = timedelta(hours=6)  # after midnight, in which late flips or a system incident still change yesterday
COUNTS = (*COLUMNS, "excused")
FIELDS = [one.attname for one in DayTally._meta.concrete_fields if not one.primary_key]
CHANGING = [name for name in FIELDS if name not in ("counter_id", "day")]


def bring_up_to_date(now: datetime) -> int:
    """Tally the days that were missed, and today so far. Return the number of changed rows."""
    today = local_day(now)
    newest = DayTally.objects.filter(day__lt=today).aggregate(Max("day"))["day__max"]
    first = newest or _first_flip_day() or today
    if newest is not None and now - _midnight(today) >= UNSETTLED:
        first = newest + DAY
    return rebuild_days(min(first, today), today, now)


def recount_marked(now: datetime) -> int:
    """Tally the requested days again. Return the number of changed rows.

    Requests made meanwhile wait for the next run. Does nothing while another process recounts.
    """
    with try_lock(Lock.RECOUNT) as locked:
        return _recount_marks(list(Recount.objects.order_by("pk")), now) if locked else 0


def _recount_marks(marks: list[Recount], now: datetime) -> int:
    wanted: dict[tuple[date, date], set[int | None]] = defaultdict(set)
    for mark in marks:
        wanted[mark.first_day, mark.last_day].add(mark.counter_id)
    changed = 0
    for (first, last), counters in wanted.items():
        chosen = None if None in counters else {pk for pk in counters if pk is not None}
        changed += rebuild_days(first, last, now, chosen)
    Recount.objects.filter(pk__in=[mark.pk for mark in marks]).delete()
    return changed


def rebuild_days(first: date, last: date, now: datetime, counters: Iterable[int] | None = None) -> int:
    """Tally these days again and store the rows that differ. Return their number.

    `counters` are ids, by default of every watched counter.
    """
    chosen = list(_reported(counters).values_list("pk", flat=True))
    changed = 0
    for begin in _steps(first, last):
        with transaction.atomic():
            lock_until_commit(Lock.WRITE_TALLIES)
            changed += _store(chosen, begin, min(begin + (DAYS_AT_ONCE - 1) * DAY, last), now)
    return changed


def _reported(counters: Iterable[int] | None) -> QuerySet[Counter]:
    return Counter.objects.filter(active=True) if counters is None else Counter.objects.filter(pk__in=counters)


def compute_tallies(counters: Iterable[int], first: date, last: date, now: datetime) -> list[DayTally]:
    """Return the rows that these days should have, unsaved, ordered by counter and day.

    A counter has no rows before the day of its first flip, as it was not watched, nor after `now`.
    """
    basis = TallyBasis(sorted(set(counters)), first, min(last, local_day(now)), now)
    return [row for counter in basis.counters for row in basis.rows(counter)]


def _store(counters: Iterable[int], first: date, last: date, now: datetime) -> int:
    chosen = list(counters)
    known = {
        (row.counter_id, row.day): row
        for row in DayTally.objects.filter(counter__in=chosen, day__gte=first, day__lte=last)
    }
    rows = compute_tallies(chosen, first, last, now)
    computed = {(row.counter_id, row.day) for row in rows}
    obsolete = [row.pk for key, row in known.items() if key not in computed]
    DayTally.objects.filter(pk__in=obsolete).delete()
    changed = [row for row in rows if not _same(known.get((row.counter_id, row.day)), row)]
    DayTally.objects.bulk_create(
        changed,
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["counter", "day"],
        update_fields=CHANGING,
    )
    return len(obsolete) + len(changed)


def _same(old: DayTally | None, new: DayTally) -> bool:
    return old is not None and all(getattr(old, name) == getattr(new, name) for name in FIELDS)


class CounterDayFacts(NamedTuple):
    """The facts that a counter's day is tallied from; `before` is the state at its beginning."""

    day: DutyDay
    flips: list[staffing_rule.StateChange]
    before: State
    rulings: Sequence[Ruling]


@dataclass
class TallyBasis:
    """Everything that the days of these counters are tallied from, loaded in a handful of queries."""

    counters: list[int]
    first: date
    last: date
    now: datetime
    flips: Mapping[int, list[staffing_rule.StateChange]] = field(init=False)
    rulings: Mapping[int, list[Ruling]] = field(init=False)
    counts: Mapping[tuple[int, date], Tally[str]] = field(init=False)

    def __post_init__(self) -> None:
        self._schedule = Schedule(self.counters, retired=True)
        start, end = _midnight(self.first), _midnight(self.last + DAY)
        self.flips = _flips(self.counters, start, end)
        self.rulings = rulings_by_counter(self.counters, start, end, self.now)
        self.counts = _counts(self.counters, start, end)
        first = Flip.objects.filter(counter=OuterRef("pk")).order_by("at").values("at")[:1]  # Min would read all flips
        seen = Counter.objects.filter(pk__in=self.counters).annotate(first=Subquery(first)).exclude(first=None)
        self._first_days = {pk: local_day(at) for pk, at in seen.order_by().values_list("pk", "first")}
        self._states = dict(Standing.objects.filter(pk__in=self.counters).values_list("pk", "state"))

    def rows(self, counter: int) -> Iterator[DayTally]:
        """Yield the unsaved rows of a counter by day; days without duty and without indications have none."""
        for facts in self.days(counter):
            if row := self._row(counter, facts):
                yield row

    def days(self, counter: int) -> Iterator[CounterDayFacts]:
        """Yield the facts of a counter's days in order, from the first day on which it was watched."""
        begin = self._first_days.get(counter)
        if begin is None:
            return
        flips, index = self.flips.get(counter, []), 0
        for n in range((self.last - self.first).days + 1):
            day = self.first + n * DAY
            start, end = _midnight(day), _midnight(day + DAY)
            while index < len(flips) and flips[index].at < start:
                index += 1
            if day < begin:
                continue
            # Each flip's `old` is the last flip's `new`, so the next flip has the state before it.
            before = flips[index].old if index < len(flips) else self._state_after(counter)
            own = flips[index : _past(flips, index, end)]
            yield CounterDayFacts(self._schedule.day(counter, day), own, before, self.rulings.get(counter, ()))

    def _state_after(self, counter: int) -> State:
        """Return the state after the loaded flips: the next flip's `old`, or the present state if there is none."""
        later = Flip.objects.filter(counter=counter, at__gte=_midnight(self.last + DAY)).order_by("at", "pk").first()
        return State(later.old if later else self._states.get(counter, State.CLOSED))

    def _row(self, counter: int, facts: CounterDayFacts) -> DayTally | None:
        day = facts.day
        counts = self.counts.get((counter, day.day), Tally())
        duty = day.intervals
        if duty and duty[0].start >= self.now:
            duty = ()
        if not duty and not counts:
            return None
        start = duty[0].start if duty else _midnight(day.day)
        until = max(start, min(self.now, duty[-1].end)).replace(microsecond=0) if duty else start
        sums = tally_day(facts.flips, duty, start, until, facts.before, facts.rulings)
        staffed, counted = by_hour(sums.segments, ZONE)
        return DayTally(
            counter_id=counter,
            day=day.day,
            duty_s=sums.duty_s,
            staffed_s=sums.staffed_s,
            grace_s=sums.grace_s,
            absent_s=sums.absent_s,
            excused_s=sums.excused_s,
            unknown_s=sums.unknown_s,
            late_s=sums.late_s,
            early_s=sums.early_s,
            longest_s=sums.longest_s,
            **{name: counts[name] for name in COUNTS},
            staffed_by_hour=staffed,
            counted_by_hour=counted,
            why=day.why[:300],
            until=until,
        )


def _past(flips: list[staffing_rule.StateChange], index: int, end: datetime) -> int:
    """Return the index after the last flip that matters before `end`: one dated later may have begun earlier."""
    while index < len(flips) and (flips[index].at < end or flips[index].since < end):
        index += 1
    return index


def _flips(counters: list[int], start: datetime, end: datetime) -> dict[int, list[staffing_rule.StateChange]]:
    """Return flips by counter, including those of the day after `end`, which may reach back over midnight."""
    rows = Flip.objects.filter(counter__in=counters, at__gte=start, at__lt=end + DAY).order_by("counter", "at", "pk")
    found: dict[int, list[staffing_rule.StateChange]] = defaultdict(list)
    for pk, flip in rows.as_rule_flips():
        found[pk].append(flip)
    return found


def _counts(counters: list[int], start: datetime, end: datetime) -> dict[tuple[int, date], Tally[str]]:
    """Return the number of indications by counter and the local day on which they began, then by name (COUNTS)."""
    rows = Alert.objects.counted().filter(counter__in=counters, kind__in=ACCUSATIONS, since__gte=start, since__lt=end)
    found: dict[tuple[int, date], Tally[str]] = defaultdict(Tally)
    for counter, since, kind, outcome in rows.order_by().values_list("counter", "since", "kind", "outcome"):
        name = "excused" if outcome == DecisionAct.EXCUSED else AlertKind(kind).row.column
        found[counter, local_day(since)][name] += 1
    return found


def _first_flip_day() -> date | None:
    first = Flip.objects.aggregate(Min("at"))["at__min"]
    return local_day(first) if first else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZONE)


def _steps(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAYS_AT_ONCE * DAY
