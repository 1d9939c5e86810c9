"""Celery tasks, each of which calls the service that does the work."""

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from discipline.alerts import reminders
from discipline.api.webhooks import delivery as webhook_delivery
from discipline.api.webhooks import queue as webhook_queue
from discipline.board.screens.putting import forget_old_spotlights
from discipline.complaints import counting as complaint_counting
from discipline.complaints import deadline_notices as complaint_deadlines
from discipline.complaints import filing as complaint_filing
from discipline.complaints import incident_ends
from discipline.complaints.blocks import keeping as complaint_blocks
from discipline.complaints.mailing import mails as complaint_mails
from discipline.disclosure.footage import requests as footage_requests
from discipline.evidence import retention
from discipline.evidence.recordings import exporting
from discipline.incidents.daily import keeping as daily_keeping
from discipline.incidents.daily import making as daily_making
from discipline.incidents.queue import claims as queue_claims
from discipline.incidents.queue import reminders as queue_reminders
from discipline.incidents.room import changes as room_changes
from discipline.incidents.shifts import notices as shift_notices
from discipline.incidents.tasks import notices as task_notices
from discipline.notices import delivery as notice_delivery
from discipline.notices import outbox
from discipline.ops.append_only import copies, sealing
from discipline.ops.chain_checks import checks
from discipline.ops.watch import clocks, incident_monitor
from discipline.reports.files import jobs as report_jobs
from discipline.reports.mail import sending
from discipline.reports.numbers import rollups
from discipline.reports.signing import amending
from discipline.spotchecks import snapshots
from discipline.spotchecks.sample import drawing as conduct_drawing
from discipline.spotchecks.sample import keeping as counter_clips
from offices.accounts import sign_ins
from streams.evidence import store


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def sweep() -> None:
    """Check for system incidents, then bring standings with passed deadlines up to date."""
    incident_monitor.run_sweep(clocks.read_database_clock())


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def seal() -> None:
    """Store the heads of evidence chains for the local days that have ended."""
    store.seal_days(timezone.now())


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def seal_tables() -> None:
    """Sign what was added to the append-only tables, and take the heads elsewhere."""
    now = timezone.now()
    sealing.seal_tables(now)
    copies.copy_heads(now)


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def check_chains() -> None:
    """Make the check of all evidence that was requested."""
    checks.make_requested()


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def retain() -> None:
    """Destroy evidence, and pictures and clips of spot checks and of the sample, past their retention time."""
    now = timezone.now()
    retention.apply_retention(now)
    snapshots.apply_snapshot_retention(now)
    counter_clips.delete_old(now)


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def make_recording_exports() -> None:
    """Make the exports of recordings that wait."""
    exporting.make_waiting()


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def tidy() -> None:
    """Remove evidence files that a killed process left."""
    retention.remove_leftovers(timezone.now())


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def remind() -> None:
    """Record due reminders, and send them to phones and by mail."""
    reminders.remind(timezone.now())


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def notify() -> None:
    """Queue notices that are due, and send what waits."""
    notice_delivery.queue_and_send(timezone.now())


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def call_webhooks() -> None:
    """Queue and deliver webhook calls of API clients."""
    webhook_delivery.queue_and_deliver(timezone.now())


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def forget_notices() -> None:
    """Delete old deliveries, webhook calls, mails, copies of pictures, contacts of residents, visits, daily reports."""
    now = timezone.now()
    outbox.delete_old_deliveries(now)
    webhook_queue.delete_old_calls(now)
    sending.delete_old_mails(now)
    footage_requests.delete_old_copies(now)
    complaint_filing.forget(now)
    complaint_blocks.forget(now)
    room_changes.forget(now)
    daily_keeping.forget(now)


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def forget_sessions() -> None:
    """Delete expired sessions, of which some hold a file with cameras' passwords, and old tries to sign in."""
    SessionStore.clear_expired()
    sign_ins.delete_old_sign_ins(timezone.now())


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def veil() -> None:
    """Blur the faces in pictures of spot checks."""
    from discipline.spotchecks import redact_faces  # noqa: PLC0415 late: beat imports this module too and needs no face models

    redact_faces.blur_snapshots(timezone.now())


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def hide_in_clips() -> None:
    """Hide visitors' heads in clips of counters."""
    from discipline.spotchecks.sample import hiding  # noqa: PLC0415 late, as in veil

    hiding.hide_in_clips(timezone.now())


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def tend_conduct_sample() -> None:
    """Draw the week's moments once, and close those that are past."""
    now = timezone.now()
    conduct_drawing.draw_week(now)
    counter_clips.close_past(now)


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def hide_heads() -> None:
    """Hide the heads on photos of residents."""
    from discipline.complaints.photos import hiding  # noqa: PLC0415 late, as in veil

    hiding.hide_heads(timezone.now())


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def find_heads() -> None:
    """Find the heads in pictures of which a copy was requested."""
    from discipline.disclosure.footage import finding  # noqa: PLC0415 late, as in veil

    finding.find_heads(timezone.now())


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def recount_days() -> None:
    """Recompute the days with a Recount."""
    rollups.recount_marked(timezone.now())


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def keep_days() -> None:
    """Compute the numbers of missed days, and of today so far."""
    rollups.bring_up_to_date(timezone.now())


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def make_report_files() -> None:
    """Make the report files that wait."""
    report_jobs.make_waiting()


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def tend_report_files() -> None:
    """Have report files of dead workers made again, delete old or surplus ones, and have waiting ones made."""
    report_jobs.clean_up(timezone.now())


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def amend_months() -> None:
    """Record changes of the latest signed months."""
    amending.note_amendments(timezone.now())


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def amend_old_months() -> None:
    """Record changes of all signed months."""
    amending.note_amendments(timezone.now(), months=None)


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def mail_reports() -> None:
    """Plan and send reports by mail."""
    sending.plan_and_send(timezone.now())


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def make_case_files() -> None:
    """Make the files of cases that wait, and delete those whose day has passed."""
    from discipline.incidents.case_file import making, retention  # noqa: PLC0415 late, as in veil

    retention.delete_old_files(timezone.now())
    making.make_waiting()


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def notify_task_deadlines() -> None:
    """Notify of deadlines of tasks and residents' reports, of unsigned handovers and of items that nobody has taken;
    forget old rows of the queue and of its screens.
    """
    now = timezone.now()
    task_notices.notify_deadlines(now)
    complaint_deadlines.notify_deadlines(now)
    shift_notices.notify_unsigned(now)
    queue_claims.forget_old_claims(now)
    queue_reminders.remind(now)
    queue_reminders.forget_old_reminders(now)
    forget_old_spotlights(now)


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def mail_residents() -> None:
    """End the reports of ended incidents, and send the mails to residents that wait."""
    now = timezone.now()
    incident_ends.follow_ended_incidents(now)
    complaint_mails.send_waiting(now)


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def make_daily_reports() -> None:
    """Make the daily reports of the room that are due."""
    daily_making.make_due(timezone.now(), complaint_counting.residents_between)
