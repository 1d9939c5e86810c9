"""Decide which heads to hide and where on the picture. Pure.

A person with at least half of the head in the counter's zone is staff and stays visible; everyone else's head is
hidden, in doubt too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from streams.pixels.shapes import HALF, Box, DrawnZone

FACE_MARGIN = 0.3  # share of the box; a face box ends at the brows, but hair, ears and chin must be hidden too
HEAD_MARGIN = 0.1
HEAD = 0.35  # share of a person's box; more when cut off at the chest, less when standing
HOLD_S = 0.8  # how long before and after a detection a head stays hidden in a clip
STRIDE = 4.0  # head widths: the longest distance covered in that time


@dataclass(frozen=True, slots=True)
class Head:
    """A head to hide: `core` is hidden everywhere (None: nothing), the wider `around` outside the zones only."""

    core: Box | None
    around: Box


@dataclass(frozen=True, slots=True)
class HeadSighting:
    """The visitors' heads detected at one moment of a clip."""

    at_s: float
    heads: tuple[Head, ...]


def visitor_heads(faces: Iterable[Box], people: Iterable[Box], *zones: DrawnZone) -> tuple[Head, ...]:
    """Return the heads outside the zones: detected faces, and the top of every person, even when turned away.

    Without zones no one counts as staff and every head is returned. Boxes are in fractions.
    """

    def outside(head: Box) -> bool:
        return all(zone.share(head) < HALF for zone in zones)

    found = [Head(face, face.widened(FACE_MARGIN)) for face in faces if outside(face)]
    found += [Head(None, top.widened(HEAD_MARGIN)) for top in map(head_box, people) if outside(top)]
    return tuple(found)


def head_box(person: Box) -> Box:
    """Return the box of a person's head, given the person's box."""
    return Box(person.x0, person.y0, person.x1, person.y0 + HEAD * (person.y1 - person.y0), person.score)


def heads_at(seen: Sequence[HeadSighting], at_s: float) -> list[Head]:
    """Return the heads to hide at a moment: all those detected within HOLD_S before or after.

    Also the area between a head before the moment and a nearby one after it, as the person may have walked there.
    """
    near = [sighting for sighting in seen if abs(sighting.at_s - at_s) <= HOLD_S]
    heads = [head for sighting in near for head in sighting.heads]
    for before, after in combinations(near, 2):
        if before.at_s < at_s < after.at_s <= before.at_s + HOLD_S:
            ways = (_covering_box(one.around, other.around) for one in before.heads for other in after.heads)
            heads += [Head(None, way) for way in ways if way is not None]
    return heads


def _covering_box(one: Box, other: Box) -> Box | None:
    """Return the box around both, or None when they are too far apart to be the same person's."""
    hull = Box(min(one.x0, other.x0), min(one.y0, other.y0), max(one.x1, other.x1), max(one.y1, other.y1))
    width, height = max(one.x1 - one.x0, other.x1 - other.x0), max(one.y1 - one.y0, other.y1 - other.y0)
    near = hull.x1 - hull.x0 <= STRIDE * width and hull.y1 - hull.y0 <= STRIDE * height
    return hull if near else None
