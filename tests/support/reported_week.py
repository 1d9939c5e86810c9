"""A week of November 2026 with one absence, one late opening and one dead camera, in the roll-ups."""

from datetime import date, timedelta

from discipline.alerts.decisions import record as decisions
from discipline.alerts.decisions.rule import DecisionAct
from discipline.alerts.models import Alert
from discipline.reports.numbers import rollups
from discipline.reports.numbers.models import DayTally
from discipline.reports.numbers.period import parse_period
from discipline.reports.numbers.places import Level, OrgUnit
from offices.places.models import Counter
from tests.support.attendance import MONDAY, blind, staffed
from tests.support.base import OfficeTestCase
from tests.support.clock import wib

TUESDAY, FRIDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=4)
EVENING = wib("18:00", FRIDAY)
WEEK = parse_period("2026-W47", FRIDAY)
CITY = OrgUnit(Level.CITY)


class ReportedWeekCase(OfficeTestCase):
    """A test class with that week.

    `one` is staffed except for the absence `away` on Monday and the late opening `late` on Tuesday, `two` is staffed on
    Monday, `far` is blind on Monday; nothing else was watched.
    """

    one: Counter
    two: Counter
    far: Counter
    away: Alert
    late: Alert

    @classmethod
    def setUpTestData(cls) -> None:
        """Store the week and bring the roll-ups up to date."""
        super().setUpTestData()
        world = cls.world
        cls.one, cls.two, cls.far = world.counter(world.ilir35), world.counter(world.kemang), world.counter(world.ulu34)
        away = staffed(cls.one, MONDAY, away=("10:00", "10:18"))
        late = staffed(cls.one, TUESDAY, late_to="08:05")
        assert away
        assert late
        cls.away, cls.late = away, late
        staffed(cls.two, MONDAY)
        blind(cls.far, MONDAY)
        rollups.bring_up_to_date(EVENING)

    def row(self, counter: Counter, day: date) -> DayTally:
        """Return the counter's tally of the day."""
        return DayTally.objects.get(counter=counter, day=day)

    def decide(self, alert: Alert, act: DecisionAct, reason: str) -> None:
        """Record Budi's decision on the indication, after those already recorded."""
        seen = alert.decisions.order_by("pk").values_list("pk", flat=True).last()
        decisions.record_decision(
            alert, self.world.budi, decisions.DecisionStatement(act, seen, reason, "Apel di kecamatan"), EVENING
        )
