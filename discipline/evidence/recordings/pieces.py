"""The parts of the minute files that show a range, verified, in their order, and what is missing of it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from streams.cameras.models import Camera
from streams.evidence.recording.finished import moment_of, ticks_of
from streams.evidence.recording.minute_file import MinuteLayout, range_of, unpack_index
from streams.evidence.recording.models import RecordedMinute
from streams.live.recordings.finding import minutes_between
from streams.source.mp4_joining import JoinedRun

GONE, CHANGED = "gone", "changed"


@dataclass(slots=True)
class RangePieces:
    """Yields the pieces, and notes what was used and what was left out, and why, as facts for the evidence."""

    camera: Camera
    since: datetime
    until: datetime
    used: list[dict[str, Any]] = field(default_factory=list)
    left_out: list[dict[str, Any]] = field(default_factory=list)
    rows: list[RecordedMinute] = field(default_factory=list)

    def __iter__(self) -> Iterator[bytes]:
        """Yield a piece of each minute: its head, and what is from the keyframe before `since` until `until`."""
        for row in minutes_between(self.camera, self.since, self.until):
            data = self._read(row)
            if data is None:
                continue
            begins = ticks_of(row.plays_from)
            keyframes = unpack_index(bytes(row.keyframes), begins)
            layout = MinuteLayout(row.size, begins, ticks_of(row.plays_until), keyframes)
            first, end = range_of(layout, ticks_of(self.since), ticks_of(self.until))
            self.used.append(_facts(row))
            self.rows.append(row)
            yield data[: layout.head] + data[first:end]

    def _read(self, row: RecordedMinute) -> bytes | None:
        try:
            data = (Path(settings.RECORDING_DIR) / row.path).read_bytes()
        except FileNotFoundError:
            self.left_out.append(_facts(row) | {"why": GONE})
            return None
        if hashlib.sha256(data).hexdigest() != row.sha256:
            self.left_out.append(_facts(row) | {"why": CHANGED})
            return None
        return data

    def gaps(self, runs: tuple[JoinedRun, ...]) -> list[dict[str, str]]:
        """Return what of the range is not in the file: from, until, and a reason of RecordedMinute.Gap or ""."""
        edges = [self.since, *(moment for run in runs for moment in (moment_of(run.begins), moment_of(run.ends)))]
        edges.append(self.until)
        found = []
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            if (end - start).total_seconds() > 1:
                after = next((row for row in self.rows if row.plays_from >= end), None)
                found.append({"from": start.isoformat(), "until": end.isoformat(), "why": after.gap if after else ""})
        return found


def _facts(row: RecordedMinute) -> dict[str, Any]:
    return {
        "path": row.path,
        "sha256": row.sha256,
        "bytes": row.size,
        "arrived_from": row.starts_at.isoformat(),
        "arrived_until": row.ends_at.isoformat(),
        "plays_from": row.plays_from.isoformat(),
        "plays_until": row.plays_until.isoformat(),
    }
