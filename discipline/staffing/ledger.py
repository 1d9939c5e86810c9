"""The only writer of Standing and Flip: samples and deadlines in, flips out.

Rows are locked in the order of their counter, so two workers can neither both act on one nor block each other
for good. Flips, standings and spans of one batch are one transaction; what was stored is published after it.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q

from discipline.staffing import incident_rule
from discipline.staffing import rule as staffing_rule
from discipline.staffing.effective_rules import EffectiveRules
from discipline.staffing.events import FlipsCommitted, Swept, flips_committed, swept
from discipline.staffing.incident_models import SystemIncident
from discipline.staffing.models import Flip, Standing, StandingState
from discipline.staffing.rejudge import starts_new_span
from offices.hours.schedule import ScheduleCache, local_day
from offices.places.models import Counter
from streams.pixels.occupancy import Look, Sample
from streams.watch import spans

log = logging.getLogger(__name__)

STANDING_FIELDS = tuple(staffing_rule.CounterStanding.__dataclass_fields__)
SWEEP_BATCH = 500
IN_FLIGHT = timedelta(seconds=3)  # the sweep judges this far back: a look on its way may still acquit

schedule = ScheduleCache()


def record_samples(samples: Sequence[Sample], now: datetime) -> list[Flip]:
    """Judge samples and store what they change. Those of unwatched counters, or from the future, are dropped."""
    known = schedule.get(now)
    ordered = sorted((s for s in samples if s.counter in known and s.at <= now), key=lambda s: s.at)
    if not ordered:
        return []
    with transaction.atomic():
        standings = _locked({s.counter for s in ordered}, ordered[0].at)
        rules = EffectiveRules(local_day(now), standings)
        flips: list[Flip] = []
        looks: list[tuple[Sample, bool]] = []
        incidents = _incidents(ordered[0].at)
        doubted_from = max((one.since for one in incidents), default=ordered[0].at)
        for sample in _with_incident_doubt([s for s in ordered if s.counter in standings], incidents):
            standing = standings[sample.counter]
            if (
                standing.state == StandingState.UNKNOWN
                and standing.reason == incident_rule.SYSTEM
                and sample.at < doubted_from
            ):
                continue  # it came too late: doubt() has judged time up to there
            before = standing.last_look_at
            moved = _judge(standing, rules, sample.at, now, sample)
            flips += moved
            if standing.last_look_at == sample.at != before:  # what came too late to be judged is not kept as seen
                looks.append((sample, _begins_a_span(before, sample, rules, moved, now)))
        for sample in ordered:
            _note_seen(standings.get(sample.counter), sample)
        _store(standings.values(), flips)
        spans.extend_spans(looks)
    _publish(flip.counter_id for flip in flips)
    return flips


def sweep_deadlines(now: datetime) -> list[Flip]:
    """Bring every standing up to date whose deadline has passed."""
    create_standings(now)
    until = now - IN_FLIGHT
    with transaction.atomic():
        due = Standing.objects.filter(due_at__lte=until).order_by("pk").select_for_update(skip_locked=True)
        standings = {row.pk: row for row in due[:SWEEP_BATCH]}
        rules = EffectiveRules(local_day(now), standings)
        flips = [flip for row in standings.values() for flip in _judge(row, rules, until, now)]
        _store(standings.values(), flips)
    # Also what a process that died between its commit and the reaction has left in the outbox.
    waiting = Flip.objects.filter(alerted_at=None).order_by().values_list("counter", flat=True)
    _publish({*(flip.counter_id for flip in flips), *waiting})
    swept.publish(Swept(now))
    return flips


def doubt_since(since: datetime, now: datetime) -> list[Flip]:
    """Nothing seen since then counts any more. Call it where the incident is opened, in the same transaction."""
    rows = list(Standing.objects.order_by("pk").select_for_update())
    # A flip dated after `now` is of a clock that was ahead: none can be dated after it.
    late = Flip.objects.filter(counter__in=[row.pk for row in rows], at__gt=since, at__lte=now)
    last_flips = dict(late.order_by().values_list("counter").annotate(Max("at")))
    flips: list[Flip] = []
    for row in rows:
        flips += _apply(
            row, *incident_rule.doubt_standing(_as_rule_standing(row), since, now, last_flips.get(row.pk)), now
        )
        row.saw_at = min(row.saw_at, now) if row.saw_at else None
    _store(rows, flips)
    return flips


def create_standings(now: datetime) -> None:
    """A standing for each watched counter that has none yet."""
    new = Counter.objects.filter(active=True, standing=None).values_list("pk", flat=True)
    begin = asdict(staffing_rule.initial_standing(now)) | {"last_look": ""}
    Standing.objects.bulk_create([Standing(counter_id=pk, **begin) for pk in new], ignore_conflicts=True)


def _locked(counters: set[int], since: datetime) -> dict[int, Standing]:
    rows = Standing.objects.filter(pk__in=counters).order_by("pk").select_for_update()
    found = {row.pk: row for row in rows}
    if missing := counters - found.keys():
        create_standings(since)
        found |= {row.pk: row for row in rows.filter(pk__in=missing)}
    return found


def _incidents(since: datetime) -> list[SystemIncident]:
    """Those that cover or follow `since`. Call it where the standings are locked: none slips by."""
    return list(SystemIncident.objects.filter(Q(ended_at=None) | Q(ended_at__gt=since)))


def _with_incident_doubt(samples: Iterable[Sample], incidents: Sequence[SystemIncident]) -> list[Sample]:
    """The samples, those of a system incident as doubt."""
    return [
        replace(sample, look=Look.BLIND, people=0, reason=incident_rule.SYSTEM)
        if any(one.covers(sample.at) for one in incidents)
        else sample
        for sample in samples
    ]


def _note_seen(row: Standing | None, sample: Sample) -> None:
    """That a camera sees is noticed also while what it sees is not believed."""
    if row and sample.look is not Look.BLIND and (row.saw_at is None or row.saw_at < sample.at):
        row.saw_at = sample.at


def _judge(
    row: Standing, rules: EffectiveRules, at: datetime, now: datetime, sample: Sample | None = None
) -> list[Flip]:
    """Judge one standing up to `at` and change the row; `now` is when that was done."""
    duty = schedule.get(now).duty(row.pk, at)
    return _apply(row, *staffing_rule.step(_as_rule_standing(row), rules.of(row.pk), duty, at, sample), now)


def _as_rule_standing(row: Standing) -> staffing_rule.CounterStanding:
    values = {name: getattr(row, name) for name in STANDING_FIELDS}
    values |= {"state": staffing_rule.State(row.state), "last_look": Look(row.last_look) if row.last_look else None}
    return staffing_rule.CounterStanding(**values)


def _apply(
    row: Standing, after: staffing_rule.CounterStanding, flips: list[staffing_rule.StateChange], now: datetime
) -> list[Flip]:
    """Change the row; returns the flips as rows yet to be stored."""
    for name in STANDING_FIELDS:
        setattr(row, name, getattr(after, name))
    row.last_look = after.last_look or ""
    return [
        Flip(
            counter_id=row.pk,
            at=flip.at,
            old=flip.old,
            new=flip.new,
            reason=flip.reason,
            since=flip.since,
            noticed_at=now,
        )
        for flip in flips
    ]


def _begins_a_span(
    before: datetime | None, sample: Sample, rules: EffectiveRules, moved: Sequence[Flip], now: datetime
) -> bool:
    """So that the spans alone tell the same flips again (discipline.staffing.rejudge)."""
    if any(flip.new == StandingState.STAFFED and flip.at == sample.at for flip in moved):
        return True
    duty = schedule.get(now).duty(sample.counter, sample.at)
    return before is not None and starts_new_span(before, sample.at, rules.of(sample.counter), duty)


def _store(standings: Iterable[Standing], flips: list[Flip]) -> None:
    # The rows are there and locked: an upsert, because bulk_update's CASE for each column costs over ten times as much.
    rows = list(standings)
    Standing.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["counter"], update_fields=[*STANDING_FIELDS, "saw_at"]
    )
    Flip.objects.bulk_create(flips)


def _publish(counters: Iterable[int]) -> None:
    if changed := frozenset(counters):
        flips_committed.publish(FlipsCommitted(changed))
