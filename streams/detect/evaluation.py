"""Count how often a detector is wrong on labelled footage, which step settled the looks, and what a look costs.

The labels are a JSON file: {"clips": [{"file", "case"?, "reference"?: picture, "zones": [{"name", "rect": [x0, y0,
x1, y1] or "polygon": [[x, y], ...], "staffed": [[from_s, to_s], ...] or null for always, "ignore"?: [[from_s, to_s],
...], "quorum"?, "marked"?: [{"polygon", "moving"}, ...]}]}]}. Places are fractions of width and height. A still
picture is one look. Clips of one case share a row. What is marked in the reference picture is a lookalike, no person.
"""

import json
import time
from collections import Counter as Tally
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import av
import cv2

from streams.detect.api import Detector, Picture
from streams.detect.crops import as_picture
from streams.detect.examiner import Examiner
from streams.pixels.lookalikes import cells_of
from streams.pixels.occupancy import DetectionStep, Look, samples_from
from streams.pixels.shapes import DrawnZone, Frame, Lookalike, Point

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class LabelError(ValueError):
    """Raised when the labels, or a clip that they name, can't be used; the text says which and why."""


@dataclass(slots=True)
class ErrorCount:
    """The looks at one zone, of one case, or of all zones, and how many of them were wrong."""

    clip: str
    zone: str
    staffed_looks: int = 0
    staffed_called_empty: int = 0
    empty_looks: int = 0
    empty_called_staffed: int = 0
    looks: int = 0  # with those in ignored spans
    spent_s: float = 0.0  # processor time
    settled: Tally[DetectionStep] = field(default_factory=Tally)

    def add(self, other: "ErrorCount") -> None:
        """Add the looks of another row."""
        self.staffed_looks += other.staffed_looks
        self.staffed_called_empty += other.staffed_called_empty
        self.empty_looks += other.empty_looks
        self.empty_called_staffed += other.empty_called_staffed
        self.looks += other.looks
        self.spent_s += other.spent_s
        self.settled += other.settled

    def as_dict(self) -> dict[str, str | int | float | dict[str, float]]:
        """Return the row for JSON."""
        return {
            "clip": self.clip,
            "zone": self.zone,
            "staffed_looks": self.staffed_looks,
            "staffed_called_empty": self.staffed_called_empty,
            "empty_looks": self.empty_looks,
            "empty_called_staffed": self.empty_called_staffed,
            "ms_per_look": round(1000 * self.spent_s / max(1, self.looks), 2),
            "settled_by": {step.value: round(self.settled[step] / max(1, self.looks), 4) for step in DetectionStep},
        }


@dataclass(frozen=True, slots=True)
class LabelledClip:
    """A clip, its case, which names its row ("" for a row per zone), and its labels."""

    file: str
    case: str
    labels: list["ZoneLabel"]


@dataclass(frozen=True, slots=True)
class ZoneLabel:
    """A zone, and the spans in seconds in which it is staffed or not counted."""

    name: str
    zone: DrawnZone
    staffed: tuple[tuple[float, float], ...] | None  # None: always
    ignore: tuple[tuple[float, float], ...]

    def truth(self, second: float) -> bool | None:
        """Return whether the zone is staffed at that second; None when the look is not counted."""
        if any(start <= second <= end for start, end in self.ignore):
            return None
        return self.staffed is None or any(start <= second <= end for start, end in self.staffed)


@dataclass(frozen=True, slots=True)
class LabelledPicture:
    """One picture that a person has judged."""

    name: str
    image: Picture
    zone: DrawnZone
    staffed: bool


def evaluate_stills(stills: Iterable[LabelledPicture], detector: Detector) -> tuple[list[ErrorCount], ErrorCount]:
    """Return a row per picture, and their total. Every picture is examined in full."""
    rows = []
    for still in stills:
        row = ErrorCount(still.name, str(still.zone.counter))
        started = time.process_time()
        findings = Examiner(detector, [still.zone]).look(Frame(still.image, EPOCH))
        row.spent_s = time.process_time() - started
        judged_staffed = samples_from([still.zone], findings, EPOCH)[0].look is Look.STAFFED
        row.looks, row.settled[findings[0].step] = 1, 1
        row.staffed_looks, row.empty_looks = int(still.staffed), int(not still.staffed)
        row.staffed_called_empty = int(still.staffed > judged_staffed)
        row.empty_called_staffed = int(judged_staffed > still.staffed)
        rows.append(row)
    return rows, _total(rows)


def read_labels(path: Path, clips: Path, marks: bool = True) -> list[LabelledClip]:
    """Return the labelled clips in the order of the file.

    clips: the folder of the clips and reference pictures. marks=False leaves marked lookalikes out. Raises LabelError.
    """
    try:
        return [_labelled(clip, clips, marks) for clip in json.loads(path.read_text(encoding="utf-8"))["clips"]]
    except OSError as error:
        raise LabelError(f"{path} can't be read: {error.strerror}.") from error
    except LabelError:
        raise
    except (KeyError, TypeError, ValueError) as error:
        raise LabelError(f"{path} is not a labels file: {type(error).__name__} {error}.") from error


def evaluate(
    labels: Path, clips: Path, detector: Detector, every_s: float = 0.5, full_every_s: float = 60, marks: bool = True
) -> tuple[list[ErrorCount], ErrorCount]:
    """Return a row per zone or case, and their total.

    labels, clips, marks: as for `read_labels`. every_s: seconds of footage between looks. full_every_s: as for
    `Examiner`. Raises LabelError.
    """
    rows: dict[tuple[str, str], ErrorCount] = {}
    for clip in read_labels(labels, clips, marks):
        examiner = Examiner(detector, [label.zone for label in clip.labels], full_every_s)
        for row in _clip_rows(clips / clip.file, clip.labels, examiner, every_s):
            name = (clip.case, "") if clip.case else (row.clip, row.zone)
            rows.setdefault(name, ErrorCount(*name)).add(row)
    return list(rows.values()), _total(rows.values())


def _total(rows: Iterable[ErrorCount]) -> ErrorCount:
    total = ErrorCount("all", "all")
    for row in rows:
        total.add(row)
    return total


def pictures(path: Path, every_s: float) -> Iterator[tuple[float, Picture]]:
    """Yield the second and the picture of each look, every_s seconds apart; of a still one, at second 0.

    A bare stream has no times, only a rate. Raises LabelError when the file can't be read.
    """
    due = 0.0
    try:
        with av.open(str(path)) as container:
            rate = container.streams.video[0].guessed_rate or 1
            for number, picture in enumerate(container.decode(video=0)):
                second = float(number / rate if picture.time is None else picture.time)
                if second >= due - 1e-6:
                    yield second, as_picture(picture.to_ndarray(format="bgr24"))
                    due += every_s
    except (OSError, IndexError, av.FFmpegError) as error:
        raise LabelError(f"{path} can't be read: {error}.") from error


def _labelled(clip: dict[str, Any], clips: Path, marks: bool) -> LabelledClip:
    reference = clip.get("reference")
    image = cv2.imread(str(clips / reference)) if reference else None
    if reference and image is None:
        raise LabelError(f"{clips / reference} can't be read.")
    shown = None if image is None or not marks else as_picture(image)
    zones = [_label(number, zone, shown) for number, zone in enumerate(clip["zones"])]
    return LabelledClip(clip["file"], clip.get("case", ""), zones)


def _label(number: int, zone: dict[str, Any], reference: Picture | None) -> ZoneLabel:
    polygon = zone.get("polygon")
    if polygon is None:
        x0, y0, x1, y1 = zone["rect"]
        polygon = ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
    ignored = () if reference is None else tuple(_mark(mark, reference) for mark in zone.get("marked", ()))
    staffed = zone["staffed"]
    return ZoneLabel(
        str(zone.get("name", number)),
        DrawnZone(number, number, _points(polygon), int(zone.get("quorum", 1)), ignored),
        None if staffed is None else _spans(staffed),
        _spans(zone.get("ignore", ())),
    )


def _mark(mark: dict[str, Any], reference: Picture) -> Lookalike:
    points = _points(mark["polygon"])
    return Lookalike(points, b"" if mark["moving"] else cells_of(reference, points).tobytes())


def _points(polygon: Iterable[Iterable[float]]) -> tuple[Point, ...]:
    return tuple((float(x), float(y)) for x, y in polygon)


def _spans(pairs: Iterable[Iterable[float]]) -> tuple[tuple[float, float], ...]:
    return tuple((float(start), float(end)) for start, end in pairs)


def _clip_rows(path: Path, labels: list[ZoneLabel], examiner: Examiner, every_s: float) -> list[ErrorCount]:
    rows = [ErrorCount(path.name, label.name) for label in labels]
    for second, image in pictures(path, every_s):
        at = EPOCH + timedelta(seconds=second)
        started = time.process_time()
        findings = examiner.look(Frame(image, at))
        spent_s = (time.process_time() - started) / max(1, len(labels))
        verdicts = samples_from([label.zone for label in labels], findings, at)
        for row, label, finding, verdict in zip(rows, labels, findings, verdicts, strict=True):
            row.looks += 1
            row.spent_s += spent_s
            row.settled[finding.step] += 1
            truth, judged_staffed = label.truth(second), verdict.look is Look.STAFFED
            row.staffed_looks += truth is True
            row.staffed_called_empty += truth is True and not judged_staffed
            row.empty_looks += truth is False
            row.empty_called_staffed += truth is False and judged_staffed
    return rows


def table(rows: list[ErrorCount]) -> str:
    """Return the rows as lines of text."""
    lines = [
        f"{'clip':34} {'zone':14} {'staffed':>8} {'lost':>13} {'empty':>8} {'ghosts':>13} {'ms/look':>8}  settled by"
    ]
    for row in rows:
        lost = f"{row.staffed_called_empty} ({row.staffed_called_empty / max(1, row.staffed_looks):.2%})"
        ghosts = f"{row.empty_called_staffed} ({row.empty_called_staffed / max(1, row.empty_looks):.2%})"
        shares = ", ".join(f"{step.value} {row.settled[step] / max(1, row.looks):.0%}" for step in DetectionStep)
        lines.append(
            f"{row.clip[:34]:34} {row.zone[:14]:14} {row.staffed_looks:8} {lost:>13} {row.empty_looks:8} "
            f"{ghosts:>13} {1000 * row.spent_s / max(1, row.looks):8.1f}  {shares}"
        )
    return "\n".join(lines)
