"""Draw outlines of kecamatan from the pins of their offices: the Voronoi cells of the pins, joined. Pure.

They are estimates: no official border is known here. Positions are (latitude, longitude) in degrees. Inside, they are
(x, y) in km from the middle of the pins, on a plane, which is true enough for a city.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import atan2, cos, dist, pi, radians, sin
from statistics import fmean

Position = tuple[float, float]
Ring = list[Position]  # closed: the last position is joined to the first
KM_PER_DEGREE = 111.2
CORNERS = 32  # of the circle that ends the ground of an office at the edge of the city
SMALLEST_REACH_KM, LARGEST_REACH_KM = 1.0, 5.0
SAME_KM = 1e-6  # nearer points are one
DIGITS = 4  # of the outlines' degrees: 11 m


@dataclass(frozen=True, slots=True)
class Pin:
    """Where an office is, and the code of its kecamatan."""

    latitude: float
    longitude: float
    group: str


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge of a cell, anticlockwise. beyond: the index of the pin on its other side, None outside the city."""

    start: Position
    end: Position
    beyond: int | None


@dataclass(frozen=True, slots=True)
class Plane:
    """Converts degrees to km and back."""

    latitude: float
    longitude: float

    def flat(self, pin: Pin) -> Position:
        """Return the pin's place on the plane."""
        return (pin.longitude - self.longitude) * self._narrow, (pin.latitude - self.latitude) * KM_PER_DEGREE

    def degrees(self, point: Position) -> Position:
        """Return the position of a point on the plane, rounded."""
        x, y = point
        latitude, longitude = self.latitude + y / KM_PER_DEGREE, self.longitude + x / self._narrow
        return round(latitude, DIGITS), round(longitude, DIGITS)

    @property
    def _narrow(self) -> float:
        return KM_PER_DEGREE * cos(radians(self.latitude))


def outlines(pins: Iterable[Pin]) -> tuple[dict[str, list[Ring]], list[Ring]]:
    """Return the rings of each group, and of the whole city. Of pins at one place the first counts.

    A group whose offices don't adjoin has several rings; one that lies around another has holes, which are rings too.
    """
    once = list({(pin.latitude, pin.longitude): pin for pin in reversed(list(pins))}.values())
    if not once:
        return {}, []
    plane = Plane(fmean(pin.latitude for pin in once), fmean(pin.longitude for pin in once))
    cells = cells_of([plane.flat(pin) for pin in once])
    groups = sorted({pin.group for pin in once})
    members = {group: {n for n, pin in enumerate(once) if pin.group == group} for group in groups}
    rings = {group: _rings(cells, own, plane) for group, own in members.items()}
    return rings, _rings(cells, range(len(once)), plane)


def distance_km(one: Position, other: Position) -> float:
    """Return how far apart two positions are, as the crow flies, within a city."""
    plane = Plane(*one)
    return dist(plane.flat(Pin(*one, "")), plane.flat(Pin(*other, "")))


def cells_of(points: Sequence[Position]) -> list[list[Edge]]:
    """Return the Voronoi cell of each of these different points (km), cut off in a circle around the point.

    The circles reach as far as the loneliest point is from its nearest neighbour, within limits, so that the ground has
    few gaps.
    """
    nearest = [min((dist(one, other) for other in points if other is not one), default=0.0) for one in points]
    reach = min(LARGEST_REACH_KM, max(SMALLEST_REACH_KM, *nearest))
    return [_cell(n, points, reach) for n in range(len(points))]


def _cell(own: int, points: Sequence[Position], reach: float) -> list[Edge]:
    x, y = points[own]
    corners = [(x + reach * cos(2 * pi * n / CORNERS), y + reach * sin(2 * pi * n / CORNERS)) for n in range(CORNERS)]
    cell = [Edge(start, end, None) for start, end in zip(corners, corners[1:] + corners[:1], strict=True)]
    others = (n for n, point in enumerate(points) if n != own and dist(point, points[own]) < 2 * reach)
    for other in sorted(others, key=lambda n: dist(points[n], points[own])):
        cell = _cut(cell, points[own], points[other], other)
    return cell


def _cut(cell: list[Edge], own: Position, other: Position, number: int) -> list[Edge]:
    """Return the part of the convex cell that is nearer to `own` than to `other`, whose index is `number`."""
    across = (other[0] - own[0], other[1] - own[1])
    middle = ((own[0] + other[0]) / 2, (own[1] + other[1]) / 2)

    def beyond(point: Position) -> float:
        return (point[0] - middle[0]) * across[0] + (point[1] - middle[1]) * across[1]

    kept: list[Edge] = []
    leaves = enters = None
    for edge in cell:
        first, last = beyond(edge.start), beyond(edge.end)
        if first <= 0 and last <= 0:
            kept.append(edge)
        elif first <= 0 or last <= 0:
            share = first / (first - last)
            x = edge.start[0] + share * (edge.end[0] - edge.start[0])
            y = edge.start[1] + share * (edge.end[1] - edge.start[1])
            if first <= 0:
                leaves = (x, y)
                kept.append(Edge(edge.start, leaves, edge.beyond))
            else:
                enters = (x, y)
                kept.append(Edge(enters, edge.end, edge.beyond))
    if leaves is not None and enters is not None:
        kept.append(Edge(leaves, enters, number))
    middle_x, middle_y = own
    return sorted(kept, key=lambda edge: atan2(edge.start[1] - middle_y, edge.start[0] - middle_x))


def _rings(cells: Sequence[list[Edge]], members: Collection[int], plane: Plane) -> list[Ring]:
    """Return the rings around these cells: the edges that have no member on their other side, joined end to end."""
    border = [
        edge
        for member in members
        for edge in cells[member]
        if edge.beyond not in members and dist(edge.start, edge.end) > SAME_KM
    ]
    rings: list[Ring] = []
    while border:
        first = border.pop()
        ring, end = [first.start], first.end
        # The nearest start follows. It is the same point but for rounding, as both cells computed it on their own.
        while border and (following := min(border, key=lambda edge: dist(edge.start, end))):
            if dist(first.start, end) <= dist(following.start, end):
                break
            border.remove(following)
            ring.append(following.start)
            end = following.end
        rings.append([plane.degrees(point) for point in ring])
    return sorted((ring for ring in rings if len(ring) > 2), key=len, reverse=True)
