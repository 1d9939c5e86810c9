"""Celery's doors: one line each to the service that does the work."""

from celery import shared_task
from django.utils import timezone

from discipline import ledger, reminding


@shared_task
def sweep() -> None:
    ledger.sweep(timezone.now())


@shared_task
def remind() -> None:
    reminding.remind(timezone.now())
