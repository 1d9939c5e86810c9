"""Celery's doors: one line each to the service that does the work."""

from celery import shared_task
from django.utils import timezone

from discipline.alerts import reminders
from discipline.api.webhooks import delivery as webhook_delivery
from discipline.api.webhooks import queue as webhook_queue
from discipline.evidence import retention
from discipline.notices import delivery as notice_delivery
from discipline.notices import outbox
from discipline.ops.watch import clocks, incident_monitor
from discipline.reports.files import jobs as report_jobs
from discipline.reports.mail import sending
from discipline.reports.numbers import rollups
from discipline.reports.signing import amending
from discipline.spotchecks import snapshots
from streams.evidence import store


@shared_task
def sweep() -> None:
    incident_monitor.run_sweep(clocks.read_database_clock())


@shared_task
def seal() -> None:
    store.seal_days(timezone.now())


@shared_task
def retain() -> None:
    now = timezone.now()
    retention.apply_retention(now)
    snapshots.apply_snapshot_retention(now)


@shared_task
def tidy() -> None:
    retention.remove_leftovers(timezone.now())


@shared_task
def remind() -> None:
    reminders.remind(timezone.now())


@shared_task
def notify() -> None:
    notice_delivery.queue_and_send(timezone.now())


@shared_task
def call_webhooks() -> None:
    webhook_delivery.queue_and_deliver(timezone.now())


@shared_task
def forget_notices() -> None:
    now = timezone.now()
    outbox.delete_old_deliveries(now)
    webhook_queue.delete_old_calls(now)
    sending.delete_old_mails(now)


@shared_task
def veil() -> None:
    from discipline.spotchecks import redact_faces  # noqa: PLC0415 late: the models of faces are for the worker, not for beat

    redact_faces.blur_snapshots(timezone.now())


@shared_task
def recount_days() -> None:
    rollups.recount_marked(timezone.now())


@shared_task
def keep_days() -> None:
    rollups.bring_up_to_date(timezone.now())


@shared_task
def make_report_files() -> None:
    report_jobs.make_waiting()


@shared_task
def tend_report_files() -> None:
    report_jobs.clean_up(timezone.now())


@shared_task
def amend_months() -> None:
    amending.note_amendments(timezone.now())


@shared_task
def amend_old_months() -> None:
    amending.note_amendments(timezone.now(), months=None)


@shared_task
def mail_reports() -> None:
    sending.plan_and_send(timezone.now())
