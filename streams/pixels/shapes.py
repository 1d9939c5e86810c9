"""Frames, boxes, zones and their geometry. Coordinates are fractions of width and height from the top left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any

import numpy as np

Point = tuple[float, float]

HALF = 0.5  # share of a box that must be inside its zone
UPPER = 0.75  # or share of its upper half: a counter hides the legs
ON_SCREEN = 0.9  # share of a box that must be inside a screen
MIN_AREA = 0.004  # share of the picture; at 640x360 a distant head
MIN_SIDE = 0.04


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One decoded picture."""

    image: np.ndarray[Any, Any]  # height x width x 3, uint8, BGR
    at: datetime  # UTC, when it was decoded


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle from (x0, y0) to (x1, y1) in fractions; `score` is the detector's confidence, 0 to 1."""

    x0: float
    y0: float
    x1: float
    y1: float
    score: float = 1.0

    @property
    def area(self) -> float:
        """Share of the picture."""
        return max(0.0, self.x1 - self.x0) * max(0.0, self.y1 - self.y0)

    @property
    def upper(self) -> "Box":
        """The upper half."""
        return Box(self.x0, self.y0, self.x1, (self.y0 + self.y1) / 2, self.score)

    def overlap(self, other: "Box") -> float:
        """Return the area of the intersection."""
        width = min(self.x1, other.x1) - max(self.x0, other.x0)
        height = min(self.y1, other.y1) - max(self.y0, other.y0)
        return max(0.0, width) * max(0.0, height)

    def at(self, point: Point) -> Point:
        """Convert a point from fractions of this box to fractions of the picture."""
        return self.x0 + point[0] * (self.x1 - self.x0), self.y0 + point[1] * (self.y1 - self.y0)

    def within(self, place: "Box") -> "Box":
        """Convert this box from fractions of `place` to fractions of the picture that contains `place`."""
        return Box(*place.at((self.x0, self.y0)), *place.at((self.x1, self.y1)), self.score)

    def widened(self, margin: float) -> "Box":
        """Return the box enlarged by `margin` of its width and height on each side, clipped to the picture."""
        dx, dy = margin * (self.x1 - self.x0), margin * (self.y1 - self.y0)
        return Box(
            max(0.0, self.x0 - dx),
            max(0.0, self.y0 - dy),
            min(1.0, self.x1 + dx),
            min(1.0, self.y1 + dy),
            self.score,
        )


class DrawnPolygon:
    """A polygon drawn on a camera's picture. It never crosses itself."""

    __slots__ = ()
    polygon: tuple[Point, ...]

    @property
    def bounds(self) -> Box:
        """The smallest box around the polygon."""
        xs, ys = zip(*self.polygon, strict=True)
        return Box(min(xs), min(ys), max(xs), max(ys))

    def share(self, box: Box) -> float:
        """Return the share of the box's area that lies inside the polygon, 0 to 1."""
        if box.area <= 0:
            return 0.0
        return min(1.0, abs(_signed_area(_clipped(self.polygon, box))) / box.area)

    def contains(self, point: Point) -> bool:
        """Return whether the point lies inside the polygon."""
        x, y = point
        inside = False
        for (ax, ay), (bx, by) in _edges(self.polygon):
            if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
                inside = not inside
        return inside


@dataclass(frozen=True, slots=True)
class Lookalike(DrawnPolygon):
    """An object marked as not a person: a portrait, a poster, a dummy, or a screen whose picture moves.

    cells: its appearance when it was marked (lookalikes.cells_of); b"" for a screen.
    """

    polygon: tuple[Point, ...]
    cells: bytes = b""

    @property
    def moving(self) -> bool:
        """Whether it is a screen."""
        return not self.cells

    def shows(self, box: Box) -> bool:
        """Return whether the box is a person on this screen: it hardly reaches beyond it."""
        return self.moving and self.share(box) >= ON_SCREEN


@dataclass(frozen=True, slots=True)
class DrawnZone(DrawnPolygon):
    """The staff side of one counter, drawn on one camera's picture."""

    id: int
    counter: int
    polygon: tuple[Point, ...]
    quorum: int = 1  # how many staff the counter needs
    ignored: tuple[Lookalike, ...] = ()

    def holds(self, box: Box) -> bool:
        """Return whether a person's box is in the zone: half of it or the upper body inside. The feet don't count."""
        if any(one.shows(box) for one in self.ignored):
            return False
        return self.share(box) >= HALF or self.share(box.upper) >= UPPER


def polygon_problem(polygon: Sequence[Point]) -> str | None:
    """Return why a polygon can't be a zone: "few_points", "outside", "crossing" or "small"; None when it can."""
    if len(set(polygon)) < 3:
        return "few_points"
    if not all(0.0 <= value <= 1.0 for point in polygon for value in point):  # NaN is outside too
        return "outside"
    edges = _edges(polygon)
    for (i, one), (j, other) in combinations(enumerate(edges), 2):
        neighbours = j == i + 1 or (i == 0 and j == len(edges) - 1)
        if _folds(one, other) if neighbours else _touch(one, other):
            return "crossing"
    xs, ys = zip(*polygon, strict=True)
    if abs(_signed_area(polygon)) < MIN_AREA or min(max(xs) - min(xs), max(ys) - min(ys)) < MIN_SIDE:
        return "small"
    return None


Edge = tuple[Point, Point]


def _edges(polygon: Sequence[Point]) -> list[Edge]:
    return list(zip(polygon, [*polygon[1:], polygon[0]], strict=True))


def _signed_area(polygon: Sequence[Point]) -> float:
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in _edges(polygon)) / 2 if polygon else 0.0


def _clipped(polygon: Sequence[Point], box: Box) -> list[Point]:
    """Clip the polygon to the box (Sutherland-Hodgman).

    Concave polygons leave degenerate edges that overlap; these add no area.
    """
    points = list(polygon)
    for axis, limit, sign in ((0, box.x0, 1), (0, box.x1, -1), (1, box.y0, 1), (1, box.y1, -1)):
        kept: list[Point] = []
        for a, b in _edges(points) if points else []:
            da, db = sign * (a[axis] - limit), sign * (b[axis] - limit)
            if da >= 0:
                kept.append(a)
            if (da > 0 > db) or (da < 0 < db):
                t = da / (da - db)
                kept.append((a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])))
        points = kept
    return points


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _between(a: Point, b: Point, c: Point) -> bool:
    """Return whether c, which is on the line through a and b, lies on their segment."""
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])


def _touch(one: Edge, other: Edge) -> bool:
    (a, b), (c, d) = one, other
    abc, abd, cda, cdb = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
    if abc * abd < 0 and cda * cdb < 0:
        return True
    return (
        (abc == 0 and _between(a, b, c))
        or (abd == 0 and _between(a, b, d))
        or (cda == 0 and _between(c, d, a))
        or (cdb == 0 and _between(c, d, b))
    )


def _folds(one: Edge, other: Edge) -> bool:
    """Return whether two neighbouring edges overlap beyond their shared point, or one has no length."""
    if one[0] == one[1] or other[0] == other[1]:
        return True
    shared = (set(one) & set(other)).pop()
    a, b = next(p for p in one if p != shared), next(p for p in other if p != shared)
    along = (a[0] - shared[0]) * (b[0] - shared[0]) + (a[1] - shared[1]) * (b[1] - shared[1])
    return _turn(shared, a, b) == 0 and along > 0
