"""Who stands before a counter: people near its staff side and outside of every staff side. Pure.

This can't tell a visitor from staff who walks past; whoever judges the clip says whether a visitor is there.
"""

from collections.abc import Iterable, Sequence

from streams.pixels.shapes import Box, DrawnZone

NEAR = 0.8  # of the staff side's width and height, on each side of it
MOST_PEOPLE = 6  # that are looked for


def place_before(zone: DrawnZone) -> DrawnZone:
    """Return the place in which people are looked for: the counter's staff side and what is near it."""
    near = zone.bounds.widened(NEAR)
    corners = ((near.x0, near.y0), (near.x1, near.y0), (near.x1, near.y1), (near.x0, near.y1))
    return DrawnZone(zone.id, zone.counter, corners, MOST_PEOPLE, zone.ignored)


def somebody_before(people: Iterable[Box], zones: Sequence[DrawnZone]) -> bool:
    """Return whether one of the people is in none of the camera's staff sides."""
    return any(not any(zone.holds(box) for zone in zones) for box in people)
