"""Whether a report is complete enough to be mailed or signed."""

from datetime import datetime

from discipline.reports.numbers import tables
from discipline.reports.numbers.models import DayTally
from discipline.reports.numbers.period import DAY, Period
from discipline.reports.numbers.places import OrgUnit
from discipline.staffing.models import Flip
from offices.hours.schedule import Schedule
from offices.places.models import Counter


def is_counted(place: OrgUnit, period: Period) -> bool:
    """Return whether the last day with duty is tallied to its end and no day is waiting for a recount."""
    return not tables.is_recounting(place, period) and not _missing(place, period)


def _missing(place: OrgUnit, period: Period) -> bool:
    """Return whether a watched counter lacks a part of the period's last day with duty."""
    pks = list(Counter.objects.filter(place.within(), active=True).values_list("pk", flat=True))
    schedule, day = Schedule(pks), period.last
    ends: dict[int, datetime] = {}
    while not ends and day >= period.first:
        duty = {pk: schedule.day(pk, day).intervals for pk in pks}
        ends = {pk: intervals[-1].end for pk, intervals in duty.items() if intervals}
        day -= DAY
    rows = DayTally.objects.filter(day=day + DAY, counter__in=ends).values_list("counter", "until")
    judged = dict(rows)
    incomplete = [pk for pk, end in ends.items() if pk not in judged or judged[pk] < end.replace(microsecond=0)]
    # A counter without flips was not watched then and never gets a row.
    return bool(incomplete) and Flip.objects.filter(counter__in=incomplete, at__lt=max(ends.values())).exists()
