"""Celery's doors to what streams does on a timetable."""

from celery import shared_task
from django.utils import timezone


@shared_task
def show() -> None:
    from streams import showing  # noqa: PLC0415 late: beat reads this file too, and needs no models

    now = timezone.now()
    showing.show(now, now - showing.RECENT)


@shared_task
def show_all() -> None:
    from streams import showing  # noqa: PLC0415

    showing.show(timezone.now())
