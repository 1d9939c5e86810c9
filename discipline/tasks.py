"""Celery's doors: one line each to the service that does the work."""

from celery import shared_task
from django.utils import timezone

from discipline import ledger


@shared_task
def sweep() -> None:
    ledger.sweep(timezone.now())
