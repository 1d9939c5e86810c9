"""Celery's doors to what streams does on a timetable."""

from celery import shared_task
from django.utils import timezone


@shared_task
def show() -> None:
    from streams.evidence.redaction import jobs as redaction_jobs  # noqa: PLC0415 late: beat reads this file too, and needs no models

    now = timezone.now()
    redaction_jobs.make_shown_forms(now, now - redaction_jobs.RECENT)


@shared_task
def show_all() -> None:
    from streams.evidence.redaction import jobs as redaction_jobs  # noqa: PLC0415

    redaction_jobs.make_shown_forms(timezone.now())
