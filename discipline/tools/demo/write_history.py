"""Writes days that never were: looks, flips by the real rule, indications, and what was said to them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

from django.db import connection, models

from discipline.alerts.deadlines import explain_by
from discipline.alerts.decisions.rule import DECISIONS
from discipline.alerts.models import Alert, Decision, Reminder
from discipline.staffing import rule as staffing_rule
from discipline.staffing.alert_kinds import ACCUSATIONS, AlertKind
from discipline.staffing.effective_rules import EffectiveRules
from discipline.staffing.incident_models import SystemIncident
from discipline.staffing.incident_rule import SYSTEM
from discipline.staffing.models import Flip
from discipline.staffing.rejudge import JudgedIndication, Span, indications_of
from discipline.tools.demo import generate_days
from discipline.tools.demo.fast_rejudge import retrace, spans_of_day
from discipline.tools.demo.generate_days import AbsenceCause, CounterNames, GeneratedDay
from discipline.tools.demo.history_words import ScriptedDecision, script_decisions
from offices.access.models import Membership
from offices.hours.duty import Interval
from offices.hours.schedule import DAY, Schedule, local_day
from offices.places.models import Counter, Kelurahan
from streams.cameras.models import OccupancySpan
from streams.pixels.occupancy import Look

AT_ONCE = 6  # counters; a transaction that computes for longer than IDLE_IN_TRANSACTION_S is ended by PostgreSQL
BEGUN = timedelta(minutes=10)  # before the opening: as far back as discipline.alerts.case.case_file reads looks
NOTICED = timedelta(seconds=1)
SPANS = ("counter_id", "look", "reason", "started_at", "ended_at", "looks", "people_min", "people_max")
FLIPS = ("counter_id", "at", "old", "new", "reason", "since", "noticed_at", "alerted_at")

Speaker = Callable[[str, Kelurahan], int]  # → the pk of the user who says it


@dataclass(frozen=True, slots=True)
class HistoryTask:
    """Which days to write, and until when people have had time to say something. Without a speaker nobody does."""

    seed: int
    first: date
    last: date
    until: datetime
    speaker: Speaker | None = None

    @property
    def days(self) -> Iterator[date]:
        return (self.first + number * DAY for number in range((self.last - self.first).days + 1))


@dataclass(slots=True)
class WrittenCounts:
    """How many rows."""

    days: int = 0
    spans: int = 0
    flips: int = 0
    alerts: int = 0
    decisions: int = 0

    def __add__(self, other: "WrittenCounts") -> "WrittenCounts":
        return WrittenCounts(**{one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(self)})


@dataclass(slots=True)
class _Batch:
    spans: list[tuple[Any, ...]] = field(default_factory=list)
    flips: list[tuple[Any, ...]] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    replaced: list[tuple[Alert, Alert]] = field(default_factory=list)  # by which later one
    lines: list[tuple[Alert, ScriptedDecision]] = field(default_factory=list)


def write_days(task: HistoryTask, counters: Iterable[Counter], progress: Callable[[int, int], None]) -> WrittenCounts:
    """All days of these counters, which come with their kecamatan. `progress` is told how many of how many are done."""
    rows = list(counters)
    schedule = Schedule([row.pk for row in rows])
    rules = [(day, EffectiveRules(day, [row.pk for row in rows])) for day in task.days]
    written = WrittenCounts()
    for begin in range(0, len(rows), AT_ONCE):
        batch = _Batch()
        for counter in rows[begin : begin + AT_ONCE]:
            for day, rule in rules:
                if duty := schedule.day(counter.pk, day).intervals:
                    _add_day(batch, task, counter, duty, rule, schedule)
                    written.days += 1
        _store(batch, task, written)
        progress(min(begin + AT_ONCE, len(rows)), len(rows))
    return written


def write_outages(task: HistoryTask, counters: Iterable[Counter]) -> None:
    """The system incidents of those days, for which write() leaves every camera dark. Once for all counters."""
    rows = list(counters)
    schedule = Schedule([row.pk for row in rows])
    for day in task.days:
        dark = generate_days.city_outage(task.seed, day)
        if dark and any(schedule.day(row.pk, day).intervals for row in rows):
            SystemIncident.objects.create(
                kind=SystemIncident.Kind.FLEET_BLIND,
                since=dark.begin,
                raised_at=dark.begin,
                calm_since=dark.end,
                ended_at=dark.end,
                blind=len(rows),
                total=len(rows),
                told_at=dark.begin,
            )


def _add_day(
    batch: _Batch,
    task: HistoryTask,
    counter: Counter,
    duty: Sequence[Interval],
    rules: EffectiveRules,
    schedule: Schedule,
) -> None:
    office, pk = counter.kelurahan, counter.pk
    place, day = CounterNames(office.kecamatan.code, office.code, counter.name), local_day(duty[0].start)
    told = generate_days.generate_day(task.seed, place, day, duty)
    spans = spans_of_day(told, duty)
    flips = retrace(spans, rules.of(pk), duty, duty[0].start - BEGUN, duty[-1].end)
    batch.spans += [_span_row(pk, span) for span in spans]
    batch.flips += [_flip_row(pk, flip) for flip in flips]
    found = indications_of(flips, rules.tolerances(pk).tolerance_s)
    made = [(matter, _alert(counter, matter, flips, schedule)) for matter in found if _is_reported(matter, flips)]
    batch.alerts += [alert for _, alert in made]
    accusing = [(matter, alert) for matter, alert in made if alert.kind in ACCUSATIONS]
    for (before, first), (after, second) in pairwise(accusing):
        if before.ended_at == after.raised_at and before.ended_by != staffing_rule.State.STAFFED:
            batch.replaced.append((first, second))
    if task.speaker:
        gone_on = {id(first) for first, _ in batch.replaced}
        for matter, alert in accusing:
            if id(alert) not in gone_on:
                dice = Random(f"{task.seed}:{place}:{matter.raised_at}")  # noqa: S311 dice of a story
                _add_decisions(
                    batch,
                    alert,
                    script_decisions(_cause(told, matter), alert.ended_at or alert.raised_at, task.until, dice),
                )


def _is_reported(matter: JudgedIndication, flips: Sequence[staffing_rule.StateChange]) -> bool:
    """A camera that went dark with all others in a system incident has no fault of its own."""
    return matter.kind != AlertKind.CAMERA_FAULT or _blind_for(matter, flips) != SYSTEM


def _blind_for(matter: JudgedIndication, flips: Sequence[staffing_rule.StateChange]) -> str:
    return next((f.reason for f in flips if f.at == matter.since and f.new is staffing_rule.State.UNKNOWN), "")


def _alert(
    counter: Counter, matter: JudgedIndication, flips: Sequence[staffing_rule.StateChange], schedule: Schedule
) -> Alert:
    """Over and told: nobody is notified of what never was."""
    accuses = matter.kind in ACCUSATIONS
    return Alert(
        counter=counter,
        kind=matter.kind,
        since=matter.since,
        raised_at=matter.raised_at,
        ended_at=matter.ended_at,
        ended_by=matter.ended_by,
        detail="" if accuses else _blind_for(matter, flips),
        explain_by=explain_by(counter.pk, matter.raised_at, schedule) if accuses else None,
        told_at=matter.raised_at,
    )


def _cause(told: GeneratedDay, matter: JudgedIndication) -> AbsenceCause:
    return next((gone.cause for gone in told.gone if gone.begin <= matter.since < gone.end), AbsenceCause.NONE)


def _add_decisions(batch: _Batch, alert: Alert, lines: Sequence[ScriptedDecision]) -> None:
    batch.lines += [(alert, line) for line in lines]
    alert.outcome = next((line.act.value for line in reversed(lines) if line.act in DECISIONS), "")


def _store(batch: _Batch, task: HistoryTask, written: WrittenCounts) -> None:
    _copy(OccupancySpan, SPANS, batch.spans)
    _copy(Flip, FLIPS, batch.flips)
    Alert.objects.bulk_create(batch.alerts)
    for before, after in batch.replaced:
        before.superseded_by = after
    Alert.objects.bulk_update([before for before, _ in batch.replaced], ["superseded_by"], batch_size=500)
    if task.speaker:
        Decision.objects.bulk_create(_decision(alert, line, task.speaker) for alert, line in batch.lines)
        answered = {alert.pk for alert, _ in batch.lines}
        waiting = [
            one for one in batch.alerts if one.explain_by and one.pk not in answered and not one.superseded_by_id
        ]
        Reminder.objects.bulk_create(_reminder(one, when, task.speaker) for one in waiting for when in Reminder.When)
    written.spans += len(batch.spans)
    written.flips += len(batch.flips)
    written.alerts += len(batch.alerts)
    written.decisions += len(batch.lines)


def _decision(alert: Alert, line: ScriptedDecision, speaker: Speaker) -> Decision:
    by = speaker(line.role, alert.counter.kelurahan)
    return Decision(
        alert=alert, at=line.at, by_id=by, role=line.role, what=line.act, reason=line.reason, text=line.text
    )


def _reminder(alert: Alert, when: str, speaker: Speaker) -> Reminder:
    """As if already sent, and to nobody: a deadline of a made-up matter rings no telephone."""
    by = speaker(Membership.Role.LURAH, alert.counter.kelurahan)
    return Reminder(alert=alert, user_id=by, when=when, created_at=alert.raised_at, mailed_at=alert.raised_at)


def _copy(model: type[models.Model], columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """COPY: a year of the city is half a million rows."""
    with connection.cursor() as cursor:
        statement = f"COPY {model._meta.db_table} ({', '.join(columns)}) FROM STDIN"
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)


def _span_row(counter: int, span: Span) -> tuple[Any, ...]:
    people = int(span.look is Look.STAFFED)
    return counter, span.look.value, span.reason, span.started_at, span.ended_at, span.looks, people, people


def _flip_row(counter: int, flip: staffing_rule.StateChange) -> tuple[Any, ...]:
    noticed = flip.at + NOTICED
    return counter, flip.at, flip.old.value, flip.new.value, flip.reason, flip.since, noticed, noticed
