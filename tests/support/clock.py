"""Times of day in Palembang, written as on the wall."""

from datetime import date, datetime, time

from offices.hours.duty import WIB


def wib(clock: str, day: date | int = 23) -> datetime:
    """Return the aware time of "07:30" or "07:30:05" WIB on `day`: a date, or a day of November 2026.

    The default day, 23 November 2026, is a Monday.
    """
    on = day if isinstance(day, date) else date(2026, 11, day)
    return datetime.combine(on, time.fromisoformat(clock), tzinfo=WIB)
