"""False alarms measure the detector: pictures of the demo, stored as evidence, judged by a camat."""

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from discipline.alerts.decisions.record import DecisionStatement, record_decision
from discipline.alerts.decisions.rule import DecisionAct
from discipline.alerts.models import Alert, Decision
from discipline.tools.evaluate.false_alarms import review_set
from streams.evidence.store import path_of
from streams.looks.labels import pictures
from streams.simulator.layouts import LAYOUTS
from tests.support.base import MORNING, World
from tests.support.pictures import jpeg
from tests.support.proof import Form, Kind, store_still

pytestmark = pytest.mark.once

ZONE = [list(point) for point in LAYOUTS["hall"].zone]


def shown(footage: Path, clip: str) -> bytes:
    """Return the first picture of a clip as a JPEG."""
    _, image = next(pictures(footage / f"hall-{clip}.h264", 1.0))
    return jpeg(image, 95)


@pytest.fixture
def world(db: None) -> World:
    del db  # requested for its effect
    return World()


@pytest.fixture
def alert(world: World, footage: Path) -> Alert:
    """An indication with two pictures: one with a clerk at the desk, one without."""
    counter = world.counter(world.ilir35)
    accused = world.accuse(counter)
    for kind, clip in ((Kind.DEADLINE, "staffed"), (Kind.FIRST_EMPTY, "empty")):
        original = store_still(counter, kind, data=shown(footage, clip), polygon=ZONE)
        plain = store_still(counter, kind, Form.PLAIN, of=original)
        accused.evidence.add(original, plain)
    return accused


def call(world: World, alert: Alert, reason: str) -> Decision:
    return record_decision(alert, world.budi, DecisionStatement(DecisionAct.FALSE_ALARM, None, reason), MORNING)


def reviews(**options: Any) -> str:
    out = io.StringIO()
    call_command("evaluate", "--reviews", stdout=out, **options)
    return out.getvalue()


@pytest.mark.usefixtures("detector")
def test_the_detector_is_measured_on_what_the_camat_called_false(world: World, alert: Alert) -> None:
    call(world, alert, "staff_there")
    report = json.loads(reviews(json=True))
    assert report["total"]["staffed_looks"] == 2
    assert report["total"]["staffed_called_empty"] == 1  # on the empty picture the camat and the detector disagree
    lost = {row["clip"].split()[0]: row["staffed_called_empty"] for row in report["zones"]}
    assert lost == {"deadline": 0, "first_empty": 1}
    assert "1 (50.00%)" in reviews().splitlines()[-1]


def test_what_was_taken_back_or_blamed_on_the_camera_is_not_reviewed(world: World, alert: Alert) -> None:
    row = call(world, alert, "staff_there")
    assert len(review_set().stills) == 2
    record_decision(alert, world.budi, DecisionStatement(DecisionAct.UNDONE, row.pk), MORNING + timedelta(minutes=1))
    assert review_set().false_alarms == 0
    newest = alert.decisions.order_by("pk").last()
    assert newest is not None
    record_decision(
        alert,
        world.budi,
        DecisionStatement(DecisionAct.FALSE_ALARM, newest.pk, "camera_wrong"),
        MORNING + timedelta(minutes=2),
    )
    assert review_set().false_alarms == 0


def test_destroyed_pictures_are_shown_as_destroyed(world: World, alert: Alert) -> None:
    call(world, alert, "staff_there")
    for row in alert.evidence.filter(form=Form.ORIGINAL):
        path_of(row).unlink()
    with pytest.raises(CommandError, match=r"1 false alarms with staff at the counter.* 2 of their pictures are gone"):
        reviews()
