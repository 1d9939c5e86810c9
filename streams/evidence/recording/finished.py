"""The minutes whose files are complete, and their rows."""

import hashlib
import threading
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from streams.evidence.recording.minute_file import MinuteFacts, MinuteLayout, pack_index
from streams.evidence.recording.models import RecordedMinute
from streams.source.fmp4 import TICKS

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST_WAITING = 200_000  # rows kept while PostgreSQL is unreachable: half a day of 248 cameras
BATCH = 1000


@dataclass(frozen=True, slots=True)
class FinishedMinute:
    """A file that is complete. path: below RECORDING_DIR; ends_at: when its last picture arrived."""

    facts: MinuteFacts
    layout: MinuteLayout
    ends_at: datetime
    sha256: str
    path: str

    def row(self) -> RecordedMinute:
        """Return the file's row, unsaved."""
        starts_at = datetime.fromisoformat(self.facts.starts_at)
        return RecordedMinute(
            camera_id=self.facts.camera,
            place_id=self.facts.place,
            kept_as=self.facts.kept_as,
            starts_at=starts_at,
            ends_at=max(starts_at, self.ends_at),
            plays_from=moment_of(self.layout.begins),
            plays_until=moment_of(self.layout.ends),
            size=self.layout.size,
            keyframes=pack_index(self.layout),
            sha256=self.sha256,
            path=self.path,
            gap=self.facts.gap,
        )


def moment_of(ticks: int) -> datetime:
    """Return a file's time as a moment."""
    return EPOCH + timedelta(microseconds=ticks * 1_000_000 // TICKS)


def ticks_of(moment: datetime) -> int:
    """Return a moment as a file's time."""
    return (moment - EPOCH) // timedelta(microseconds=1) * TICKS // 1_000_000


def digest_of(data: bytes | memoryview) -> str:
    """Return the SHA-256 of a file's bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


class WaitingRows:
    """Minutes whose rows are not stored yet: they are kept while PostgreSQL is unreachable.

    forgotten: how many there was no room for; their files are found again by mending.
    """

    def __init__(self) -> None:
        self._waiting: deque[FinishedMinute] = deque()
        self._lock = threading.Lock()
        self.forgotten = 0

    def put(self, minute: FinishedMinute) -> None:
        """Keep a minute until `store`."""
        with self._lock:
            self._waiting.append(minute)
            if len(self._waiting) > MOST_WAITING:
                self._waiting.popleft()
                self.forgotten += 1

    def store(self) -> int:
        """Store the rows and return how many; those that are there already stay as they are. Raises DatabaseError."""
        stored = 0
        while batch := self._batch():
            RecordedMinute.objects.bulk_create([minute.row() for minute in batch], ignore_conflicts=True)
            stored += len(batch)
            with self._lock:
                for minute in batch:
                    if self._waiting and self._waiting[0] is minute:
                        self._waiting.popleft()
        return stored

    def _batch(self) -> list[FinishedMinute]:
        with self._lock:
            return [self._waiting[number] for number in range(min(BATCH, len(self._waiting)))]
