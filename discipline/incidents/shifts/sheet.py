"""Build the handover sheet from what the system knows now. Its words are Indonesian, as it is stored."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import override

from discipline.core.wording import name_of
from discipline.evidence.models import LegalHold
from discipline.incidents.finding import open_incidents
from discipline.incidents.models import Incident
from discipline.incidents.queue.gathering import gather
from discipline.incidents.queue.items_rule import ItemKind, QueueItem
from discipline.incidents.shifts.models import Shift
from discipline.incidents.shifts.sheet_rule import MOST, PartLines, SheetLine, SheetPart, sheet_of
from streams.cameras.models import Camera
from streams.cameras.troubles.notes import planned_work, shift_notes
from streams.control.steering.models import CameraAway
from streams.evidence.recording.models import RecordingHold
from streams.looks.streets.keeping import muted
from streams.looks.streets.models import HintRule, HintSetting

ELSEWHERE = (ItemKind.INCIDENT, ItemKind.TASK, ItemKind.CAMERA)  # these have parts of their own


def build(now: datetime) -> list[PartLines]:
    """Return the sheet."""
    with override("id"):
        items = gather(now)
        unowned = [item for item in items if not item.owner and item.kind not in ELSEWHERE]
        return sheet_of(
            {
                SheetPart.INCIDENTS: _incidents(),
                SheetPart.LATE_TASKS: _lines(item for item in items if item.kind is ItemKind.TASK),
                SheetPart.UNOWNED: _lines(unowned),
                SheetPart.CAMERAS: _lines(item for item in items if item.kind is ItemKind.CAMERA),
                SheetPart.PLANNED: _planned(now),
                SheetPart.AWAY: _away(),
                SheetPart.MUTED: _muted(),
                SheetPart.HOLDS: (*_holds(), *_evidence_holds()),
                SheetPart.NOTES: _notes(),
            }
        )


def _lines(items: Iterator[QueueItem] | list[QueueItem]) -> Iterator[SheetLine]:
    for item in items:
        detail = f"{item.kind.label}, {item.state}" if item.kind is not ItemKind.CAMERA else item.state
        yield SheetLine(item.title, item.place, detail, item.owner, item.since, item.url)


def _incidents() -> Iterator[SheetLine]:
    rows = open_incidents(Incident.objects.select_related("owner", "place", "near"))
    for one in rows.order_by("priority", "opened_at", "pk"):
        place = one.place.name if one.place else one.address or (one.near.name if one.near else "")
        title, url = f"{one.number} {one.title}", reverse("city-incident", args=[one.pk])
        detail = f"{one.get_priority_display()}, {one.get_state_display()}"
        yield SheetLine(title, place, detail, name_of(one.owner), one.opened_at, url)


def _planned(now: datetime) -> Iterator[SheetLine]:
    cameras = {one.pk: one for one in Camera.objects.filter(enabled=True).select_related("place")}
    for camera, note in sorted(planned_work(cameras.keys(), now).items()):
        yield _of_camera(cameras[camera], note.text, note.at, name_of(note.by))


def _away() -> Iterator[SheetLine]:
    for row in CameraAway.objects.filter(back_at=None).select_related("camera__place"):
        yield _of_camera(row.camera, "", row.since)


def _muted() -> Iterator[SheetLine]:
    rule = HintRule.current()
    for setting in HintSetting.objects.filter(on=True).select_related("camera__place"):
        if muted(setting, rule):
            yield _of_camera(setting.camera, setting.get_kind_display(), None)


def _holds() -> Iterator[SheetLine]:
    rows = list(RecordingHold.objects.filter(released_at=None).select_related("by"))
    cameras = Camera.objects.select_related("place").in_bulk({row.camera_id for row in rows})  # some may be deleted
    for row in rows:
        if row.camera_id in cameras:
            yield _of_camera(cameras[row.camera_id], row.reason, row.at, name_of(row.by))
        else:
            yield SheetLine(f"#{row.camera_id}", "", row.reason, name_of(row.by), row.at)


def _evidence_holds() -> Iterator[SheetLine]:
    rows = LegalHold.objects.filter(ended_at=None).select_related(
        "alert__counter__kelurahan", "alert__counter__place__kecamatan", "kelurahan", "by"
    )
    for hold in rows:
        office = hold.alert.counter.office if hold.alert else hold.kelurahan
        url = reverse("indication", args=[hold.alert_id]) if hold.alert_id else reverse("retention")
        yield SheetLine(str(hold), office.name if office else "", hold.reason, name_of(hold.by), hold.since, url)


def _notes() -> Iterator[SheetLine]:
    """Yield the notes that operators wrote for the next shift since the open one began."""
    shift = Shift.objects.filter(ended_at=None).first()
    if shift is None:
        return
    for note in shift_notes(MOST):
        if note.at >= shift.started_at:
            yield SheetLine(note.text, note.camera_name, "", name_of(note.by), note.at, reverse("cameras"))


def _of_camera(camera: Camera, detail: str, since: datetime | None, owner: str = "") -> SheetLine:
    return SheetLine(camera.name, camera.place.name, detail, owner, since, reverse("camera", args=[camera.pk]))
