"""Labelled footage: clips, their zones, and when those are staffed.

The labels are a JSON file: {"clips": [{"file", "case"?, "reference"?: picture, "controls"?: file, "zones": [{"name",
"rect": [x0, y0, x1, y1] or "polygon": [[x, y], ...], "staffed": [[from_s, to_s], ...] or null for always, "ignore"?:
[[from_s, to_s], ...], "quorum"?, "marked"?: [{"polygon", "moving"}, ...]}]}]}. Places are fractions of width and
height. A still picture is one look. Clips of one case share a row. The reference may be a clip: its first picture
counts. What is marked in it is a lookalike, no person. "controls" names another file of the list, of the same camera:
the looks at staff in its zones of the same names are the control groups.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av

from streams.detect.api import Picture
from streams.detect.crops import as_picture
from streams.pixels.lookalikes import cells_of
from streams.pixels.shapes import DrawnZone, Lookalike, Point


class LabelError(ValueError):
    """Raised when the labels, or a clip that they name, can't be used; the text says which and why."""


@dataclass(frozen=True, slots=True)
class LabelledClip:
    """A clip, its case, which names its row ("" for a row per zone), and its labels.

    reference: the picture on which its zones were drawn. controls: the file of its control groups, or "".
    """

    file: str
    case: str
    labels: list["ZoneLabel"]
    reference: Picture | None = None
    controls: str = ""


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
    picture = None if reference is None else next(pictures(clips / reference, 1.0), (0.0, None))[1]
    if reference and picture is None:
        raise LabelError(f"{clips / reference} can't be read.")
    zones = [_label(number, zone, picture if marks else None) for number, zone in enumerate(clip["zones"])]
    return LabelledClip(clip["file"], clip.get("case", ""), zones, picture, clip.get("controls", ""))


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
