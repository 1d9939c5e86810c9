"""Count how often a detector is wrong on labelled footage, which step settled the looks, and what a look costs.

What is measured is what `watch` runs: the judge of quality, the detector, and the control groups.
"""

import time
from collections import Counter as Tally
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from streams.detect.api import Detector, Picture
from streams.detect.relight import surroundings
from streams.looks.control_group import ControlGroup, encode_control
from streams.looks.examiner import Examiner
from streams.looks.labels import LabelError, LabelledClip, ZoneLabel, pictures, read_labels
from streams.pixels.occupancy import DetectionStep, Look, blind_samples, samples_from
from streams.pixels.quality import Quality, signature
from streams.pixels.shapes import DrawnZone, Frame
from streams.pixels.sharpness import edge_sharpness

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
CONTROLS_EVERY_S, MOST_CONTROLS = 2.0, 24  # of a clip that serves as control group


@dataclass(slots=True)
class ErrorCount:
    """The looks at one zone, of one case, or of all zones, and how many of them were wrong."""

    clip: str
    zone: str
    staffed_looks: int = 0
    staffed_called_empty: int = 0
    staffed_called_blind: int = 0
    empty_looks: int = 0
    empty_called_staffed: int = 0
    empty_called_blind: int = 0
    looks: int = 0  # with those in ignored spans
    spent_s: float = 0.0  # processor time
    settled: Tally[DetectionStep] = field(default_factory=Tally)

    def add(self, other: "ErrorCount") -> None:
        """Add the looks of another row."""
        self.staffed_looks += other.staffed_looks
        self.staffed_called_empty += other.staffed_called_empty
        self.staffed_called_blind += other.staffed_called_blind
        self.empty_looks += other.empty_looks
        self.empty_called_staffed += other.empty_called_staffed
        self.empty_called_blind += other.empty_called_blind
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
            "staffed_called_blind": self.staffed_called_blind,
            "empty_looks": self.empty_looks,
            "empty_called_staffed": self.empty_called_staffed,
            "empty_called_blind": self.empty_called_blind,
            "ms_per_look": round(1000 * self.spent_s / max(1, self.looks), 2),
            "settled_by": {step.value: round(self.settled[step] / max(1, self.looks), 4) for step in DetectionStep},
        }


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
        verdict = samples_from([still.zone], findings, EPOCH)[0].look is Look.STAFFED
        row.looks, row.settled[findings[0].step] = 1, 1
        row.staffed_looks, row.empty_looks = int(still.staffed), int(not still.staffed)
        row.staffed_called_empty, row.empty_called_staffed = int(still.staffed > verdict), int(verdict > still.staffed)
        rows.append(row)
    return rows, _total(rows)


Show = Callable[[Picture], Picture]


def evaluate(
    labels: Path,
    clips: Path,
    detector: Detector,
    every_s: float = 0.5,
    full_every_s: float = 60,
    marks: bool = True,
    weather: Mapping[str, Callable[[int], Show]] | None = None,
) -> tuple[list[ErrorCount], ErrorCount]:
    """Return a row per zone or case, and their total.

    labels, clips, marks: as for `read_labels`. every_s: seconds of footage between looks. full_every_s: as for
    `Examiner`. weather: by name, what makes of the clip's number how its camera shows its pictures; then there is a row
    for each of them. The references and the control groups stay as they are. Raises LabelError.
    """
    rows: dict[tuple[str, str], ErrorCount] = {}
    labelled = read_labels(labels, clips, marks)
    for number, clip in enumerate(labelled):
        for condition, shown_by in (weather or {"": _as_it_is}).items():
            groups = _control_groups(clip, labelled, clips, detector)
            examiner = Examiner(detector, [label.zone for label in clip.labels], full_every_s, groups)
            for row in _clip_rows(clips / clip.file, clip, examiner, every_s, shown_by(number)):
                name = (condition or clip.case, "") if condition or clip.case else (row.clip, row.zone)
                rows.setdefault(name, ErrorCount(*name)).add(row)
    return list(rows.values()), _total(rows.values())


def _as_it_is(_number: int) -> Show:
    return lambda image: image


def _total(rows: Iterable[ErrorCount]) -> ErrorCount:
    total = ErrorCount("all", "all")
    for row in rows:
        total.add(row)
    return total


def _control_groups(
    clip: LabelledClip, labelled: Iterable[LabelledClip], clips: Path, detector: Detector
) -> dict[int, ControlGroup]:
    """Return the control group of each zone by the zone's id; none without a reference. Raises LabelError."""
    if clip.reference is None:
        return {}
    crops: dict[str, list[bytes]] = {label.name: [] for label in clip.labels}
    if clip.controls:
        source = next((other for other in labelled if other.file == clip.controls), None)
        if source is None:
            raise LabelError(f"{clip.file}: its controls {clip.controls} are not in the list.")
        for label in source.labels:
            if label.name in crops:
                crops[label.name] = _controls(clips / source.file, label, detector)
    return {
        label.zone.id: ControlGroup(
            label.zone,
            partial(_part_of, clip.reference, label.zone),
            crops[label.name],
            few=1,
            at_a_time=MOST_CONTROLS,
        )
        for label in clip.labels
    }


def _part_of(picture: Picture, zone: DrawnZone) -> Picture:
    return picture[surroundings(picture, zone)]


def _controls(path: Path, label: ZoneLabel, detector: Detector) -> list[bytes]:
    """Return the zone and its surroundings in looks at staff that the detector sees, evenly over the clip."""
    seen = []
    for second, image in pictures(path, CONTROLS_EVERY_S):
        if label.truth(second) and detector.detect(image, [label.zone])[0].people >= label.zone.quorum:
            seen.append(encode_control(image[surroundings(image, label.zone)]))
    return seen[:: max(1, -(-len(seen) // MOST_CONTROLS))]


def _clip_rows(path: Path, clip: LabelledClip, examiner: Examiner, every_s: float, show: Show) -> list[ErrorCount]:
    rows = [ErrorCount(path.name, label.name) for label in clip.labels]
    zones = [label.zone for label in clip.labels]
    quality = _quality(clip.reference)
    for second, clear in pictures(path, every_s):
        image, at = show(clear), EPOCH + timedelta(seconds=second)
        started = time.process_time()
        fault = quality.judge(image, at)
        findings = [] if fault else examiner.look(Frame(image, at))
        spent_s = (time.process_time() - started) / max(1, len(zones))
        verdicts = blind_samples(zones, fault, at) if fault else samples_from(zones, findings, at)
        for number, (row, label, verdict) in enumerate(zip(rows, clip.labels, verdicts, strict=True)):
            row.looks += 1
            row.spent_s += spent_s
            if findings:
                row.settled[findings[number].step] += 1
            _count(row, label.truth(second), verdict.look)
    return rows


def _quality(reference: Picture | None) -> Quality:
    return Quality() if reference is None else Quality(signature(reference), edge_sharpness(reference))


def _count(row: ErrorCount, staffed: bool | None, look: Look) -> None:
    if staffed is True:
        row.staffed_looks += 1
        row.staffed_called_empty += look is Look.EMPTY
        row.staffed_called_blind += look is Look.BLIND
    elif staffed is False:
        row.empty_looks += 1
        row.empty_called_staffed += look is Look.STAFFED
        row.empty_called_blind += look is Look.BLIND


def table(rows: list[ErrorCount]) -> str:
    """Return the rows as lines of text."""
    lines = [
        f"{'clip':34} {'zone':14} {'staffed':>8} {'lost':>13} {'blind':>7} {'empty':>8} {'ghosts':>13} {'blind':>7} "
        f"{'ms/look':>8}  settled by"
    ]
    for row in rows:
        lost = f"{row.staffed_called_empty} ({row.staffed_called_empty / max(1, row.staffed_looks):.2%})"
        ghosts = f"{row.empty_called_staffed} ({row.empty_called_staffed / max(1, row.empty_looks):.2%})"
        shares = ", ".join(f"{step.value} {row.settled[step] / max(1, row.looks):.0%}" for step in DetectionStep)
        lines.append(
            f"{row.clip[:34]:34} {row.zone[:14]:14} {row.staffed_looks:8} {lost:>13} "
            f"{row.staffed_called_blind:7} {row.empty_looks:8} {ghosts:>13} {row.empty_called_blind:7} "
            f"{1000 * row.spent_s / max(1, row.looks):8.1f}  {shares}"
        )
    return "\n".join(lines)
