"""How often is the detection wrong on labelled footage, by which step, at what cost.

Labels: {"clips": [{"file", "case"?, "reference"?: picture, "zones": [{"name", "rect": [x0, y0, x1, y1] or
"polygon": [[x, y], ...], "staffed": [[from_s, to_s], ...] or null for always, "ignore"?: [[from_s, to_s], ...],
"quorum"?, "marked"?: [{"polygon", "moving"}, ...]}]}]}. Places are fractions of width and height. A still picture is
one look. Clips of one case are told in one row. What is marked in the reference picture is no person.
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
import numpy as np

from streams.detect.examiner import Examiner
from streams.detect.person_ssd import Detector
from streams.pixels.lookalikes import cells_of
from streams.pixels.occupancy import DetectionStep, Look, samples_from
from streams.pixels.shapes import DrawnZone, Frame, Lookalike, Point

Picture = np.ndarray[Any, Any]

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class LabelError(ValueError):
    """The labels, or a clip that they name, can't be used; the text says which and why."""


@dataclass(slots=True)
class Row:
    """One zone's looks, or those of all zones."""

    clip: str
    zone: str
    staffed_looks: int = 0
    staffed_called_empty: int = 0
    empty_looks: int = 0
    empty_called_staffed: int = 0
    looks: int = 0  # those in ignored spans too
    spent_s: float = 0.0  # of the processor
    settled: Tally[DetectionStep] = field(default_factory=Tally)

    def add(self, other: "Row") -> None:
        self.staffed_looks += other.staffed_looks
        self.staffed_called_empty += other.staffed_called_empty
        self.empty_looks += other.empty_looks
        self.empty_called_staffed += other.empty_called_staffed
        self.looks += other.looks
        self.spent_s += other.spent_s
        self.settled += other.settled

    def as_dict(self) -> dict[str, Any]:
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
class Labelled:
    """A clip, the name of its row (empty: a row a zone), and its labels."""

    file: str
    case: str
    labels: list["Label"]


@dataclass(frozen=True, slots=True)
class Label:
    name: str
    zone: DrawnZone
    staffed: tuple[tuple[float, float], ...] | None  # None: always
    ignore: tuple[tuple[float, float], ...]

    def truth(self, second: float) -> bool | None:
        """Staffed, not staffed, or None for a look that is not counted."""
        if any(start <= second <= end for start, end in self.ignore):
            return None
        return self.staffed is None or any(start <= second <= end for start, end in self.staffed)


@dataclass(frozen=True, slots=True)
class Still:
    """One picture on which somebody has said what is true."""

    name: str
    image: np.ndarray[Any, Any]  # height × width × 3, BGR
    zone: DrawnZone
    staffed: bool


def evaluate_stills(stills: Iterable[Still], detector: Detector) -> tuple[list[Row], Row]:
    """A row per picture, and their total; every picture is examined in full."""
    rows = []
    for still in stills:
        row = Row(still.name, str(still.zone.counter))
        started = time.process_time()
        findings = Examiner(detector, [still.zone]).look(Frame(still.image, EPOCH))
        row.spent_s = time.process_time() - started
        said = samples_from([still.zone], findings, EPOCH)[0].look is Look.STAFFED
        row.looks, row.settled[findings[0].step] = 1, 1
        row.staffed_looks, row.empty_looks = int(still.staffed), int(not still.staffed)
        row.staffed_called_empty, row.empty_called_staffed = int(still.staffed > said), int(said > still.staffed)
        rows.append(row)
    return rows, _total(rows)


def read_labels(path: Path, clips: Path, marks: bool = True) -> list[Labelled]:
    """In the order of the file. marks=False: as if nobody had marked a portrait."""
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
) -> tuple[list[Row], Row]:
    """Rows per zone or case, and their total. full_every_s=0: without the unchanged-picture shortcut."""
    rows: dict[tuple[str, str], Row] = {}
    for clip in read_labels(labels, clips, marks):
        examiner = Examiner(detector, [label.zone for label in clip.labels], full_every_s)
        for row in _clip_rows(clips / clip.file, clip.labels, examiner, every_s):
            name = (clip.case, "") if clip.case else (row.clip, row.zone)
            rows.setdefault(name, Row(*name)).add(row)
    return list(rows.values()), _total(rows.values())


def _total(rows: Iterable[Row]) -> Row:
    total = Row("all", "all")
    for row in rows:
        total.add(row)
    return total


def pictures(path: Path, every_s: float) -> Iterator[tuple[float, np.ndarray[Any, Any]]]:
    """Second and BGR picture, one per every_s of the clip; a still once, at second 0.

    A bare stream has no times, only a rate.
    """
    due = 0.0
    try:
        with av.open(str(path)) as container:
            rate = container.streams.video[0].guessed_rate or 1
            for number, picture in enumerate(container.decode(video=0)):
                second = float(number / rate if picture.time is None else picture.time)
                if second >= due - 1e-6:
                    yield second, picture.to_ndarray(format="bgr24")
                    due += every_s
    except (OSError, IndexError, av.FFmpegError) as error:
        raise LabelError(f"{path} can't be read: {error}.") from error


def _labelled(clip: dict[str, Any], clips: Path, marks: bool) -> Labelled:
    reference = clip.get("reference")
    image = cv2.imread(str(clips / reference)) if reference else None
    if reference and image is None:
        raise LabelError(f"{clips / reference} can't be read.")
    zones = [_label(number, zone, image if marks else None) for number, zone in enumerate(clip["zones"])]
    return Labelled(clip["file"], clip.get("case", ""), zones)


def _label(number: int, zone: dict[str, Any], reference: Picture | None) -> Label:
    polygon = zone.get("polygon")
    if polygon is None:
        x0, y0, x1, y1 = zone["rect"]
        polygon = ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
    ignored = () if reference is None else tuple(_mark(mark, reference) for mark in zone.get("marked", ()))
    staffed = zone["staffed"]
    return Label(
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


def _clip_rows(path: Path, labels: list[Label], examiner: Examiner, every_s: float) -> list[Row]:
    rows = [Row(path.name, label.name) for label in labels]
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
            truth, said = label.truth(second), verdict.look is Look.STAFFED
            row.staffed_looks += truth is True
            row.staffed_called_empty += truth is True and not said
            row.empty_looks += truth is False
            row.empty_called_staffed += truth is False and said
    return rows


def table(rows: list[Row]) -> str:
    """The rows for a person to read."""
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
