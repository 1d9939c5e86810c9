"""The last complete month by the machine's clock, for tests that go through pages."""

from datetime import date

from django.utils import timezone

from discipline.alerts.decisions import record as decisions
from discipline.alerts.decisions.rule import DecisionAct
from discipline.alerts.models import Alert
from discipline.reports.numbers import rollups
from discipline.reports.numbers.period import DAY, Period, PeriodKind, period_of
from discipline.reports.numbers.places import Level, OrgUnit
from discipline.reports.signing import amending, taking
from discipline.reports.signing.page import signing_page
from discipline.reports.signing.steps import SignStep
from offices.hours.schedule import Schedule, local_day
from tests.support.attendance import staffed
from tests.support.base import PASSWORD, World


def last_month() -> Period:
    """Return the month before the present one."""
    return period_of(PeriodKind.MONTH, local_day(timezone.now())).before


def working_day(world: World) -> date:
    """Return the first day of last month on which 35 Ilir is open."""
    counter = world.counter(world.ilir35).pk
    schedule, day = Schedule([counter]), last_month().first
    while not schedule.day(counter, day).intervals:
        day += DAY
    return day


def month_with_an_absence(world: World) -> Alert:
    """Store last month of Budi's kecamatan and return its only indication.

    On one day Loket 1 of 35 Ilir was empty for 18 minutes; the other days have no looks.
    """
    day = working_day(world)
    alert = staffed(world.counter(world.ilir35), day, away=("10:00", "10:18"))
    assert alert
    staffed(world.counter(world.kemang), day)
    rollups.rebuild_days(day, last_month().last, timezone.now())
    return alert


def ilir_barat(world: World) -> OrgUnit:
    """Return Budi's kecamatan as a unit of the reports."""
    return OrgUnit(Level.KECAMATAN, world.kecamatan["16.71.01"])


def sign_last_month(world: World) -> Period:
    """Review and sign last month as Budi, now; return the month."""
    place, month, now = ilir_barat(world), last_month(), timezone.now()
    for step in (SignStep.REVIEWED, SignStep.SIGNED):
        seen = signing_page(place, month, world.budi, now)
        taking.take_step(
            place, month, world.budi, taking.StepRequest(step, seen.seen, seen.sha256, password=PASSWORD), now
        )
    return month


def excuse(absence: Alert, world: World) -> None:
    """Excuse the absence as Budi, now, and note the amendment as Celery would."""
    now = timezone.now()
    decisions.record_decision(
        absence, world.budi, decisions.DecisionStatement(DecisionAct.EXCUSED, None, "apel", ""), now
    )
    rollups.recount_marked(now)
    amending.note_amendments(now)


def amended_month(world: World) -> None:
    """Store a month that was signed and then changed by an excuse."""
    absence = month_with_an_absence(world)
    sign_last_month(world)
    excuse(absence, world)
