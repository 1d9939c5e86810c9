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
    incident_monitor.sweep(clocks.database())


@shared_task
def seal() -> None:
    store.seal(timezone.now())


@shared_task
def retain() -> None:
    now = timezone.now()
    retention.retain(now)
    snapshots.retain(now)


@shared_task
def tidy() -> None:
    retention.tidy(timezone.now())


@shared_task
def remind() -> None:
    reminders.remind(timezone.now())


@shared_task
def notify() -> None:
    notice_delivery.run(timezone.now())


@shared_task
def call_webhooks() -> None:
    webhook_delivery.run(timezone.now())


@shared_task
def forget_notices() -> None:
    now = timezone.now()
    outbox.forget(now)
    webhook_queue.forget(now)
    sending.forget(now)


@shared_task
def veil() -> None:
    from discipline.spotchecks import redact_faces  # noqa: PLC0415 late: the models of faces are for the worker, not for beat

    redact_faces.veil(timezone.now())


@shared_task
def recount_days() -> None:
    rollups.recount(timezone.now())


@shared_task
def keep_days() -> None:
    rollups.keep(timezone.now())


@shared_task
def make_report_files() -> None:
    report_jobs.run()


@shared_task
def tend_report_files() -> None:
    report_jobs.tend(timezone.now())


@shared_task
def amend_months() -> None:
    amending.amend(timezone.now())


@shared_task
def amend_old_months() -> None:
    amending.amend(timezone.now(), months=None)


@shared_task
def mail_reports() -> None:
    sending.run(timezone.now())
