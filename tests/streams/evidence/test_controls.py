"""The control pictures of an indication are shown to the detector again."""

from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from discipline.alerts.models import Alert
from streams.detect.api import Detector
from streams.detect.relight import surroundings
from streams.evidence import store
from streams.evidence.controls import recheck_controls
from streams.evidence.models import Evidence
from streams.looks.shown_controls import encode_shown, pack
from streams.pixels.occupancy import ShownControl
from streams.pixels.shapes import DrawnZone
from streams.simulator.layouts import LAYOUTS
from tests.support.base import World
from tests.support.clock import wib
from tests.support.exhibits import frame
from tests.support.pictures import jpeg
from tests.support.proof import Kind, store_still
from tests.support.story import absence_of_eighteen_minutes

pytestmark = [pytest.mark.django_db, pytest.mark.once]
POLYGON = LAYOUTS["hall"].zone
ZONE = DrawnZone(1, 1, POLYGON, 1)
DUE = wib("09:52:05")


@pytest.fixture
def alert() -> Alert:
    world = World()
    return absence_of_eighteen_minutes(world.counter(world.ilir35))


def keep(alert: Alert, footage: Path, *, claimed: bool = True, at: datetime = DUE) -> Evidence:
    """Store a still and two controls, one with staff; `claimed`: whether the one without was stored as missed."""
    empty, staff = frame(footage, "empty"), frame(footage, "staffed")
    parts = [encode_shown(image[surroundings(image, ZONE)]) for image in (staff, empty)]
    controls = [ShownControl(parts[0], seen=True), ShownControl(parts[1], seen=not claimed)]
    points = [list(point) for point in POLYGON]
    store_still(alert.counter, Kind.DEADLINE, at=at, data=jpeg(empty), polygon=points)
    seen = sum(one.seen for one in controls)
    row = store_still(
        alert.counter, Kind.CONTROLS, at=at, data=pack(controls), polygon=points, seen=seen, shown=2, quorum=1
    )
    alert.evidence.add(row)
    return row


def test_the_same_controls_are_seen_again(alert: Alert, footage: Path, detector: Detector) -> None:
    found = recheck_controls(keep(alert, footage), detector)
    assert (found.same, found.shown, found.seen, found.seen_again, found.differing) == (True, 2, 1, 1, ())


def test_a_control_that_is_seen_otherwise_is_named(alert: Alert, footage: Path, detector: Detector) -> None:
    found = recheck_controls(keep(alert, footage, claimed=False), detector)
    assert (found.same, found.seen, found.seen_again, found.differing) == (False, 2, 1, (2,))


def test_the_recheck_of_an_indication_says_so(alert: Alert, footage: Path) -> None:
    keep(alert, footage)
    out = StringIO()
    call_command("replay", alert=alert.pk, stdout=out)
    assert "controls  sama: 1 of 2 were seen, 1 are seen now" in out.getvalue()


def test_a_recheck_that_differs_fails(alert: Alert, footage: Path) -> None:
    keep(alert, footage, claimed=False)
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("replay", alert=alert.pk, json=True, stdout=out)
    assert '"same": false' in out.getvalue()
    assert '"controls": [{"shown": 2, "seen": 2, "again": 1, "differing": [2]}]' in out.getvalue()


def test_changed_or_destroyed_controls_are_not_shown_again(alert: Alert, footage: Path) -> None:
    row = keep(alert, footage)
    store.path_of(row).write_bytes(b"other")
    with pytest.raises(CommandError, match="was changed since it was stored"):
        call_command("replay", alert=alert.pk)
    store.note_destroyed(row, "retention", DUE)
    out = StringIO()
    call_command("replay", alert=alert.pk, stdout=out)
    assert "controls" not in out.getvalue()
