"""Celery's doors: one line each to the service that does the work."""

from celery import shared_task
from django.utils import timezone

from discipline import clocks, delivering, guard, reminding, retention
from discipline import notify as notices
from streams import evidence


@shared_task
def sweep() -> None:
    guard.sweep(clocks.database())


@shared_task
def seal() -> None:
    evidence.seal(timezone.now())


@shared_task
def retain() -> None:
    retention.retain(timezone.now())


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
def forget_notices() -> None:
    notices.forget(timezone.now())
