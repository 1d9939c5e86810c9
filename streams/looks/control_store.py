"""Keep pictures of a zone's staff in the database, and make the control groups of a camera's zones from them."""

import logging
import queue
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import overload

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.utils import timezone

from streams.cameras.models import Camera, Zone
from streams.detect.relight import surroundings
from streams.looks.control_choice import KeptControl, one_to_drop
from streams.looks.control_group import ControlGroup, encode_control
from streams.looks.models import StaffControl
from streams.pixels.jpeg import Picture, decode_jpeg
from streams.pixels.occupancy import DetectionStep, ZoneFinding
from streams.pixels.shapes import DrawnZone, Frame

KEEP_EVERY = timedelta(minutes=10)
WAITING = 64  # pictures that may wait for PostgreSQL; more are dropped

log = logging.getLogger(__name__)


def control_groups(camera: Camera) -> dict[int, ControlGroup]:
    """Return the control group of each of the camera's zones by the zone's id; none without a reference picture.

    Controls from before the zone was drawn, or before the reference was taken, show another view and are left out.
    """
    jpeg = bytes(camera.reference_jpeg or b"")
    if decode_jpeg(jpeg) is None:
        return {}
    rows = {row: row.as_zone() for row in camera.zones.all()}
    return {
        zone.id: ControlGroup(zone, partial(_reference, jpeg, zone), StoredControls.of(row, camera))
        for row, zone in rows.items()
    }


def _reference(jpeg: bytes, zone: DrawnZone) -> Picture:
    picture = decode_jpeg(jpeg)
    assert picture is not None
    return picture[surroundings(picture, zone)]


class StoredControls(Sequence[bytes]):
    """Controls in the database, read slice by slice. Those that were removed meanwhile are left out of a slice.

    Raises DatabaseError or InterfaceError when PostgreSQL is away.
    """

    def __init__(self, ids: Iterable[int]) -> None:
        self._ids = tuple(ids)

    @classmethod
    def of(cls, zone: Zone, camera: Camera) -> "StoredControls":
        """Return the controls of the zone that show what it shows now, in order of time."""
        rows = StaffControl.objects.filter(zone=zone, at__gte=_view_since(zone, camera))
        return cls(rows.values_list("pk", flat=True))

    def __len__(self) -> int:
        return len(self._ids)

    @overload
    def __getitem__(self, index: int) -> bytes: ...
    @overload
    def __getitem__(self, index: slice) -> list[bytes]: ...
    def __getitem__(self, index: int | slice) -> bytes | list[bytes]:
        ids = self._ids[index] if isinstance(index, slice) else (self._ids[index],)
        try:
            jpegs = dict(StaffControl.objects.filter(pk__in=ids).values_list("pk", "jpeg"))
        except (DatabaseError, InterfaceError):
            connection.close()
            raise
        found = [bytes(jpegs[pk]) for pk in ids if pk in jpegs]
        return found if isinstance(index, slice) else found[0]


def _view_since(zone: Zone, camera: Camera) -> datetime:
    """Return since when the zone shows what it shows now."""
    return max(zone.changed_at, camera.reference_at or zone.changed_at)


@dataclass(frozen=True, slots=True)
class _Control:
    zone: DrawnZone
    at: datetime
    score: float
    jpeg: bytes
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
            jpeg = encode_control(frame.image[surroundings(frame.image, zone)])
            with suppress(queue.Full):
                self._waiting.put_nowait(_Control(zone, frame.at, score, jpeg, group))

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
    if zone is None:  # removed meanwhile
        return
    StaffControl.objects.filter(zone=zone, at__lt=_view_since(zone, zone.camera)).delete()
    StaffControl.objects.create(zone=zone, at=control.at, score=control.score, jpeg=control.jpeg)
    rows = list(StaffControl.objects.filter(zone=zone).defer("jpeg"))
    dropped = one_to_drop([KeptControl(timezone.localtime(row.at), row.score) for row in rows])
    if dropped is not None:
        rows[dropped].delete()
    controls = StoredControls.of(zone, zone.camera)
    transaction.on_commit(lambda: control.group.set_controls(controls))
