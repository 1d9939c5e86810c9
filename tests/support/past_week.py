"""The last complete week at four offices: one absence, one late opening, one dead camera, one counter without watch."""

from datetime import date, datetime, timedelta
from typing import ClassVar

from django.utils import timezone

from discipline.alerts.models import Alert
from discipline.reports.numbers import rollups
from discipline.reports.numbers.models import Band
from discipline.reports.numbers.period import Period, PeriodKind, period_of
from offices.hours.models import HoursPlan
from offices.hours.schedule import local_day
from offices.places.models import Counter
from tests.support.attendance import blind, staffed
from tests.support.base import OfficeTestCase, World
from tests.support.clock import wib


class PastWeek:
    """Flips, bands and roll-ups of the week before the present one.

    `two` and `twin` are staffed from Monday to Friday, and so is `one` except on Monday from 10.00 to 10.18 and on
    Tuesday until 08.05. `far` is blind on Monday and has no looks afterwards; the fourth office, 5 Ulu, was never
    watched.
    """

    def __init__(self, world: World) -> None:
        HoursPlan.objects.update(on_holidays=True)  # the week may contain holidays
        self.world = world
        self.week: Period = period_of(PeriodKind.WEEK, local_day(timezone.now())).before
        self.monday: date = self.week.first
        self.tuesday, self.friday = self.monday + timedelta(1), self.monday + timedelta(4)
        self.evening: datetime = wib("18:00", self.friday)
        self.one: Counter = world.counter(world.ilir35)
        self.two, self.twin = world.counter(world.kemang), world.counter(world.kemang, 2)
        self.far: Counter = world.counter(world.ulu34)
        away = staffed(self.one, self.monday, away=("10:00", "10:18"))
        late = staffed(self.one, self.tuesday, late_to="08:05")
        assert away
        assert late
        self.away: Alert = away
        self.late: Alert = late
        for day in (self.monday + timedelta(n) for n in range(5)):
            staffed(self.two, day)
            staffed(self.twin, day)
            if day > self.tuesday:
                staffed(self.one, day)
        blind(self.far, self.monday)
        for kind in Band.Kind:
            for name, first, last in (("1", 1, 30), ("2", 31, 60)):
                Band.objects.create(kind=kind, name=f"{kind} {name}", from_minute=first, to_minute=last)
        rollups.bring_up_to_date(self.evening)


class PastWeekCase(OfficeTestCase):
    """A test class with a PastWeek in `cls.past`."""

    past: ClassVar[PastWeek]

    @classmethod
    def setUpTestData(cls) -> None:
        """Create the week once for the class."""
        super().setUpTestData()
        cls.past = PastWeek(cls.world)
