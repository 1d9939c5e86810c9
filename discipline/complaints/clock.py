"""The deadlines of residents' reports, as of SP4N-LAPOR: verified within 3 working days, acted on within 5 more."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from offices.hours.models import HolidayOverride
from offices.hours.national import national_holidays
from offices.hours.schedule import DAY, ZONE, local_day

VERIFY_DAYS = 3
REACT_DAYS = 5
FARTHEST = timedelta(days=60)


def due_after(at: datetime, working_days: int) -> datetime:
    """Return the end of the local day that is so many working days of the city after the day of `at`. One query."""
    today = local_day(at)
    special = dict(HolidayOverride.objects.filter(day__range=(today, today + FARTHEST)).values_list("day", "open"))
    national = national_holidays([today.year, today.year + 1])

    def works(day: date) -> bool:
        return special.get(day, day.weekday() < 5 and day not in national)

    return datetime.combine(nth_working_day(today, working_days, works) + DAY, time(), tzinfo=ZONE)


def nth_working_day(day: date, number: int, works: Callable[[date], bool]) -> date:
    """Return the working day that is `number` working days after `day`, or FARTHEST after it at the latest."""
    last = day + FARTHEST
    while number and day < last:
        day += DAY
        number -= works(day)
    return day
