"""Celery tasks that streams runs periodically."""

from celery import shared_task
from django.utils import timezone


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def show() -> None:
    """Make the blurred forms of recent originals."""
    from streams.evidence.redaction import jobs as redaction_jobs  # noqa: PLC0415 late: beat imports this module too and needs no detection models

    now = timezone.now()
    redaction_jobs.make_shown_forms(now, now - redaction_jobs.RECENT)


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def show_all() -> None:
    """Make the blurred forms of all originals that lack them."""
    from streams.evidence.redaction import jobs as redaction_jobs  # noqa: PLC0415

    redaction_jobs.make_shown_forms(timezone.now())
