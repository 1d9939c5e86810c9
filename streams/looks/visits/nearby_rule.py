"""Who stands before a counter: people near its staff side and outside of every staff side. Pure.

This can't tell a visitor from staff who walks past; whoever judges the clip says whether a visitor is there.
"""

from collections.abc import Iterable, Sequence

from streams.pixels.shapes import HALF, Box, DrawnZone

NEAR = 1.2  # of the staff side's width and height, on each side of it


def place_before(zone: DrawnZone) -> DrawnZone:
    """Return the place in which people are looked for: the counter's staff side and what is near it."""
    near = zone.bounds.widened(NEAR)
    corners = ((near.x0, near.y0), (near.x1, near.y0), (near.x1, near.y1), (near.x0, near.y1))
    return DrawnZone(zone.id, zone.counter, corners, ignored=zone.ignored)


def somebody_before(people: Iterable[Box], zones: Sequence[DrawnZone]) -> bool:
    """Return whether one of the people is in none of the camera's staff sides, and no second box of one who is."""
    people = list(people)
    staff = [box for box in people if any(zone.holds(box) for zone in zones)]
    return any(box not in staff and not any(_same(box, one) for one in staff) for box in people)


def _same(box: Box, other: Box) -> bool:
    return box.overlap(other) >= HALF * min(box.area, other.area)
