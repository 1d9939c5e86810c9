"""For how long the papers of daily reports are kept, and erasing those that are old."""

from datetime import date, datetime, timedelta

from discipline.incidents.daily.models import USUAL_DAYS, DailyReport, DailyRetention
from offices.hours.schedule import local_day


def days_kept(day: date) -> int:
    """Return for how many days papers are kept by the rule in force on that day."""
    rule = DailyRetention.objects.filter(since__lte=day).first()  # the newest, by Meta.ordering
    return rule.days if rule else USUAL_DAYS


def forget(now: datetime) -> None:
    """Erase the papers made before as many days as the rule in force says. Their rows, with the hashes, stay."""
    oldest = now - timedelta(days=days_kept(local_day(now)))
    DailyReport.objects.filter(made_at__lt=oldest, erased_at=None).update(pdf=b"", erased_at=now)
