"""The control pictures of an indication: what was shown to the detector, and whether it sees the same again."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from streams.detect.api import Detector
from streams.evidence import pending, store
from streams.evidence.models import Evidence
from streams.looks import shown_controls
from streams.pixels.jpeg import decode_jpeg
from streams.pixels.occupancy import ControlCount, ShownControl
from streams.pixels.shapes import DrawnZone

Kind, Form = Evidence.Kind, Evidence.Form


def add_pending_controls(
    counter: int, run: datetime, at: datetime, controls: ControlCount, facts: dict[str, Any]
) -> None:
    """Add what was shown to the detector by the look at `at` to the run's pending files. Raises OSError."""

    def write(path: Path) -> dict[str, Any]:
        path.write_bytes(shown_controls.pack(controls.pictures))
        return facts | {"seen": controls.seen, "shown": controls.shown, "clear": controls.clear}

    pending.add_file(counter, run, Kind.CONTROLS, at, write)


@dataclass(frozen=True, slots=True)
class ControlRecheck:
    """How many of the stored controls were seen, how many are seen now, and which (from 1) are seen otherwise."""

    shown: int
    seen: int
    seen_again: int
    differing: tuple[int, ...]

    @property
    def same(self) -> bool:
        """Whether the detector sees the same controls."""
        return not self.differing


def read_controls(row: Evidence) -> list[ShownControl]:
    """Return the controls of a CONTROLS row, verified against its SHA-256.

    Raises store.EvidenceGone, store.EvidenceAltered, ValueError when the file is damaged, OSError when reading fails.
    """
    return shown_controls.unpack(store.read_verified(row))


def recheck_controls(row: Evidence, detector: Detector) -> ControlRecheck:
    """Show the controls of a CONTROLS row to the detector again, within the picture of the same moment.

    Raises as read_controls does, and Evidence.DoesNotExist when there is no such picture.
    """
    still = Evidence.objects.get(counter=row.counter_id, kind=Kind.DEADLINE, form=Form.ORIGINAL, at=row.at)
    if (around := decode_jpeg(store.read_verified(still))) is None:
        raise ValueError("not a picture")
    polygon = tuple((float(x), float(y)) for x, y in row.facts["polygon"])
    zone = DrawnZone(0, row.counter_id or 0, polygon, row.facts["quorum"])
    before = read_controls(row)
    again = [shown_controls.show_control(detector, around, zone, one.jpeg) for one in before]
    pairs = enumerate(zip(before, again, strict=True), 1)
    return ControlRecheck(
        shown=len(before),
        seen=sum(one.seen for one in before),
        seen_again=sum(one.seen for one in again),
        differing=tuple(number for number, (one, other) in pairs if one.seen is not other.seen),
    )
