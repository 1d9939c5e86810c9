"""What a public point is right now: one state, the truest that can be said. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

STALE = timedelta(minutes=10)  # an older picture says that something is broken, whatever else is known
PLAYLIST_FRESH = timedelta(seconds=30)  # since its last change


class PublicState(StrEnum):
    """The states, as `state` in titik.json."""

    LIVE = "live"
    PICTURE = "picture"
    BROKEN = "broken"
    FULL = "full"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class ClosedNow:
    """A closure that holds: its cause and reason, and until when, if that is known."""

    cause: str
    reason: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a point.

    picture_at: of its newest still; playlist_at: when its playlist last changed; trouble: the number of its camera's
    ticket, with `trouble_since`; full: no more viewers are let in; live: its video may be watched.
    """

    live: bool = False
    picture_at: datetime | None = None
    playlist_at: datetime | None = None
    trouble: int | None = None
    trouble_since: datetime | None = None
    full: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A state with what is said about it. since: when it broke, None if that is unknown; ticket: of its repair."""

    state: PublicState
    picture_at: datetime | None = None
    since: datetime | None = None
    ticket: int | None = None
    closed: ClosedNow | None = None

    @property
    def plays(self) -> bool:
        """Whether its video may be watched now."""
        return self.state == PublicState.LIVE


def state_of(closures: Iterable[ClosedNow], seen: Seen, now: datetime) -> Shown:
    """Return the state. Of several closures the one that lasts longest is said; a closed point has no picture."""
    open_closures = sorted(closures, key=_ends, reverse=True)
    if open_closures:
        return Shown(PublicState.CLOSED, closed=open_closures[0])
    at = seen.picture_at
    if seen.trouble is not None:
        return Shown(PublicState.BROKEN, at, seen.trouble_since, seen.trouble)
    playing = seen.live and seen.playlist_at is not None and now - seen.playlist_at <= PLAYLIST_FRESH
    if playing:
        return Shown(PublicState.FULL if seen.full else PublicState.LIVE, at)
    if at is None or now - at > STALE:
        return Shown(PublicState.BROKEN, at, at)
    return Shown(PublicState.PICTURE, at)


def _ends(closed: ClosedNow) -> float:
    return closed.until.timestamp() if closed.until else float("inf")
