"""How much of the traffic in a drawn lane stands. Pure; times are arguments."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from streams.pixels.shapes import Box, DrawnPolygon, Point

STANDS = timedelta(minutes=3)  # in one place, until a vehicle counts as standing
DENSE, JAMMED = 2, 3  # vehicles that stand; one alone is parked or broken down
SAME_PLACE = 0.6  # intersection over union of the boxes of a vehicle that stands
MISSED = 2  # looks in a row at which a vehicle that stands may go unseen, behind another
LONGEST_GAP = timedelta(seconds=60)  # between looks; after a longer one nothing is known of before
CALM = timedelta(seconds=60)  # of flowing traffic, until a congestion has ended
FOOT = 0.75  # of a box's height: where the vehicle touches the road


class TrafficLevel(StrEnum):
    """The levels of a lane's traffic, the calmest first."""

    FLOWS = "lancar"
    DENSE = "padat"
    JAMMED = "macet"


@dataclass(frozen=True, slots=True)
class DrawnLane(DrawnPolygon):
    """A lane as it was drawn on the picture. Places to park are left out of it."""

    polygon: tuple[Point, ...]

    def carries(self, box: Box) -> bool:
        """Return whether a vehicle's box stands on the lane, by the middle of its foot."""
        return self.contains(((box.x0 + box.x1) / 2, box.y0 + FOOT * (box.y1 - box.y0)))


@dataclass(slots=True)
class _Vehicle:
    box: Box
    since: datetime
    missed: int = 0


class LaneTraffic:
    """Follows the vehicles of one lane from look to look, and judges its level."""

    def __init__(self, lane: DrawnLane) -> None:
        self._lane = lane
        self._vehicles: list[_Vehicle] = []
        self._at: datetime | None = None
        self._flows_since: datetime | None = None
        self.level = TrafficLevel.FLOWS
        self.since: datetime | None = None  # since when it is not FLOWS: when the vehicles came to stand

    def look(self, vehicles: Iterable[Box], at: datetime) -> TrafficLevel:
        """Take the vehicles of one look and return the level. A look before the last one is ignored."""
        if self._at is not None and at <= self._at:
            return self.level
        if self._at is None or at - self._at > LONGEST_GAP:
            self._vehicles = []
        self._at = at
        self._follow([box for box in vehicles if self._lane.carries(box)], at)
        standing = sorted(one.since for one in self._vehicles if at - one.since >= STANDS)
        self._settle(standing, at)
        return self.level

    def _follow(self, boxes: list[Box], at: datetime) -> None:
        kept = []
        for one in self._vehicles:
            same = max(boxes, key=lambda box: _agreement(one.box, box), default=None)
            if same is not None and _agreement(one.box, same) >= SAME_PLACE:
                boxes.remove(same)
                one.missed = 0
            else:
                one.missed += 1
            if one.missed <= MISSED:
                kept.append(one)
        self._vehicles = kept + [_Vehicle(box, at) for box in boxes]

    def _settle(self, standing: Sequence[datetime], at: datetime) -> None:
        now = TrafficLevel.FLOWS
        if len(standing) >= DENSE:
            now = TrafficLevel.JAMMED if len(standing) >= JAMMED else TrafficLevel.DENSE
        if now is not TrafficLevel.FLOWS:
            self.since = self.since or standing[0]
            self.level, self._flows_since = max(now, self.level, key=list(TrafficLevel).index), None
            return
        self._flows_since = self._flows_since or at
        if at - self._flows_since >= CALM:
            self.level, self.since = TrafficLevel.FLOWS, None


def _agreement(one: Box, other: Box) -> float:
    """Return the intersection over the union of two boxes."""
    shared = one.overlap(other)
    return shared / whole if (whole := one.area + other.area - shared) > 0 else 0.0
