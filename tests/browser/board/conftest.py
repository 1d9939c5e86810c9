"""Fixtures: the running site and a city that is staffed, both at noon."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from discipline.staffing import ledger
from discipline.staffing.models import StaffingRule, StandingState
from offices.hours.models import HoursPlan
from tests.support.base import World
from tests.support.clock import noon_today
from tests.support.processes import Daphne


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> timedelta:
    """Set Django's clock to noon, so that midnight never falls into a test; return how far it is ahead."""
    real_now = timezone.now
    ahead = noon_today() - real_now()
    monkeypatch.setattr(timezone, "now", lambda: real_now() + ahead)
    return ahead


@pytest.fixture
def site(transactional_db: None, noon: timedelta) -> Iterator[Daphne]:
    """The running site, whose clock is the test's."""
    del transactional_db  # requested for its effect
    with Daphne(ahead=noon) as running:
        yield running


@pytest.fixture
def world(noon: timedelta) -> World:
    """The users and offices on duty around the clock, all counters staffed for three hours."""
    del noon  # requested for its effect
    ledger.schedule.forget()
    made = World()
    HoursPlan.objects.update(**dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"), on_holidays=True)
    StaffingRule.objects.create()
    for counters in made.counters.values():
        for counter in counters:
            made.stand(counter, StandingState.STAFFED, timezone.now() - timedelta(hours=3), opened=True)
    return made
