"""The only writer of Standing and Flip, from samples and deadlines.

Rows are locked in the order of their counter, so that two workers neither act on the same one nor deadlock. Flips,
standings and spans of a batch are written in one transaction and published after its commit.
"""

import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q

from discipline.staffing import incident_rule
from discipline.staffing import rule as staffing_rule
from discipline.staffing.effective_rules import EffectiveRules
from discipline.staffing.events import FlipsCommitted, Swept, flips_committed, swept
from discipline.staffing.incident_models import IncidentDoubt, SystemIncident
from discipline.staffing.models import Flip, Standing, StandingState
from discipline.staffing.rejudge import starts_new_span
from offices.hours.schedule import Schedule, ScheduleCache, local_day
from offices.places.models import Counter
from streams.pixels.occupancy import Look, Sample
from streams.watch import spans

log = logging.getLogger(__name__)

STANDING_FIELDS = tuple(staffing_rule.CounterStanding.__dataclass_fields__)
SWEEP_BATCH = 500
IN_FLIGHT = timedelta(seconds=3)  # the sweep judges up to this long ago: a look in transit may still prevent an absence

schedule = ScheduleCache()
_swept_by: Schedule | None = None  # the hours by which all standings' deadlines were last computed


def record_samples(samples: Sequence[Sample], now: datetime) -> list[Flip]:
    """Judge samples, store the changes and return the flips. Ignores samples of unwatched counters or the future."""
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
        doubted_from = {
            counter: max(incident.since for incident in incidents if incident.affects(counter))
            for counter in standings
            if any(incident.affects(counter) for incident in incidents)
        }
        for sample in _with_incident_doubt([s for s in ordered if s.counter in standings], incidents):
            standing = standings[sample.counter]
            if (
                standing.state == StandingState.UNKNOWN
                and standing.reason == incident_rule.SYSTEM
                and sample.at < doubted_from.get(sample.counter, sample.at)
            ):
                continue  # too late: doubt_since() has judged time up to there
            before, was_doubted = standing.last_look_at, standing.reason == incident_rule.SYSTEM
            moved = _judge(standing, rules, sample.at, now, sample)
            flips += moved
            if standing.last_look_at == sample.at != before:  # samples too late to be judged are not stored
                begins = was_doubted and sample.reason != incident_rule.SYSTEM
                looks.append((sample, begins or _begins_a_span(before, sample, rules, moved, now)))
        for sample in ordered:
            _note_seen(standings.get(sample.counter), sample)
        _store(standings.values(), flips)
        spans.extend_spans(looks)
    _publish(flip.counter_id for flip in flips)
    return flips


def sweep_deadlines(now: datetime) -> list[Flip]:
    """Bring standings with a passed deadline up to date, SWEEP_BATCH at most, and return their flips.

    Rows that another worker has locked are skipped. Then publishes the flips, those left in the outbox, and Swept.
    """
    create_standings(now)
    until = now - IN_FLIGHT
    passed = Q(due_at__lte=until) | Q(pk__in=_passed_by_new_hours(until, now))
    with transaction.atomic():
        due = Standing.objects.filter(passed).order_by("pk").select_for_update(skip_locked=True)
        standings = {row.pk: row for row in due[:SWEEP_BATCH]}
        rules = EffectiveRules(local_day(now), standings)
        flips = [flip for row in standings.values() for flip in _judge(row, rules, until, now)]
        _store(standings.values(), flips)
    publish_outbox()
    swept.publish(Swept(now))
    return flips


def _passed_by_new_hours(until: datetime, now: datetime) -> list[int]:
    """Return the counters whose deadline has passed by the present hours and rules, once for each reading of the hours.

    Their due_at was computed by those of their last look, which for a camera that is dark may be long ago.
    """
    global _swept_by
    hours = schedule.get(now)
    if hours is _swept_by:
        return []
    _swept_by = hours
    rows = list(Standing.objects.all())
    rules = EffectiveRules(local_day(now), [row.pk for row in rows])
    due = ((row.pk, _due_at(row, rules, now)) for row in rows)
    return [pk for pk, at in due if at and at <= until]


def publish_outbox() -> None:
    """Publish all flips without alerts, also those left by a process that died between its commit and publishing."""
    _publish(Flip.objects.filter(alerted_at=None).order_by().values_list("counter", flat=True))


def doubt_since(since: datetime, now: datetime, counters: Collection[int] | None = None) -> list[Flip]:
    """Discard looks since `since` at these counters (ids), None for all; store the doubts, store and return the flips.

    Call it in the transaction that opens the incident.
    """
    affected = Q() if counters is None else Q(pk__in=counters)
    rows = list(Standing.objects.filter(affected).order_by("pk").select_for_update())
    # Flips dated after `now` come from a clock that was ahead; later flips can't be dated after them.
    late = Flip.objects.filter(counter__in=[row.pk for row in rows], at__gt=since, at__lte=now)
    last_flips = dict(late.order_by().values_list("counter").annotate(Max("at")))
    doubts = late.filter(reason=incident_rule.SYSTEM).order_by("counter", "-at", "-pk").distinct("counter")
    doubted = dict(doubts.values_list("counter", "since"))
    rules = EffectiveRules(local_day(now), [row.pk for row in rows])
    IncidentDoubt.objects.bulk_create(
        IncidentDoubt(
            counter_id=row.pk,
            since=since,
            at=now,
            last_look_at=row.last_look_at,
            judged_until=min(_due_at(row, rules, now) or now, now),
        )
        for row in rows
    )
    flips: list[Flip] = []
    for row in rows:
        last_flip_at, doubted_since = last_flips.get(row.pk), doubted.get(row.pk)
        standing = _as_rule_standing(row)
        flips += _apply(row, *incident_rule.doubt_standing(standing, since, now, last_flip_at, doubted_since), now)
        row.saw_at = min(row.saw_at, now) if row.saw_at else None
    _store(rows, flips)
    return flips


def create_standings(now: datetime) -> None:
    """Create the standing of each active counter that has none yet."""
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
    """Return the incidents that cover or follow `since`. The caller must hold the standings' locks, or miss one."""
    return list(SystemIncident.objects.filter(Q(ended_at=None) | Q(ended_at__gt=since)))


def _with_incident_doubt(samples: Iterable[Sample], incidents: Sequence[SystemIncident]) -> list[Sample]:
    """Return the samples, those during a system incident as BLIND with reason SYSTEM."""
    return [
        replace(sample, look=Look.BLIND, people=0, reason=incident_rule.SYSTEM)
        if any(incident.covers(sample.counter, sample.at) for incident in incidents)
        else sample
        for sample in samples
    ]


def _note_seen(row: Standing | None, sample: Sample) -> None:
    """Note when the camera last saw, also while its looks are discarded."""
    if row and sample.look is not Look.BLIND and (row.saw_at is None or row.saw_at < sample.at):
        row.saw_at = sample.at


def _judge(
    row: Standing, rules: EffectiveRules, at: datetime, now: datetime, sample: Sample | None = None
) -> list[Flip]:
    """Judge a standing up to `at` and change the row; the flips, not yet stored, get `now` as noticed_at."""
    duty = schedule.get(now).duty(row.pk, at)
    return _apply(row, *staffing_rule.step(_as_rule_standing(row), rules.of(row.pk), duty, at, sample), now)


def _due_at(row: Standing, rules: EffectiveRules, now: datetime) -> datetime | None:
    """Return when time alone changes it next, by the hours as they are now; row.due_at may be by earlier ones."""
    duty = schedule.get(now).duty(row.pk, now)
    before = row.since - timedelta.resolution
    return staffing_rule.step(_as_rule_standing(row), rules.of(row.pk), duty, before)[0].due_at


def _as_rule_standing(row: Standing) -> staffing_rule.CounterStanding:
    values = {name: getattr(row, name) for name in STANDING_FIELDS}
    values |= {"state": staffing_rule.State(row.state), "last_look": Look(row.last_look) if row.last_look else None}
    return staffing_rule.CounterStanding(**values)


def _apply(
    row: Standing, after: staffing_rule.CounterStanding, flips: list[staffing_rule.StateChange], now: datetime
) -> list[Flip]:
    """Change the row, and return the flips as unsaved rows."""
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
    """Return whether the sample starts a span, such that rejudging the spans gives the same flips (rejudge.py)."""
    if any(flip.new == StandingState.STAFFED and flip.at == sample.at for flip in moved):
        return True
    duty = schedule.get(now).duty(sample.counter, sample.at)
    return before is not None and starts_new_span(before, sample.at, rules.of(sample.counter), duty)


def _store(standings: Iterable[Standing], flips: list[Flip]) -> None:
    # The rows exist and are locked. An upsert, because bulk_update's CASE per column takes over ten times as long.
    rows = list(standings)
    Standing.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["counter"], update_fields=[*STANDING_FIELDS, "saw_at"]
    )
    Flip.objects.bulk_create(flips)


def _publish(counters: Iterable[int]) -> None:
    if changed := frozenset(counters):
        flips_committed.publish(FlipsCommitted(changed))
