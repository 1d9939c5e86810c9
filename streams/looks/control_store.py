"""Keep pictures of a zone's staff in the database, and make the control groups of a camera's zones from them."""

import logging
import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import cv2
import numpy as np
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.utils import timezone

from streams.cameras.models import Camera, Zone
from streams.detect.api import Picture
from streams.detect.crops import as_picture
from streams.detect.relight import surroundings
from streams.looks.control_choice import KeptControl, one_to_drop
from streams.looks.control_group import ControlGroup
from streams.looks.models import StaffControl
from streams.pixels.occupancy import DetectionStep, ZoneFinding
from streams.pixels.shapes import DrawnZone, Frame

KEEP_EVERY = timedelta(minutes=10)
KEPT_FOR = timedelta(days=90)
QUALITY = 92  # of the JPEG
WAITING = 64  # pictures that may wait for PostgreSQL; more are dropped

log = logging.getLogger(__name__)


def control_groups(camera: Camera) -> dict[int, ControlGroup]:
    """Return the control group of each of the camera's zones by the zone's id; none without a reference picture.

    Controls from before the zone was drawn, or before the reference was taken, show another view and are left out.
    """
    reference = _decoded(camera.reference_jpeg)
    if reference is None:
        return {}
    groups = {}
    for row in camera.zones.all():
        zone = row.as_zone()
        groups[zone.id] = ControlGroup(
            zone, reference[surroundings(reference, zone)], _pictures(row, camera.reference_at)
        )
    return groups


def _pictures(zone: Zone, since: datetime | None) -> list[Picture]:
    rows = StaffControl.objects.filter(zone=zone, at__gte=max(zone.changed_at, since or zone.changed_at))
    found = (_decoded(row.jpeg) for row in rows)
    return [picture for picture in found if picture is not None]


def _decoded(jpeg: bytes | memoryview | None) -> Picture | None:
    image = cv2.imdecode(np.frombuffer(bytes(jpeg), np.uint8), cv2.IMREAD_COLOR) if jpeg else None
    return None if image is None else as_picture(image)


@dataclass(frozen=True, slots=True)
class _Control:
    zone: DrawnZone
    at: datetime
    score: float
    picture: Picture
    group: ControlGroup


class ControlKeeper:
    """Stores looks at staff, at most one per zone in KEEP_EVERY, from a thread of its own."""

    def __init__(self) -> None:
        self._kept_at: dict[int, datetime] = {}
        self._waiting: queue.Queue[_Control | None] = queue.Queue(WAITING)
        self._thread = threading.Thread(target=self._run, name="controls", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; returns after 2 s at the latest."""
        try:
            self._waiting.put_nowait(None)
        except queue.Full:
            return
        self._thread.join(2)

    def offer(
        self,
        frame: Frame,
        zones: Sequence[DrawnZone],
        findings: Sequence[ZoneFinding],
        groups: dict[int, ControlGroup],
    ) -> None:
        """Queue the zones in which staff were found just now, where one is due."""
        for zone, finding in zip(zones, findings, strict=True):
            group = groups.get(zone.id)
            if group is None or finding.people < zone.quorum or finding.step is DetectionStep.UNCHANGED:
                continue
            last = self._kept_at.get(zone.id)
            if last is not None and frame.at - last < KEEP_EVERY:
                continue
            self._kept_at[zone.id] = frame.at
            score = max((box.score for box in finding.boxes), default=0.0)
            picture = frame.image[surroundings(frame.image, zone)].copy()
            try:
                self._waiting.put_nowait(_Control(zone, frame.at, score, picture, group))
            except queue.Full:
                return

    def _run(self) -> None:
        while (control := self._waiting.get()) is not None:
            try:
                _store(control)
            except (DatabaseError, InterfaceError) as error:
                log.warning("Can't keep a control of zone %s: %s", control.zone.id, error)
                connection.close()
        connection.close()


@transaction.atomic
def _store(control: _Control) -> None:
    zone = Zone.objects.select_for_update(no_key=True).select_related("camera").filter(pk=control.zone.id).first()
    encoded, jpeg = cv2.imencode(".jpg", control.picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if zone is None or not encoded:  # removed meanwhile
        return
    since = max(zone.changed_at, zone.camera.reference_at or zone.changed_at, timezone.now() - KEPT_FOR)
    StaffControl.objects.filter(zone=zone, at__lt=since).delete()
    StaffControl.objects.create(zone=zone, at=control.at, score=control.score, jpeg=jpeg.tobytes())
    rows = list(StaffControl.objects.filter(zone=zone).defer("jpeg"))
    dropped = one_to_drop([KeptControl(timezone.localtime(row.at), row.score) for row in rows])
    if dropped is not None:
        rows[dropped].delete()
    pictures = _pictures(zone, zone.camera.reference_at)
    transaction.on_commit(lambda: control.group.replace(pictures))
