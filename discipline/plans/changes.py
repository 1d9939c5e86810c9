"""Changes of what decides duty: worked out before they are made, made, and written down.

Every change is a piece of work that can be done twice: once to see what comes of it, taken back, and once for good.
So what a preview shows is what is then kept.
"""

from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Min, OuterRef, Q, Subquery

from discipline.plans import plan_facts
from discipline.plans.affected_days import DAY, RowValidity, past_part, touched_ranges
from discipline.plans.models import PlanChange
from discipline.plans.plan_facts import PlanRow
from discipline.reports.numbers.figures import OF_A_DAY, Sums
from discipline.reports.numbers.models import DayTally
from discipline.reports.numbers.rollups import compute_tallies
from discipline.staffing.models import Flip
from offices.hours.models import HolidayOverride, HoursPlan
from offices.hours.schedule import local_day
from offices.places.models import Counter

MOST_COUNTER_DAYS = 4000  # worked out while somebody waits; the days before them are recounted all the same
SHOWN = ("counter_days", "duty_s", "staffed_s", "grace_s", "absent_s", "excused_s", "unknown_s", "indications")


NOTHING = Sums()


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row before and after. None: it comes, or it goes."""

    before: PlanRow | None
    after: PlanRow | None

    @property
    def row(self) -> PlanRow:
        found = self.after or self.before
        assert found
        return found

    @property
    def act(self) -> PlanChange.Act:
        if self.before is None:
            return PlanChange.Act.ADDED
        return PlanChange.Act.CHANGED if self.after else PlanChange.Act.REMOVED


@dataclass(slots=True)
class WorkDone:
    """The rows that a piece of work changed, the indications that it excused, and those that reach out of it."""

    steps: list[RowChange]
    excused: list[int] = field(default_factory=list)
    partly: list[int] = field(default_factory=list)


Work = Callable[[], WorkDone]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does to the days up to now. `first` is None when it is all to come.

    `shown_from` is later than `first` when the days are too many to be worked out at once: the sums begin there.
    `changed` are the counter-days whose figures differ. Of these both sums are made.
    """

    first: date | None = None
    last: date | None = None
    shown_from: date | None = None
    changed: int = 0
    before: Sums = NOTHING
    after: Sums = NOTHING
    excused: tuple[int, ...] = ()
    partly: tuple[int, ...] = ()

    @property
    def cut(self) -> bool:
        return self.shown_from != self.first

    @property
    def harmless(self) -> bool:
        """Nothing of the past becomes another: there is nothing to look at before saving."""
        return self.first is None or not (self.changed or self.cut or self.excused)

    @property
    def stored(self) -> dict[str, Any]:
        """As JSON for the trace; {} when nothing of the past is touched."""
        if self.first is None:
            return {}
        days = {name: str(getattr(self, name)) for name in ("first", "last", "shown_from")}
        sums = {name: _numbers(getattr(self, name)) for name in ("before", "after")}
        return {**days, **sums, "changed": self.changed, "excused": self.excused, "partly": self.partly}


@dataclass(frozen=True, slots=True)
class AppliedChange:
    effect: Effect
    steps: list[RowChange]


def _numbers(sums: Sums) -> dict[str, int]:
    return {name: getattr(sums, name) for name in SHOWN}


def save_work(row: PlanRow) -> Work:
    """Add the row, or save it as it is now."""

    def work() -> WorkDone:
        saved = copy(row)
        before = type(row)._default_manager.filter(pk=row.pk).first() if row.pk else None
        saved.save()
        return WorkDone([RowChange(before, saved)])

    return work


def remove_work(row: PlanRow) -> Work:
    def work() -> WorkDone:
        gone, before = copy(row), copy(row)
        gone.delete()
        return WorkDone([RowChange(before, None)])

    return work


def replace_work(old: HoursPlan, new: HoursPlan) -> Work:
    """`new` from its first day on, `old` until the day before."""

    def work() -> WorkDone:
        before, ended, begun = HoursPlan.objects.get(pk=old.pk), copy(old), copy(new)
        assert new.valid_from
        ended.valid_to = new.valid_from - DAY
        ended.save()
        begun.save()
        return WorkDone([RowChange(before, ended), RowChange(None, begun)])

    return work


def preview_effect(work: Work, now: datetime) -> Effect:
    """What would come of it; nothing is kept."""
    with transaction.atomic():
        done = work()
        counters, days = _affected(done.steps, now)
        after = _tallies(counters, days, now)
        transaction.set_rollback(True)
    excused, partly = tuple(done.excused), tuple(done.partly)
    if days is None:
        return Effect(excused=excused, partly=partly)
    before = _tallies(counters, days, now)
    keys = [key for key in before.keys() | after.keys() if _differs(before.get(key), after.get(key))]
    return Effect(
        first=days[0],
        last=days[1],
        shown_from=_shown_from(counters, days),
        changed=len(keys),
        before=_sums(before.get(key) for key in keys),
        after=_sums(after.get(key) for key in keys),
        excused=excused,
        partly=partly,
    )


@transaction.atomic
def apply_work(work: Work, by: int, reason: str, now: datetime) -> AppliedChange:
    """For good, with a line in the trace for each row. The days that it touches are marked by plans.marking."""
    found = preview_effect(work, now)
    steps = work().steps
    for step in steps:
        PlanChange.objects.create(
            at=now,
            by_id=by,
            act=step.act,
            what=plan_facts.kind_of(step.row),
            row=step.row.pk,
            name=str(step.row)[:200],
            **{name: getattr(step.row, name, None) for name in ("kecamatan_id", "kelurahan_id", "counter_id")},
            before=plan_facts.facts_of(step.before) if step.before else None,
            after=plan_facts.facts_of(step.after) if step.after else None,
            reason=reason,
            effect=found.stored if step is steps[-1] else {},
        )
    return AppliedChange(found, steps)


def row_validity(row: PlanRow | None) -> RowValidity | None:
    """What the row says of which days."""
    if row is None:
        return None
    if isinstance(row, HolidayOverride):
        return RowValidity((row.open, row.name), row.day, row.day)
    scope = row.kecamatan_id, row.kelurahan_id, row.counter_id
    if isinstance(row, HoursPlan):
        week = tuple(getattr(row, day) for day in HoursPlan.DAYS)
        return RowValidity((scope, row.name, week, row.on_holidays, row.priority), row.valid_from, row.valid_to)
    last = local_day(row.ends_at - timedelta(microseconds=1))
    return RowValidity((scope, row.starts_at, row.ends_at, row.reason), local_day(row.starts_at), last)


def past_days(before: PlanRow | None, after: PlanRow | None, now: datetime) -> tuple[date, date] | None:
    """The first and the last day up to today that this change touches; None before its counters were watched."""
    today = local_day(now)
    ranges = [one for one in touched_ranges(row_validity(before), row_validity(after)) if one[0] <= today]
    if not ranges:
        return None
    of_each = Flip.objects.filter(counter=OuterRef("pk")).order_by("at").values("at")[:1]  # a Min would read them all
    known = (
        Counter.objects.filter(counters_filter(before, after)).annotate(first=Subquery(of_each)).aggregate(Min("first"))
    )
    return past_part(ranges, local_day(known["first__min"]), today) if known["first__min"] else None


def counters_filter(*rows: PlanRow | None) -> Q:
    """The counters that any of the rows is about."""
    found = Q(pk__in=[])
    for row in rows:
        if isinstance(row, HolidayOverride) or (row and row.closeness == 0):
            return Q()
        if row and row.counter_id:
            found |= Q(pk=row.counter_id)
        elif row:
            found |= Q(kelurahan=row.kelurahan_id) if row.kelurahan_id else Q(kelurahan__kecamatan=row.kecamatan_id)
    return found


def _affected(steps: Iterable[RowChange], now: datetime) -> tuple[list[int], tuple[date, date] | None]:
    """The watched counters and the past days that the steps touch together."""
    counters: set[int] = set()
    ranges: list[tuple[date, date]] = []
    for step in steps:
        if days := past_days(step.before, step.after, now):
            ranges.append(days)
            own = Counter.objects.filter(counters_filter(step.before, step.after), active=True)
            counters |= set(own.values_list("pk", flat=True))
    if not ranges:
        return [], None
    return sorted(counters), (min(first for first, _ in ranges), max(last for _, last in ranges))


def _shown_from(counters: list[int], days: tuple[date, date]) -> date:
    most = max(MOST_COUNTER_DAYS // max(len(counters), 1), 1)
    return max(days[0], days[1] - (most - 1) * DAY)


Key = tuple[int, date]


def _tallies(counters: list[int], days: tuple[date, date] | None, now: datetime) -> dict[Key, DayTally]:
    if days is None:
        return {}
    rows = compute_tallies(counters, _shown_from(counters, days), days[1], now)
    return {(row.counter_id, row.day): row for row in rows}


def _differs(before: DayTally | None, after: DayTally | None) -> bool:
    return _sums_of(before) != _sums_of(after)


def _sums_of(row: DayTally | None) -> Sums:
    if row is None:
        return NOTHING
    return Sums.of({"counter_days": int(row.duty_s > 0)} | {name: getattr(row, name) for name in OF_A_DAY})


def _sums(rows: Iterable[DayTally | None]) -> Sums:
    return sum(map(_sums_of, rows), NOTHING)
