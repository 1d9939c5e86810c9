"""Controls are stored, bounded, and destroyed with what they show."""

import time
from datetime import datetime, timedelta

import cv2
import numpy as np
import pytest
from django.utils import timezone

from discipline.evidence import retention
from streams.cameras.models import Camera, Zone
from streams.looks.control_choice import MOST
from streams.looks.control_store import KEEP_EVERY, ControlKeeper, StoredControls, control_groups
from streams.looks.models import StaffControl
from streams.pixels.occupancy import DetectionStep, ZoneFinding
from streams.pixels.shapes import Box, Frame
from tests.support.base import World
from tests.support.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
ROOM = np.random.default_rng(1).integers(0, 256, (360, 640, 3), np.uint8)


@pytest.fixture
def camera() -> Camera:
    """A camera with a zone and a reference."""
    world = World()
    camera = world.cameras[world.ilir35.pk]
    if not camera.zones.exists():
        Zone.objects.create(
            camera=camera,
            subject=world.counter(world.ilir35).subject,
            polygon=[[0.3, 0.3], [0.6, 0.3], [0.6, 0.7], [0.3, 0.7]],
        )
    Zone.objects.update(changed_at=timezone.now() - timedelta(days=30))
    camera.reference_jpeg = cv2.imencode(".jpg", ROOM)[1].tobytes()
    camera.reference_at = timezone.now() - timedelta(days=20)
    camera.save()
    return Camera.objects.get(pk=camera.pk)


def offer(keeper: ControlKeeper, camera: Camera, at: datetime, step: DetectionStep = DetectionStep.FRAME) -> None:
    zones = [zone.as_zone() for zone in camera.zones.all()]
    found = [ZoneFinding(zone.id, 1, (Box(0.4, 0.4, 0.5, 0.6, 0.7),), step) for zone in zones]
    keeper.offer(Frame(ROOM, at), zones, found, control_groups(camera))


def stored(count: int) -> None:
    wait_until(lambda: StaffControl.objects.count() == count, 10)


def test_a_look_at_staff_is_kept_once_in_ten_minutes_and_becomes_a_control(camera: Camera) -> None:
    keeper, now = ControlKeeper(), timezone.now() - timedelta(hours=1)
    keeper.start()
    offer(keeper, camera, now, DetectionStep.UNCHANGED)
    offer(keeper, camera, now)
    offer(keeper, camera, now + timedelta(minutes=1))
    offer(keeper, camera, now + KEEP_EVERY)
    stored(2)
    (group,) = control_groups(camera).values()
    assert len(group) == 2
    assert StaffControl.objects.values_list("score", flat=True)[0] == pytest.approx(0.7)
    keeper.stop()


def test_at_most_so_many_are_kept_and_the_running_group_has_them(camera: Camera) -> None:
    keeper, now = ControlKeeper(), timezone.now() - timedelta(days=2)
    keeper.start()
    for number in range(MOST + 6):
        offer(keeper, camera, now + number * KEEP_EVERY)
        time.sleep(0.01)
    keeper.stop()
    assert StaffControl.objects.count() == MOST


def test_what_shows_another_view_is_no_control(camera: Camera) -> None:
    zone = camera.zones.get()
    jpeg = cv2.imencode(".jpg", ROOM)[1].tobytes()
    StaffControl.objects.create(zone=zone, at=timezone.now() - timedelta(days=25), score=0.5, jpeg=jpeg)
    StaffControl.objects.create(zone=zone, at=timezone.now() - timedelta(days=1), score=0.5, jpeg=jpeg)
    (group,) = control_groups(camera).values()
    assert len(group) == 1, "one is older than the reference"
    zone.save()  # redrawn
    (group,) = control_groups(Camera.objects.get(pk=camera.pk)).values()
    assert len(group) == 0


def test_controls_are_destroyed_with_their_zone(camera: Camera) -> None:
    zone = camera.zones.get()
    StaffControl.objects.create(zone=zone, at=timezone.now(), score=0.5, jpeg=b"")
    zone.delete()
    assert not StaffControl.objects.exists()


def test_without_a_reference_there_is_no_control_group(camera: Camera) -> None:
    Camera.objects.update(reference_jpeg=None)
    assert control_groups(Camera.objects.get(pk=camera.pk)) == {}


def test_controls_expire_with_the_evidence_that_no_case_needs(camera: Camera) -> None:
    zone, now = camera.zones.get(), timezone.now()
    for days in (29, 31):
        StaffControl.objects.create(zone=zone, at=now - timedelta(days=days), score=0.5, jpeg=b"")
    retention.apply_retention(now)
    assert StaffControl.objects.values_list("at", flat=True).get() == now - timedelta(days=29)


def test_controls_are_read_slice_by_slice_without_those_removed_meanwhile(camera: Camera) -> None:
    zone, now = camera.zones.get(), timezone.now()
    for number in range(5):
        StaffControl.objects.create(zone=zone, at=now + timedelta(seconds=number), score=0.5, jpeg=b"%d" % number)
    controls = StoredControls.of(zone, camera)
    StaffControl.objects.filter(jpeg=b"1").delete()
    assert (len(controls), controls[0:3], controls[3:9], controls[4]) == (5, [b"0", b"2"], [b"3", b"4"], b"4")
