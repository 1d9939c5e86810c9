"""Celery's doors: one line each to the service that does the work."""

from celery import shared_task

from discipline import clocks, guard


@shared_task
def sweep() -> None:
    guard.sweep(clocks.database())
