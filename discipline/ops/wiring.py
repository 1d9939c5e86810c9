"""Connect the rooms: every subscription to another room's event and every registration, in one place."""

from django.conf import settings

from discipline.alerts import notice_subjects, reactions
from discipline.alerts.events import AlertsChanged, DecisionRecorded, alerts_changed, decision_recorded
from discipline.board.kecamatan_offices import rows as kecamatan_rows
from discipline.board.screens import events as screen_events
from discipline.board.screens.events import ScreensChanged
from discipline.complaints import counting as complaint_counting
from discipline.complaints.queue_items import ComplaintSource
from discipline.core import attachments
from discipline.incidents import files as incident_files
from discipline.incidents.numbers import counting as incident_counting
from discipline.incidents.queue import changes as queue_changes
from discipline.incidents.queue import sources as queue_sources
from discipline.incidents.queue.items_rule import ItemKind
from discipline.incidents.queue.spotlight.access import may_see
from discipline.incidents.shifts import notices as shift_notices
from discipline.notices import outbox, subjects
from discipline.ops.first_run import tour
from discipline.ops.watch.incident_notices import IncidentSubjects
from discipline.plans import recount_on_change
from discipline.staffing.events import FlipsCommitted, flips_committed, swept


def connect() -> None:
    """Subscribe and register everything. Called once, when Django is ready."""
    of_counter, of_stop = "decision__alert__counter", "finding_word__finding__stop"
    attachments.register_office("decisions", f"{of_counter}__kelurahan", f"{of_counter}__place__kecamatan")
    attachments.register_office("findings", f"{of_stop}__kelurahan", f"{of_stop}__kecamatan")
    attachments.register_readers("incidents", incident_files.readable)
    flips_committed.subscribe(reactions.on_flips)  # before the board: its rows show the indications made here
    flips_committed.subscribe(announce_counters)
    swept.subscribe(reactions.on_sweep)
    alerts_changed.subscribe(announce_alerts)
    alerts_changed.subscribe(send_notices)
    decision_recorded.subscribe(announce_decision)
    recount_on_change.connect_signals()
    tour.connect()
    incident_counting.register_reports(complaint_counting.by_office)
    subjects.register("alert", notice_subjects.AlertSubjects())
    subjects.register("reminder", notice_subjects.ReminderSubjects())
    subjects.register("incident", IncidentSubjects())
    queue_sources.register(ItemKind.REPORT, ComplaintSource())
    screen_events.register_access(may_see)
    screen_events.screens_changed.subscribe(announce_screens)
    subjects.register(shift_notices.PREFIX, shift_notices.HandoverSubjects())
    if settings.PAGES:
        _register_reports()


def _register_reports() -> None:
    """Register the reports of other rooms; `watch` makes none, and does without the libraries of PDF and XLSX."""
    from discipline.incidents.numbers.files import MONTH  # noqa: PLC0415
    from discipline.reports.files.other_rooms import registry  # noqa: PLC0415

    registry.register(MONTH)


def announce_screens(_event: ScreensChanged) -> None:
    """Announce to open queues what the screens show."""
    queue_changes.announce()


def announce_counters(event: FlipsCommitted) -> None:
    """Announce the flipped counters to open boards."""
    kecamatan_rows.announce_changes(event.counters, frozenset())


def announce_alerts(event: AlertsChanged) -> None:
    """Announce the changed alerts to open boards."""
    kecamatan_rows.announce_changes(frozenset(), event.alerts)


def announce_decision(event: DecisionRecorded) -> None:
    """Announce the decided alert to open boards."""
    kecamatan_rows.announce_changes(frozenset(), frozenset({event.alert}))


def send_notices(_event: AlertsChanged) -> None:
    """Request the delivery of notices."""
    outbox.request_delivery()
