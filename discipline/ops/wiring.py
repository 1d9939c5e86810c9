"""Which room reacts to which event of another: the whole list. Called once, when Django is ready."""

from discipline.alerts import notice_subjects, reactions
from discipline.alerts.decisions import record as decisions
from discipline.alerts.events import AlertsChanged, DecisionRecorded, alerts_changed, decision_recorded
from discipline.board import rows
from discipline.core import attachments
from discipline.notices import outbox, subjects
from discipline.ops.watch.incident_notices import IncidentSubjects
from discipline.plans import recount_on_change
from discipline.spotchecks.findings import answers
from discipline.staffing.events import FlipsCommitted, flips_committed, swept


def connect() -> None:
    attachments.register_reader("decisions", decisions.readable_attachments)
    attachments.register_reader("findings", answers.readable_attachments)
    flips_committed.subscribe(reactions.on_flips)  # before the board: rows show the indications made of them
    flips_committed.subscribe(announce_counters)
    swept.subscribe(reactions.on_sweep)
    alerts_changed.subscribe(announce_alerts)
    alerts_changed.subscribe(send_notices)
    decision_recorded.subscribe(announce_decision)
    recount_on_change.connect_signals()
    subjects.register("alert", notice_subjects.AlertSubjects())
    subjects.register("reminder", notice_subjects.ReminderSubjects())
    subjects.register("incident", IncidentSubjects())


def announce_counters(event: FlipsCommitted) -> None:
    rows.announce_changes(event.counters, frozenset())


def announce_alerts(event: AlertsChanged) -> None:
    rows.announce_changes(frozenset(), event.alerts)


def announce_decision(event: DecisionRecorded) -> None:
    rows.announce_changes(frozenset(), frozenset({event.alert}))


def send_notices(event: AlertsChanged) -> None:
    outbox.request_delivery()
