"""A clock that jumps is an incident: it accuses nobody, and nothing is dated in the future."""

from datetime import timedelta

import pytest

from discipline.staffing import ledger
from discipline.staffing.incident_models import SystemIncident
from discipline.staffing.models import Flip, Standing
from streams.cameras.models import OccupancySpan
from tests.support.blackout import GRACE_S, City

pytestmark = [pytest.mark.once, pytest.mark.django_db]
Kind = SystemIncident.Kind


@pytest.mark.parametrize("by_s", [600, -600, 8, 86_400, -86_400])
def test_a_clock_that_jumps_accuses_nobody_and_dates_nothing_in_the_future(city: City, by_s: int) -> None:
    city.empty = {0, 1, 2}
    city.passes(60)
    city.jumps(by_s)
    city.sweeps()
    assert city.incident.kind == Kind.CLOCK_JUMPED
    city.passes(40)
    assert city.indications() == []
    assert not Standing.objects.filter(since__gt=city.now).exists()
    assert not Flip.objects.filter(noticed_at=city.now, at__gt=city.now).exists()
    if abs(by_s) < 80_000:  # a day later is a Tuesday, a day earlier a Sunday
        assert city.incident.ended_at is not None
        city.passes(GRACE_S - 40)
        assert city.indications() == [], "empty for less than a grace since"
        city.passes(60)
        assert city.indications() == ["absence"] * 3


def test_a_clock_that_was_a_day_ahead_leaves_no_incident_over_tomorrow(city: City) -> None:
    city.jumps(86_400)
    city.sweeps()
    city.passes(120)
    city.jumps(-86_400)
    city.sweeps()
    city.passes(60)
    assert not SystemIncident.objects.filter(ended_at__gt=city.now).exists()
    assert not SystemIncident.objects.filter(ended_at=None).exists()
    assert city.states() == {("staffed", "")}


def test_a_look_from_the_future_is_not_believed(city: City) -> None:
    spans = OccupancySpan.objects.count()
    ahead = city.look(0).__class__(city.counters[0].pk, city.now + timedelta(minutes=10), city.look(0).look, 1)
    assert ledger.record_samples([ahead], city.now) == []
    assert OccupancySpan.objects.count() == spans
    assert Standing.objects.get(counter=city.counters[0]).last_look_at == city.now
