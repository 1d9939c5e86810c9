"""Celery's doors: one line each to the service that does the work."""

from celery import shared_task
from django.utils import timezone

from discipline import clocks, delivering, guard, reminding, retention, snapshots
from discipline import notify as notices
from discipline.api import calling, hooks
from discipline.mailing import sending
from discipline.reports import files, rollups
from discipline.signing import amending
from streams import evidence


@shared_task
def sweep() -> None:
    guard.sweep(clocks.database())


@shared_task
def seal() -> None:
    evidence.seal(timezone.now())


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
    reminding.remind(timezone.now())


@shared_task
def notify() -> None:
    delivering.run(timezone.now())


@shared_task
def call_webhooks() -> None:
    calling.run(timezone.now())


@shared_task
def forget_notices() -> None:
    now = timezone.now()
    notices.forget(now)
    hooks.forget(now)
    sending.forget(now)


@shared_task
def veil() -> None:
    from discipline import veiling  # noqa: PLC0415 late: the models of faces are for the worker, not for beat

    veiling.veil(timezone.now())


@shared_task
def recount_days() -> None:
    rollups.recount(timezone.now())


@shared_task
def keep_days() -> None:
    rollups.keep(timezone.now())


@shared_task
def make_report_files() -> None:
    files.run()


@shared_task
def tend_report_files() -> None:
    files.tend(timezone.now())


@shared_task
def amend_months() -> None:
    amending.amend(timezone.now())


@shared_task
def amend_old_months() -> None:
    amending.amend(timezone.now(), months=None)


@shared_task
def mail_reports() -> None:
    sending.run(timezone.now())
