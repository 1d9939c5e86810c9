"""Whose heads are to be hidden, and where on the picture. Pure: what is seen goes in, boxes come out.

Whoever has at least half of the head in the counter's zone is staff and stays to be seen; everybody else is hidden,
rather once too often than once too seldom.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from streams.pixels.shapes import HALF, Box, DrawnZone

FACE_MARGIN = 0.3  # a face box ends at the brows: hair, ears and chin are to go too
HEAD_MARGIN = 0.1
HEAD = 0.35  # of a person's height; of somebody cut off at the chest it is more, of a standing one less
HOLD_S = 0.8  # how long before and after it was seen a head stays hidden in a clip
STRIDE = 4.0  # widths of a head: the longest way in that time


@dataclass(frozen=True, slots=True)
class Head:
    """What is hidden wherever it lies (None: nothing), and the wider box that is hidden outside the zone only."""

    core: Box | None
    around: Box


@dataclass(frozen=True, slots=True)
class HeadSighting:
    """The visitors' heads at one moment of a clip."""

    at_s: float
    heads: tuple[Head, ...]


def visitor_heads(faces: Iterable[Box], people: Iterable[Box], *zones: DrawnZone) -> tuple[Head, ...]:
    """The heads outside the zones: faces as found, and the upper part of every person, also of those turned away.

    Without a zone nobody is staff, and every head is hidden.
    """

    def outside(head: Box) -> bool:
        return all(zone.share(head) < HALF for zone in zones)

    found = [Head(face, face.widened(FACE_MARGIN)) for face in faces if outside(face)]
    found += [Head(None, top.widened(HEAD_MARGIN)) for top in map(head_box, people) if outside(top)]
    return tuple(found)


def head_box(person: Box) -> Box:
    """Where the head of a person in this box is."""
    return Box(person.x0, person.y0, person.x1, person.y0 + HEAD * (person.y1 - person.y0), person.score)


def heads_at(seen: Sequence[HeadSighting], at_s: float) -> list[Head]:
    """What to hide at a moment: every head seen shortly before or after, so that one missed look shows nobody.

    Also the way from a head before this moment to one near it afterwards: somebody may have walked there.
    """
    near = [one for one in seen if abs(one.at_s - at_s) <= HOLD_S]
    heads = [head for one in near for head in one.heads]
    for before, after in combinations(near, 2):
        if before.at_s < at_s < after.at_s <= before.at_s + HOLD_S:
            ways = (_covering_box(one.around, other.around) for one in before.heads for other in after.heads)
            heads += [Head(None, way) for way in ways if way is not None]
    return heads


def _covering_box(one: Box, other: Box) -> Box | None:
    """The box round both; None when they are too far apart to be one person's."""
    hull = Box(min(one.x0, other.x0), min(one.y0, other.y0), max(one.x1, other.x1), max(one.y1, other.y1))
    width, height = max(one.x1 - one.x0, other.x1 - other.x0), max(one.y1 - one.y0, other.y1 - other.y0)
    near = hull.x1 - hull.x0 <= STRIDE * width and hull.y1 - hull.y0 <= STRIDE * height
    return hull if near else None
