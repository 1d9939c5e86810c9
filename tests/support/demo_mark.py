"""The mark of the demo's database, without the demo."""

from datetime import date

from discipline.ops import demo_data
from offices.hours.models import HoursPlan


def mark_as_demo() -> None:
    """Mark the database as the demo's."""
    days = dict.fromkeys(HoursPlan.DAYS, "08:00-15:00")
    HoursPlan.objects.create(name="Demo", source=demo_data.MARK, valid_from=date(2027, 1, 1), priority=100, **days)
