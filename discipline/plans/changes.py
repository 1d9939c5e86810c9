"""Preview, apply and log changes of plans, holidays and closures.

A change is a callable (Work) that saves rows. The preview runs it and rolls it back, applying runs it again and
commits, so the preview shows exactly what will be saved.
"""

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypedDict

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
from offices.hours.models import Closure, HolidayOverride, HoursPlan
from offices.hours.schedule import local_day
from offices.places.models import Counter

MOST_COUNTER_DAYS = 4000  # computed during the request; earlier days are left out of the preview, but still recounted
SHOWN = ("counter_days", "duty_s", "staffed_s", "grace_s", "absent_s", "excused_s", "unknown_s", "indications")

NOTHING = Sums()


class StoredEffect(TypedDict):
    """An Effect as JSON: ISO dates, sums by the names in SHOWN, alert ids."""

    first: str
    last: str
    shown_from: str
    before: dict[str, int]
    after: dict[str, int]
    changed: int
    excused: Sequence[int]  # a tuple before it is stored, a list when it is read
    partly: Sequence[int]


class EmptyEffect(TypedDict):
    """The effect of a change that leaves the past alone: {}."""


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row before and after. `before` is None when it is added, `after` when it is removed."""

    before: PlanRow | None
    after: PlanRow | None

    @property
    def row(self) -> PlanRow:
        """The row as it is now, or as it was when it is removed."""
        row = self.after or self.before
        assert row
        return row

    @property
    def act(self) -> PlanChange.Act:
        """Whether the row is added, changed or removed."""
        if self.before is None:
            return PlanChange.Act.ADDED
        return PlanChange.Act.CHANGED if self.after else PlanChange.Act.REMOVED


@dataclass(slots=True)
class WorkDone:
    """The result of a Work: the changed rows, and alert ids.

    `excused` are the alerts it excused, `partly` those that overlap it and that it did not excuse.
    """

    steps: list[RowChange]
    excused: list[int] = field(default_factory=list)
    partly: list[int] = field(default_factory=list)


Work = Callable[[], WorkDone]


@dataclass(frozen=True, slots=True)
class Effect:
    """The effect of a change on the days up to now, `first` to `last`. `first` is None when only the future changes.

    `shown_from` is later than `first` when there are more than MOST_COUNTER_DAYS: the sums then start there.
    `changed` counts the counter-days whose figures differ; `before` and `after` are the sums of these alone.
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
        """Whether the sums leave out the earliest days."""
        return self.shown_from != self.first

    @property
    def harmless(self) -> bool:
        """Whether no past figure or indication changes, so that no preview is needed before saving."""
        return self.first is None or not (self.changed or self.cut or self.excused)

    @property
    def stored(self) -> StoredEffect | EmptyEffect:
        """The JSON value of PlanChange.effect; {} when only the future changes."""
        if self.first is None:
            return EmptyEffect()
        return StoredEffect(
            first=str(self.first),
            last=str(self.last),
            shown_from=str(self.shown_from),
            before=_numbers(self.before),
            after=_numbers(self.after),
            changed=self.changed,
            excused=self.excused,
            partly=self.partly,
        )


@dataclass(frozen=True, slots=True)
class AppliedChange:
    """The result of apply_work: the effect on the past and the changed rows."""

    effect: Effect
    steps: list[RowChange]


def _numbers(sums: Sums) -> dict[str, int]:
    return {name: getattr(sums, name) for name in SHOWN}


def save_work(row: PlanRow) -> Work:
    """Return the Work that inserts or updates the row with its present values."""

    def work() -> WorkDone:
        saved = copy(row)
        before = type(row)._default_manager.filter(pk=row.pk).first() if row.pk else None
        saved.save()
        return WorkDone([RowChange(before, saved)])

    return work


def remove_work(row: PlanRow) -> Work:
    """Return the Work that deletes the row."""

    def work() -> WorkDone:
        gone, before = copy(row), copy(row)
        gone.delete()
        return WorkDone([RowChange(before, None)])

    return work


def replace_work(old: HoursPlan, new: HoursPlan) -> Work:
    """Return the Work that inserts `new` and ends `old` on the day before `new` becomes valid."""

    def work() -> WorkDone:
        before, ended, begun = HoursPlan.objects.get(pk=old.pk), copy(old), copy(new)
        assert new.valid_from
        ended.valid_to = new.valid_from - DAY
        ended.save()
        begun.save()
        return WorkDone([RowChange(before, ended), RowChange(None, begun)])

    return work


def preview_effect(work: Work, now: datetime) -> Effect:
    """Run the work, roll it back, and return its effect on the days up to `now`."""
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
    """Run the work and log a PlanChange for each row; the last one carries the effect.

    The affected days are marked for a recount by the signal handlers of recount_on_change.
    """
    effect = preview_effect(work, now)
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
            effect=effect.stored if step is steps[-1] else {},
        )
    return AppliedChange(effect, steps)


def row_validity(row: PlanRow | None) -> RowValidity | None:
    """Return the content of the row and the days it covers; None for None."""
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
    """Return the first and last day up to today that the change affects.

    None when it affects only days to come, or days before any of its counters was first watched.
    """
    today = local_day(now)
    ranges = [touched for touched in touched_ranges(row_validity(before), row_validity(after)) if touched[0] <= today]
    if not ranges:
        return None
    # An index look-up per counter; Min over the join would read every flip.
    first_flip = Flip.objects.filter(counter=OuterRef("pk")).order_by("at").values("at")[:1]
    known = (
        Counter.objects.filter(counters_filter(before, after))
        .annotate(first=Subquery(first_flip))
        .aggregate(Min("first"))
    )
    return past_part(ranges, local_day(known["first__min"]), today) if known["first__min"] else None


def counters_filter(*rows: PlanRow | None) -> Q:
    """Filter counters to those covered by any of the rows; an empty Q when a row covers the whole city."""
    condition = Q(pk__in=[])
    for row in rows:
        if isinstance(row, HolidayOverride) or (row and row.closeness == 0):
            return Q()
        if row and row.counter_id:
            condition |= Q(pk=row.counter_id)
        elif row:
            condition |= Q(kelurahan=row.kelurahan_id) if row.kelurahan_id else Q(kelurahan__kecamatan=row.kecamatan_id)
            if row.kecamatan_id and not isinstance(row, Closure):  # see Closure
                condition |= Q(place__kecamatan=row.kecamatan_id)
    return condition


def _affected(steps: Iterable[RowChange], now: datetime) -> tuple[list[int], tuple[date, date] | None]:
    """Return the active counters and the first and last past day that the steps affect; ([], None) for none."""
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
