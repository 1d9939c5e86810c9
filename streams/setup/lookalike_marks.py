"""What an operator marks on a camera's picture as no person: kept with each zone that it is in or near."""

from typing import Any

import cv2
import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from streams.cameras.models import Camera, Zone
from streams.pixels import shapes
from streams.pixels.lookalikes import cells_of

AROUND = 0.5  # of a zone's width and height: what the detector sees of its surroundings
MOST = 20
PROBLEMS: dict[str, Any] = {
    "outside": gettext_lazy("Tanda keluar dari gambar."),
    "small": gettext_lazy("Tanda terlalu kecil."),
}


def marks_of(camera: Camera) -> list[dict[str, Any]]:
    """What the editor starts from: {"polygon", "moving"}, each once, though several zones may keep it."""
    found: list[dict[str, Any]] = []
    for zone in camera.zones.all():
        for one in zone.ignored:
            mark = {"polygon": one["polygon"], "moving": not one["cells"]}
            if mark not in found:
                found.append(mark)
    return found


def check_marks(
    camera: Camera, wanted: list[dict[str, Any]], jpeg: bytes
) -> tuple[list[dict[str, Any]], dict[int, list[str]]]:
    """What the zones will keep of these marks, and what is wrong by place.

    A still mark that was there before keeps the cells that it was confirmed with: today somebody may stand before it.
    """
    image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    known = {_key(one["polygon"]): one["cells"] for zone in camera.zones.all() for one in zone.ignored if one["cells"]}
    kept: list[dict[str, Any]] = []
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


def assign_to_zones(kept: list[dict[str, Any]], zones: list[Zone]) -> list[dict[str, Any]]:
    """Give each mark to the zones that it is in or near; returns those that are near none."""
    for zone in zones:
        zone.ignored = [one for one in kept if _near(one["polygon"], zone.polygon)]
    return [one for one in kept if not any(_near(one["polygon"], zone.polygon) for zone in zones)]


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
