"""Delete recorded minutes: those past their time, and when room runs short the oldest of the lowest class.

A minute under a hold is never deleted. Files go before their rows, so that no file is forgotten.
"""

import logging
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet, Sum

from offices.hours.schedule import local_day
from streams.evidence.disk import DiskRoom, DiskState, room_at
from streams.evidence.recording.classes import dated_rules
from streams.evidence.recording.models import CLASSES, EarlyDeletion, RecordedMinute, RecordingHold
from streams.evidence.recording.retention_rule import kept_days, lowest_first
from streams.servers.locks import Lock, try_lock

GB = 10**9
BATCH = 500
LONGEST_S = 45.0  # of one run; the next goes on
CALM = 0.98  # of the quota: so far it is emptied, so that not every run deletes

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RecordingRoom:
    """used: bytes of all recordings; allowed: how many they may take; disk: the room on their disk."""

    used: int
    allowed: int
    disk: DiskRoom

    @property
    def short_by(self) -> int:
        """Bytes that must be deleted for the quota."""
        return max(0, self.used - self.allowed)


def recording_room() -> RecordingRoom:
    """Return the room for recordings: by RECORDING_GB, or up to the state LOW of their disk. Raises OSError."""
    disk = room_at(Path(settings.RECORDING_DIR))
    used = RecordedMinute.objects.aggregate(used=Sum("size"))["used"] or 0
    by_disk = used + max(0, disk.free - disk.low)
    return RecordingRoom(used, min(settings.RECORDING_GB * GB, by_disk) if settings.RECORDING_GB else by_disk, disk)


def apply_recording_retention(now: datetime, longest_s: float = LONGEST_S) -> int:
    """Delete what is past its time, then what there is no room for. Return how many minutes went.

    Raises OSError when a file can't be deleted; its row stays then.
    """
    until = time.monotonic() + longest_s
    with try_lock(Lock.RECORDING_RETENTION) as free:
        if not free:
            return 0
        deleted = _delete_expired(now, until)
        return deleted + _make_room(now, until)


def _delete_expired(now: datetime, until: float) -> int:
    deleted = 0
    days = kept_days(dated_rules(), local_day(now))
    for kept_as, kept in days.items():
        expired = deletable().filter(kept_as=kept_as, starts_at__lt=now - timedelta(days=kept))
        while time.monotonic() < until and (batch := list(expired.order_by("starts_at")[:BATCH])):
            deleted += len(_delete(batch))
    return deleted


def _make_room(now: datetime, until: float) -> int:
    """Delete the oldest minutes of the lowest class that has any, while the quota or the disk is too full."""
    deleted = 0
    if not settings.RECORDING_GB and room_at(Path(settings.RECORDING_DIR)).state is DiskState.ENOUGH:
        return 0  # without summing up all sizes, which takes seconds with millions of rows
    days = kept_days(dated_rules(), local_day(now))
    for kept_as in lowest_first(days, [code for code, _ in CLASSES]):
        room = recording_room()
        if not room.short_by and room.disk.state is DiskState.ENOUGH:
            break
        deleted += _shorten(kept_as, room, now, until)
    return deleted


def _shorten(kept_as: str, room: RecordingRoom, now: datetime, until: float) -> int:
    """Delete the class's oldest minutes until there is room, and record that. Return how many."""
    why = EarlyDeletion.Why.QUOTA if room.disk.state is DiskState.ENOUGH else EarlyDeletion.Why.DISK
    wanted = max(room.used - int(CALM * room.allowed), room.disk.low - room.disk.free, 1)
    gone: list[RecordedMinute] = []
    freed = 0
    oldest = deletable().filter(kept_as=kept_as).order_by("starts_at")
    while freed < wanted and time.monotonic() < until and (batch := list(oldest[:BATCH])):
        took = _delete(_first_of(batch, wanted - freed))
        freed += sum(minute.size for minute in took)
        gone += took
    if gone:
        newest = max(minute.starts_at for minute in gone)
        EarlyDeletion.objects.create(at=now, why=why, kept_as=kept_as, minutes=len(gone), size=freed, until=newest)
        log.warning(
            "%d recorded minutes of class %s up to %s were deleted before their time (%s): %.1f GB",
            len(gone),
            kept_as,
            newest,
            why.value,
            freed / GB,
        )
    return len(gone)


def _first_of(batch: Iterable[RecordedMinute], wanted: int) -> list[RecordedMinute]:
    """Return as many of the first ones as have `wanted` bytes."""
    first: list[RecordedMinute] = []
    for minute in batch:
        if wanted <= 0:
            break
        first.append(minute)
        wanted -= minute.size
    return first


def deletable() -> "QuerySet[RecordedMinute]":
    """Return the minutes that no hold exempts, with what deletion needs of them."""
    holds = RecordingHold.objects.filter(
        camera=OuterRef("camera"), released_at=None, since__lt=OuterRef("ends_at"), until__gt=OuterRef("starts_at")
    )
    return RecordedMinute.objects.filter(~Exists(holds)).only("path", "size", "starts_at")


def _delete(batch: list[RecordedMinute], unlink: Callable[[Path], None] = Path.unlink) -> list[RecordedMinute]:
    """Delete the files, their empty folders and their rows, and return them. Raises OSError after those that went."""
    root = Path(settings.RECORDING_DIR)
    gone: list[RecordedMinute] = []
    try:
        for minute in batch:
            with suppress(FileNotFoundError):
                unlink(root / minute.path)
            gone.append(minute)
    finally:
        RecordedMinute.objects.filter(pk__in=[minute.pk for minute in gone]).delete()
        for folder in {(root / minute.path).parent for minute in gone}:
            _remove_empty(folder, root)
    return gone


def _remove_empty(folder: Path, root: Path) -> None:
    with suppress(OSError):  # not empty
        while folder != root:
            folder.rmdir()
            folder = folder.parent
