"""Write generated days: looks, their flips by the real rule, indications, and decisions on them."""

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
from offices.access.accountable import who_decides, who_explains
from offices.access.models import Membership
from offices.hours.duty import Interval
from offices.hours.schedule import DAY, Schedule, local_day
from offices.places.models import Counter, Office
from streams.cameras.models import OccupancySpan
from streams.pixels.occupancy import Look

AT_ONCE = 6  # counters; PostgreSQL ends a transaction that is idle for IDLE_IN_TRANSACTION_S, as while we compute
BEGUN = timedelta(minutes=10)  # before the opening; discipline.alerts.case.case_file reads looks as far back
NOTICED = timedelta(seconds=1)
SPANS = ("subject_id", "look", "reason", "started_at", "ended_at", "looks", "people_min", "people_max")
FLIPS = ("counter_id", "at", "old", "new", "reason", "since", "noticed_at", "alerted_at")

Speaker = Callable[[str, Office], int]  # (role, office) → pk of the user who decides


@dataclass(frozen=True, slots=True)
class HistoryTask:
    """Which days to write, first to last. Decisions are made before `until`; none at all without a speaker."""

    seed: int
    first: date
    last: date
    until: datetime
    speaker: Speaker | None = None

    @property
    def days(self) -> Iterator[date]:
        """Iterate over the days in order."""
        return (self.first + number * DAY for number in range((self.last - self.first).days + 1))


@dataclass(slots=True)
class WrittenCounts:
    """How many rows were written; `days` counts counter-days."""

    days: int = 0
    spans: int = 0
    flips: int = 0
    alerts: int = 0
    decisions: int = 0

    def __add__(self, other: "WrittenCounts") -> "WrittenCounts":
        return WrittenCounts(
            **{count.name: getattr(self, count.name) + getattr(other, count.name) for count in fields(self)}
        )


@dataclass(slots=True)
class _Batch:
    spans: list[tuple[Any, ...]] = field(default_factory=list)
    flips: list[tuple[Any, ...]] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    replaced: list[tuple[Alert, Alert]] = field(default_factory=list)  # (earlier, the later one that supersedes it)
    lines: list[tuple[Alert, ScriptedDecision]] = field(default_factory=list)


def write_days(task: HistoryTask, counters: Iterable[Counter], progress: Callable[[int, int], None]) -> WrittenCounts:
    """Write all days of these counters, loaded with their kecamatan. `progress` gets the number done and the total."""
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
    """Write the system incidents in which write_days() leaves every camera dark. Call once, with all counters."""
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
                notices_queued_at=dark.begin,
            )


def _add_day(
    batch: _Batch,
    task: HistoryTask,
    counter: Counter,
    duty: Sequence[Interval],
    rules: EffectiveRules,
    schedule: Schedule,
) -> None:
    office, pk = counter.office, counter.pk
    place, day = CounterNames(office.area.code, office.code, counter.name), local_day(duty[0].start)
    generated = generate_days.generate_day(task.seed, place, day, duty)
    spans = spans_of_day(generated, duty)
    flips = retrace(spans, rules.of(pk), duty, duty[0].start - BEGUN, duty[-1].end)
    batch.spans += [_span_row(pk, span) for span in spans]
    batch.flips += [_flip_row(pk, flip) for flip in flips]
    judged = indications_of(flips, rules.tolerances(pk).tolerance_s)
    made = [(one, _alert(counter, one, flips, schedule)) for one in judged if _is_reported(one, flips)]
    batch.alerts += [alert for _, alert in made]
    accusing = [(indication, alert) for indication, alert in made if alert.kind in ACCUSATIONS]
    for (before, first), (after, second) in pairwise(accusing):
        if before.ended_at == after.raised_at and before.ended_by != staffing_rule.State.STAFFED:
            batch.replaced.append((first, second))
    if task.speaker:
        superseded = {id(first) for first, _ in batch.replaced}
        for indication, alert in accusing:
            if id(alert) not in superseded:
                dice = Random(f"{task.seed}:{place}:{indication.raised_at}")  # noqa: S311 no secret
                _add_decisions(
                    batch,
                    alert,
                    script_decisions(
                        _cause(generated, indication), alert.ended_at or alert.raised_at, task.until, dice
                    ),
                )


def _is_reported(indication: JudgedIndication, flips: Sequence[staffing_rule.StateChange]) -> bool:
    """Whether an alert is made: not for a camera that went dark with all others in a system incident."""
    return indication.kind != AlertKind.CAMERA_FAULT or _blind_reason(indication, flips) != SYSTEM


def _blind_reason(indication: JudgedIndication, flips: Sequence[staffing_rule.StateChange]) -> str:
    return next((f.reason for f in flips if f.at == indication.since and f.new is staffing_rule.State.UNKNOWN), "")


def _alert(
    counter: Counter, indication: JudgedIndication, flips: Sequence[staffing_rule.StateChange], schedule: Schedule
) -> Alert:
    """Return an unsaved alert, marked as notified already so that no notice goes out."""
    accuses = indication.kind in ACCUSATIONS
    return Alert(
        counter=counter,
        kind=indication.kind,
        since=indication.since,
        raised_at=indication.raised_at,
        ended_at=indication.ended_at,
        ended_by=indication.ended_by,
        detail="" if accuses else _blind_reason(indication, flips),
        explain_by=explain_by(counter.pk, indication.raised_at, schedule) if accuses else None,
        notices_queued_at=indication.raised_at,
    )


def _cause(generated: GeneratedDay, indication: JudgedIndication) -> AbsenceCause:
    covering = (gone.cause for gone in generated.gone if gone.begin <= indication.since < gone.end)
    return next(covering, AbsenceCause.NONE)


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
        unanswered = [
            alert
            for alert in batch.alerts
            if alert.explain_by and alert.pk not in answered and not alert.superseded_by_id
        ]
        Reminder.objects.bulk_create(
            _reminder(alert, when, task.speaker) for alert in unanswered for when in Reminder.When
        )
    written.spans += len(batch.spans)
    written.flips += len(batch.flips)
    written.alerts += len(batch.alerts)
    written.decisions += len(batch.lines)


def _decision(alert: Alert, line: ScriptedDecision, speaker: Speaker) -> Decision:
    office = alert.counter.office
    role = who_explains(office) if line.role == Membership.Role.LURAH else who_decides(office)
    return Decision(
        alert=alert,
        at=line.at,
        by_id=speaker(role, office),
        role=role,
        what=line.act,
        reason=line.reason,
        text=line.text,
    )


def _reminder(alert: Alert, when: str, speaker: Speaker) -> Reminder:
    """Return a reminder marked as mailed already, so that no message goes out."""
    by = speaker(who_explains(alert.counter.office), alert.counter.office)
    return Reminder(alert=alert, user_id=by, when=when, created_at=alert.raised_at, mailed_at=alert.raised_at)


def _copy(model: type[models.Model], columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert rows with COPY: a year of the city has half a million."""
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
