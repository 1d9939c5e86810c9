"""The operators' notes: on a camera's trouble, on planned work, and from shift to shift."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from streams.cameras.models import Camera
from streams.cameras.troubles.models import CameraNote, CameraTrouble

Kind = CameraNote.Kind


@dataclass(slots=True)
class Ticket:
    """What was done about one trouble: its notes, the newest first."""

    notes: list[CameraNote] = field(default_factory=list)

    @property
    def seen(self) -> CameraNote | None:
        """The newest note by which somebody took notice; any note does."""
        return self.notes[0] if self.notes else None

    @property
    def called(self) -> CameraNote | None:
        """The newest note that the office was called."""
        return next((note for note in self.notes if note.kind == Kind.CALLED), None)

    @property
    def text(self) -> str:
        """The newest text."""
        return next((note.text for note in self.notes if note.text), "")


def write_note(
    kind: CameraNote.Kind,
    by: AbstractBaseUser | AnonymousUser,
    now: datetime,
    camera: Camera | None = None,
    text: str = "",
    until: datetime | None = None,
) -> CameraNote:
    """Add a note, to the camera's present trouble if it has one. `camera` needs its place loaded."""
    trouble = CameraTrouble.objects.filter(camera=camera, ended_at=None).first() if camera else None
    name = f"{camera.place.name}, {camera.name}"[:150] if camera else ""
    return CameraNote.objects.create(
        camera=camera, camera_name=name, trouble=trouble, kind=kind, text=text, until=until, at=now, by_id=by.pk or 0
    )


def tickets(troubles: Iterable[CameraTrouble]) -> dict[int, Ticket]:
    """Return the ticket of each trouble by its id; empty ones, too."""
    found: dict[int, Ticket] = defaultdict(Ticket)
    for note in CameraNote.objects.filter(trouble__in=[one.pk for one in troubles]).select_related("by"):
        found[note.trouble_id or 0].notes.append(note)
    return found


def planned_work(cameras: Collection[int], now: datetime) -> dict[int, CameraNote]:
    """Return by camera's id the note of the planned work that is going on now."""
    newest: dict[int, CameraNote] = {}
    of_work = CameraNote.objects.filter(camera__in=cameras, kind__in=[Kind.PLANNED, Kind.RESUMED], at__lte=now)
    for note in of_work.select_related("by").order_by("at", "pk"):
        newest[note.camera_id or 0] = note
    return {camera: note for camera, note in newest.items() if note.until and note.until > now}


def shift_notes(most: int) -> list[CameraNote]:
    """Return the newest notes from shift to shift, the newest first."""
    return list(CameraNote.objects.filter(kind=Kind.SHIFT).select_related("by")[:most])
