"""Rechecking indications of a day on which Sidak itself failed."""

from datetime import timedelta

import pytest

from discipline.alerts.case import case_file
from discipline.alerts.models import Alert
from discipline.staffing.alert_kinds import AlertKind
from discipline.staffing.incident_models import IncidentDoubt
from discipline.staffing.models import Flip, StaffingRule
from tests.support.blackout import ALL_CAMERAS, GRACE_S, City

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def city() -> City:
    """A city of which two counters are empty when the watch dies, for ten minutes of which nothing sweeps either."""
    city = City()
    city.passes(60)
    city.empty = (0, 1)
    city.passes(GRACE_S + 60)
    city.watching = False
    city.passes(120)
    city.now += timedelta(minutes=10)
    city.steady_s += 600
    city.passes(120)
    city.watching = True
    city.passes(GRACE_S + 120)
    city.empty = ()
    city.passes(60)
    return city


def differing(city: City) -> list[int]:
    """Return the indications (pk) whose recheck differs."""
    alerts = Alert.objects.order_by("pk")
    return [alert.pk for alert in alerts if not case_file.recheck(case_file.open_case(alert, city.now)).same]


def test_what_an_incident_interrupted_comes_out_as_it_was(city: City) -> None:
    kept = Alert.objects.filter(withdrawn_by=None)
    assert {alert.counter_id for alert in kept} == {city.counters[0].pk, city.counters[1].pk}
    assert Flip.objects.filter(reason="system").exists()
    assert differing(city) == []


def test_an_incident_that_was_taken_away_afterwards_shows(city: City) -> None:
    IncidentDoubt.objects.all().delete()
    assert differing(city)


def test_a_flip_of_an_incident_that_was_moved_shows(city: City) -> None:
    for flip in Flip.objects.filter(reason="system"):
        Flip.objects.filter(pk=flip.pk).update(at=flip.at + timedelta(seconds=1))
    assert differing(city)


def test_a_covered_camera_that_an_incident_makes_doubtful_is_withdrawn() -> None:
    city = City()
    StaffingRule.objects.update(blinded_s=60)
    city.covered = (3,)
    city.passes(45)
    city.dark = tuple(set(ALL_CAMERAS) - {3})
    city.passes(180)
    note = Alert.objects.get(kind=AlertKind.BLINDED)
    assert note.since < city.incident.since < note.raised_at
    assert note.withdrawn_by == city.incident
    assert differing(city) == []


def test_a_camera_fault_that_waited_until_it_was_certain_comes_out_as_it_was() -> None:
    city = City()
    StaffingRule.objects.update(camera_fault_s=30)
    city.passes(60)
    city.dark = (3,)
    city.passes(180)
    fault = Alert.objects.get()
    assert fault.raised_at > fault.since + timedelta(seconds=30)
    assert differing(city) == []
    Alert.objects.update(raised_at=fault.since)
    assert differing(city) == [fault.pk]
