"""What identifies the demo's data: the password of its accounts, and the mark of its database."""

from offices.hours.models import HoursPlan

PASSWORD = "sidak-demo"  # noqa: S105 printed at each start, for demo accounts only
MARK = "manage.py demo"  # HoursPlan.source of the row that marks a database as the demo's


def is_demo_database() -> bool:
    """Return whether the demo was seeded into this database."""
    return HoursPlan.objects.filter(source=MARK).exists()
