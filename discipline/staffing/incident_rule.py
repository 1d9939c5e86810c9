"""It may be us: many cameras dark at once, a loop that stood still, a clock that jumped. Pure.

A camera is known here only by when it last saw anything worth judging. Whoever asks says what time it is.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from discipline.staffing.rule import CounterStanding, State, StateChange
from streams.pixels.occupancy import Blind, Look

SYSTEM = Blind.SYSTEM.value


@dataclass(frozen=True, slots=True)
class IncidentThresholds:
    """When it is us. ValueError for numbers without sense."""

    share: float = 0.3  # of the cameras that saw: more than this, dark within the window
    window_s: int = 60
    min_cameras: int = 3  # fewer prove nothing, whatever share they are
    dark_s: int = 30  # a camera on duty that saw nothing for so long is dark; a restart takes less
    stall_s: float = 10.0  # a loop that is late by more stood still
    clock_s: float = 5.0  # clocks that differ by more disagree
    settle_s: int = 10  # sight must last so long before the incident ends
    longest_s: int = 1800  # after which the cameras still dark are faults of their own

    def __post_init__(self) -> None:
        if not 0 < self.share < 1 or self.min_cameras < 1:
            raise ValueError("share must lie between 0 and 1, and min_cameras be at least 1")
        if min(self.window_s, self.dark_s, self.stall_s, self.clock_s, self.settle_s, self.longest_s) <= 0:
            raise ValueError("lengths of time must be longer than nothing")


@dataclass(frozen=True, slots=True)
class CameraLiveness:
    """One camera: when it last saw (None: never), and whether one of its counters is on duty now."""

    saw_at: datetime | None
    on_duty: bool = True


@dataclass(frozen=True, slots=True)
class FleetDarkness:
    """So many of so many cameras see nothing, the first of them since then."""

    blind: int
    total: int
    since: datetime


def fleet_darkness(
    sights: Sequence[CameraLiveness], rule: IncidentThresholds, now: datetime, after: datetime | None
) -> FleetDarkness | None:
    """The cameras that went dark together, where they are more than a share of those that saw until then.

    Only what is dark now and on duty counts, and went dark `after` the last incident: that one was told already.
    Cameras that died one by one, each more than a window from the others, never come together here.
    """
    seen = sorted(s.saw_at for s in sights if s.on_duty and s.saw_at)
    limit, window = now - timedelta(seconds=rule.dark_s), timedelta(seconds=rule.window_s)
    dark = [at for at in seen if at <= limit and (after is None or at > after)]
    worst: FleetDarkness | None = None
    for first, at in enumerate(dark):
        together = bisect_right(dark, at + window) - first
        saw_then = len(seen) - bisect_left(seen, at)
        if together < rule.min_cameras or together <= rule.share * saw_then:
            continue
        if worst is None or together > worst.blind:
            worst = FleetDarkness(together, sum(s.on_duty for s in sights), at)
    return worst


def still_dark(
    sights: Sequence[CameraLiveness],
    rule: IncidentThresholds,
    now: datetime,
    since: datetime,
    raised_at: datetime,
    idle_s: float,
) -> FleetDarkness:
    """Of the cameras that saw when an incident began, those that have not seen again after it was raised.

    Off duty a camera is looked at only every idle_s seconds.
    """
    expected = [s for s in sights if s.saw_at and s.saw_at >= since - timedelta(seconds=rule.dark_s)]
    blind = 0
    for sight in expected:
        patience = timedelta(seconds=rule.dark_s + (0 if sight.on_duty else idle_s))
        blind += sight.saw_at is not None and sight.saw_at <= max(raised_at, now - patience)
    return FleetDarkness(blind, len(expected), since)


def may_end(dark: FleetDarkness, rule: IncidentThresholds, now: datetime, raised_at: datetime) -> bool:
    """Enough see again (half the share: what opened it must not close it), or it has become a matter of cameras.

    While most are dark there is nobody to be judged, and it stays one incident, however long.
    """
    if dark.blind <= rule.share / 2 * dark.total:
        return True
    return now - raised_at >= timedelta(seconds=rule.longest_s) and dark.blind * 2 <= dark.total


@dataclass(frozen=True, slots=True)
class ClockReading:
    """One reading of two clocks: `steady_s` only goes forward, also while the machine sleeps; `wall` may jump."""

    steady_s: float
    wall: datetime


@dataclass(frozen=True, slots=True)
class LoopStall:
    """Nothing ran between `since` and `late_s` seconds after it."""

    since: datetime
    late_s: float


@dataclass(frozen=True, slots=True)
class ClockJump:
    """The clock on the wall went `by_s` seconds more than time did; what it says is in doubt from `since` on."""

    since: datetime
    by_s: float


def compare_readings(
    before: ClockReading, after: ClockReading, rule: IncidentThresholds
) -> list[LoopStall | ClockJump]:
    """What happened between two beats of a loop that should beat every second or so."""
    passed_s = after.steady_s - before.steady_s
    jumped_s = (after.wall - before.wall).total_seconds() - passed_s
    since = min(before.wall, after.wall)
    troubles: list[LoopStall | ClockJump] = []
    if passed_s > rule.stall_s:
        troubles.append(LoopStall(since, passed_s))
    if abs(jumped_s) > rule.clock_s:
        troubles.append(ClockJump(since, jumped_s))
    return troubles


def doubt_standing(
    standing: CounterStanding, since: datetime, now: datetime, last_flip_at: datetime | None
) -> tuple[CounterStanding, list[StateChange]]:
    """A standing at the moment when an incident that began at `since` is known: nothing seen since then counts.

    On duty it is UNKNOWN from `since` on; a closing that fell due since then loses its accusation, and what led to it
    counts as unknown. Runs of emptiness and what the day's opening was are forgotten: every grace begins anew.

    `last_flip_at` is the date of the counter's latest flip that is not after `now`, None when there is none since
    `since`. The standing doesn't hold it, because a change of reason alone leaves `standing.since` as it was. The
    flip is never dated before it; `Flip.since` says from when on the doubt counts.
    """
    # Dated by a clock that was ahead: it begins anew, or no look would be news until that time comes.
    ahead = max(standing.since, standing.last_look_at or standing.since) > now
    at = now if ahead else max(since, standing.since, last_flip_at or since)
    seen_at = None if ahead else standing.last_look_at
    after = replace(
        standing,
        since=now if ahead else standing.since,
        last_look_at=seen_at,
        last_look=Look.BLIND if seen_at else None,
        empty_since=None,
        empty_looks=0,
        staffed_looks=0,
        opened=standing.opened or None,
        due_at=now,
    )
    if standing.reason == SYSTEM:
        return after, []
    if standing.state is State.CLOSED:
        if standing.since < since:
            return after, []
        return replace(after, reason=SYSTEM), [StateChange(at, State.CLOSED, State.CLOSED, SYSTEM, since)]
    blind_before = standing.state is State.UNKNOWN and not ahead
    after = replace(after, state=State.UNKNOWN, reason=SYSTEM, since=standing.since if blind_before else at)
    return after, [StateChange(at, standing.state, State.UNKNOWN, SYSTEM, since)]
