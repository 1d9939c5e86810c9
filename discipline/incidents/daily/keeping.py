"""Erase the papers of daily reports that are old."""

from datetime import datetime, timedelta

from discipline.incidents.daily.models import DailyReport, DailyRetention
from offices.hours.schedule import local_day


def forget(now: datetime) -> None:
    """Erase the papers made before as many days as the rule in force says. Their rows, with the hashes, stay."""
    oldest = now - timedelta(days=DailyRetention.days_on(local_day(now)))
    DailyReport.objects.filter(made_at__lt=oldest, erased_at=None).update(pdf=b"", erased_at=now)
