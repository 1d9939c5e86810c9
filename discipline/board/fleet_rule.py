"""When so many cameras can't be read that the system is more likely at fault than the offices. Pure.

This is only a notice on screens. A system incident (staffing.incident_rule), which also stops indications, needs
cameras that went dark together; cameras that fail one after another never become one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from discipline.staffing.rule import State

UNREAD_AFTER = timedelta(seconds=60)  # at the opening all counters are unknown until the first look
SHOWN_FROM = Fraction(1, 3)  # of the cameras
SHOWN_UNTIL = Fraction(1, 5)  # once shown: below it the notice goes
LEAST, LEAST_SHOWN = 3, 2  # fewer unread cameras are never shown, and no longer


@dataclass(frozen=True, slots=True)
class WatchedCounter:
    """A counter before a camera: its State value, since when, and its last usable look (None: never)."""

    camera: int
    state: str
    since: datetime
    saw_at: datetime | None


@dataclass(frozen=True, slots=True)
class FleetCount:
    """`blind` of the `total` cameras that should be read now can't be."""

    blind: int
    total: int


def count_fleet(counters: Iterable[WatchedCounter], now: datetime) -> FleetCount:
    """Count the cameras with a counter on duty, and those of them that have read none for UNREAD_AFTER."""
    read: dict[int, bool] = {}
    for counter in counters:
        if counter.state != State.CLOSED.value:
            read[counter.camera] = read.get(counter.camera, False) or _is_read(counter, now - UNREAD_AFTER)
    return FleetCount(sum(not one for one in read.values()), len(read))


def _is_read(counter: WatchedCounter, limit: datetime) -> bool:
    unknown = counter.state == State.UNKNOWN.value and counter.since <= limit
    return not unknown or (counter.saw_at is not None and counter.saw_at > limit)


def is_shown(fleet: FleetCount, shown: bool) -> bool:
    """Return whether to show the notice; `shown`: it is shown now, so that a lower bound applies."""
    share, least = (SHOWN_UNTIL, LEAST_SHOWN) if shown else (SHOWN_FROM, LEAST)
    return fleet.blind >= least and fleet.blind >= share * fleet.total
