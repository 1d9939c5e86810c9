"""A test case of a month that a camat reviews, signs and sends."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from discipline.alerts.decisions import record as decisions
from discipline.alerts.decisions.rule import DecisionAct
from discipline.alerts.models import Alert
from discipline.reports.numbers import rollups
from discipline.reports.numbers.period import parse_period
from discipline.reports.numbers.places import OrgUnit
from discipline.reports.signing import amending, taking
from discipline.reports.signing.models import MonthSnapshot, SigningStep
from discipline.reports.signing.page import signing_page
from discipline.reports.signing.steps import SignStep, StepRefused
from discipline.reports.signing.taking import StepRequest
from tests.support.attendance import MONDAY, staffed
from tests.support.base import PASSWORD, OfficeTestCase
from tests.support.clock import wib
from tests.support.months import ilir_barat

NOVEMBER = parse_period("2026-11", MONDAY)
NOW = wib("09:00", date(2026, 12, 2))
LATER = NOW + timedelta(days=1)


class SigningTestCase(OfficeTestCase):
    """Budi's November, with an absence of 18 minutes on the 16th."""

    away: Alert
    place: OrgUnit

    @classmethod
    def setUpTestData(cls) -> None:
        """Store the days of November once for the class."""
        super().setUpTestData()
        away = staffed(cls.world.counter(cls.world.ilir35), MONDAY, away=("10:00", "10:18"))
        assert away
        cls.away, cls.place = away, ilir_barat(cls.world)
        staffed(cls.world.counter(cls.world.kemang), MONDAY)
        staffed(cls.world.counter(cls.world.ulu34), MONDAY)
        rollups.rebuild_days(MONDAY, NOVEMBER.last, NOW)

    def take(self, step: SignStep, now: datetime = NOW, **more: Any) -> SigningStep:
        """Take a step as Budi, who has just opened the page; `more` replaces fields of the request."""
        seen = signing_page(self.place, NOVEMBER, self.world.budi, now)
        word = StepRequest(step, seen.seen, **({"sha256": seen.sha256, "password": PASSWORD} | more))
        return taking.take_step(self.place, NOVEMBER, self.world.budi, word, now)

    def refused(self, step: SignStep, now: datetime = NOW, **more: Any) -> str:
        """Return why a step is refused. Fails the test when it is taken."""
        with pytest.raises(StepRefused) as refusal:
            self.take(step, now, **more)
        return refusal.value.why

    def sign(self) -> MonthSnapshot:
        """Review and sign the month as Budi; return what was signed."""
        self.take(SignStep.REVIEWED)
        signed = self.take(SignStep.SIGNED).snapshot
        assert signed
        return signed

    def excuse(self, act: DecisionAct = DecisionAct.EXCUSED, reason: str = "apel") -> None:
        """Decide on the absence as Budi; by default excuse it."""
        newest = self.away.decisions.order_by("-pk").values_list("pk", flat=True).first()
        decisions.record_decision(
            self.away, self.world.budi, decisions.DecisionStatement(act, newest, reason, "Apel di kecamatan"), NOW
        )

    def excuse_late(self) -> None:
        """Excuse the absence after the month was signed, and note the amendment as Celery would."""
        self.excuse()
        rollups.recount_marked(NOW)
        assert amending.note_amendments(LATER) == 1
