"""The days of the room, from 07.00 to 07.00, and of which a report is to be made. Pure."""

from datetime import date, datetime, time, timedelta, tzinfo

BEGINS = time(7)
MOST_MADE_UP = 7  # days: reports that were not made in time are made later, but no older ones
DAY = timedelta(days=1)


def day_of(first: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return the begin and the end of the day that begins on that date."""
    return datetime.combine(first, BEGINS, zone), datetime.combine(first + DAY, BEGINS, zone)


def first_date(at: datetime, zone: tzinfo) -> date:
    """Return the date on which the day of that moment began."""
    local = at.astimezone(zone)
    return local.date() if local.time() >= BEGINS else local.date() - DAY


def due_days(now: datetime, zone: tzinfo, newest_made: date | None, in_use_since: date | None) -> list[date]:
    """Return the first dates of the days of which a report is to be made, the oldest first.

    - newest_made: the first date of the newest report, None without any: then only the newest day is due.
    - in_use_since: the first date of the day of the first shift; None without one: then nothing is due.
    """
    if in_use_since is None:
        return []
    newest = first_date(now, zone) - DAY
    oldest = max(newest_made + DAY, newest - (MOST_MADE_UP - 1) * DAY) if newest_made else newest
    oldest = max(oldest, in_use_since)
    return [oldest + number * DAY for number in range((newest - oldest).days + 1)]
