"""Objects that an operator marks on a camera's picture as not a person, stored with each zone in or near them."""

from typing import Any, TypedDict

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from streams.cameras.models import Camera, Zone
from streams.pixels import shapes
from streams.pixels.jpeg import decode_jpeg
from streams.pixels.lookalikes import cells_of

AROUND = 0.5  # of a zone's width and height: the margin around it that the detector sees
MOST = 20
PROBLEMS: dict[str, Any] = {
    "outside": gettext_lazy("Tanda keluar dari gambar."),
    "small": gettext_lazy("Tanda terlalu kecil."),
}


class EditorMark(TypedDict):
    """A mark in the zone editor. `moving`: it is a screen. The polygon is [[x, y], …] in fractions."""

    polygon: list[list[float]]
    moving: bool


class StoredMark(TypedDict):
    """A mark as stored in Zone.ignored. `cells`: Lookalike.cells in hex; "" for a screen."""

    polygon: list[list[float]]
    cells: str


def marks_of(camera: Camera) -> list[EditorMark]:
    """Return the camera's marks for the editor, each once although several zones may store it."""
    marks: list[EditorMark] = []
    for zone in camera.zones.all():
        for stored in zone.ignored:
            mark: EditorMark = {"polygon": stored["polygon"], "moving": not stored["cells"]}
            if mark not in marks:
                marks.append(mark)
    return marks


def check_marks(
    camera: Camera, wanted: list[dict[str, Any]], jpeg: bytes
) -> tuple[list[StoredMark], dict[int, list[str]]]:
    """Return the marks to store, and the problems by position in `wanted`. `jpeg` is the picture they were drawn on.

    A still mark that existed before keeps its cells, as someone may now stand in front of it.
    """
    image = decode_jpeg(jpeg)
    stored = (mark for zone in camera.zones.all() for mark in zone.ignored)
    known = {_key(mark["polygon"]): mark["cells"] for mark in stored if mark["cells"]}
    kept: list[StoredMark] = []
    problems: dict[int, list[str]] = {}
    for place, mark in enumerate(wanted[:MOST]):
        polygon = _polygon(mark.get("polygon"))
        code = shapes.polygon_problem(polygon)
        if code or image is None:
            problems[place] = [
                str(PROBLEMS.get(code or "", _("Tanda ini tidak dapat dipakai. Hapus, lalu gambar lagi.")))
            ]
            continue
        cells = "" if mark.get("moving") else known.get(_key(polygon)) or cells_of(image, polygon).tobytes().hex()
        kept.append({"polygon": [list(point) for point in polygon], "cells": cells})
    return kept, problems


def assign_to_zones(kept: list[StoredMark], zones: list[Zone]) -> list[StoredMark]:
    """Set the marks of each zone to those in or near it. Return the marks that are near no zone. Saves nothing."""
    for zone in zones:
        zone.ignored = [mark for mark in kept if _near(mark["polygon"], zone.polygon)]
    return [mark for mark in kept if not any(_near(mark["polygon"], zone.polygon) for zone in zones)]


def _near(mark: list[list[float]], zone: list[list[float]]) -> bool:
    return _bounds(mark).overlap(_bounds(zone).widened(AROUND)) > 0


def _bounds(polygon: list[list[float]]) -> shapes.Box:
    xs, ys = zip(*polygon, strict=True)
    return shapes.Box(min(xs), min(ys), max(xs), max(ys))


def _polygon(points: Any) -> tuple[shapes.Point, ...]:
    try:
        return tuple((round(float(x), 4), round(float(y), 4)) for x, y in points)[:100]
    except (TypeError, ValueError, OverflowError):
        return ()


def _key(polygon: Any) -> tuple[shapes.Point, ...]:
    return tuple((x, y) for x, y in polygon)
