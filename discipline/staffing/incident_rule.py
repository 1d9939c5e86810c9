"""When to suspect a failure of Sidak itself: many cameras dark at once, a stalled loop, a clock that jumped. Pure.

A camera is represented only by when it last gave a usable picture. Callers pass the time.
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
    """Thresholds of a system incident. Raises ValueError for invalid numbers."""

    share: float = 0.3  # fraction of the seeing cameras: an incident when more go dark within the window
    window_s: int = 60
    min_cameras: int = 3  # fewer dark cameras are never an incident
    dark_s: int = 30  # a camera on duty is dark after so long without a usable look; a restart takes less
    stall_s: float = 10.0  # a loop that is late by more has stalled
    clock_s: float = 5.0  # clocks that differ by more are inconsistent
    settle_s: int = 10  # cameras must see again for so long before the incident ends
    longest_s: int = 1800  # after this, cameras still dark count as camera faults

    def __post_init__(self) -> None:
        if not 0 < self.share < 1 or self.min_cameras < 1:
            raise ValueError("share must lie between 0 and 1, and min_cameras be at least 1")
        if min(self.window_s, self.dark_s, self.stall_s, self.clock_s, self.settle_s, self.longest_s) <= 0:
            raise ValueError("all durations must be positive")


@dataclass(frozen=True, slots=True)
class CameraLiveness:
    """A camera: its last usable look (None: never), and whether any of its counters is on duty now."""

    saw_at: datetime | None
    on_duty: bool = True


@dataclass(frozen=True, slots=True)
class FleetDarkness:
    """`blind` of `total` cameras are dark, the first of them since `since`."""

    blind: int
    total: int
    since: datetime


def fleet_darkness(
    cameras: Sequence[CameraLiveness], rule: IncidentThresholds, now: datetime, after: datetime | None
) -> FleetDarkness | None:
    """Return the largest group of cameras that went dark together, None when none is large enough for an incident.

    The group must exceed the share of the cameras that saw until then. Only cameras count that are dark now, on duty,
    and went dark `after` the last incident, which was already reported. Cameras that failed one by one, more than a
    window apart, never form a group.
    """
    seen = sorted(camera.saw_at for camera in cameras if camera.on_duty and camera.saw_at)
    limit, window = now - timedelta(seconds=rule.dark_s), timedelta(seconds=rule.window_s)
    dark = [at for at in seen if at <= limit and (after is None or at > after)]
    worst: FleetDarkness | None = None
    for first, at in enumerate(dark):
        together = bisect_right(dark, at + window) - first
        saw_then = len(seen) - bisect_left(seen, at)
        if together < rule.min_cameras or together <= rule.share * saw_then:
            continue
        if worst is None or together > worst.blind:
            worst = FleetDarkness(together, sum(camera.on_duty for camera in cameras), at)
    return worst


def still_dark(
    cameras: Sequence[CameraLiveness],
    rule: IncidentThresholds,
    now: datetime,
    since: datetime,
    raised_at: datetime,
    idle_s: float,
) -> FleetDarkness:
    """Return how many of the cameras that saw when an incident began have not seen again since it was raised.

    `idle_s` is the seconds between looks at a camera that is off duty.
    """
    from_when = since - timedelta(seconds=rule.dark_s)
    expected = [camera for camera in cameras if camera.saw_at and camera.saw_at >= from_when]
    blind = 0
    for camera in expected:
        patience = timedelta(seconds=rule.dark_s + (0 if camera.on_duty else idle_s))
        blind += camera.saw_at is not None and camera.saw_at <= max(raised_at, now - patience)
    return FleetDarkness(blind, len(expected), since)


def may_end(dark: FleetDarkness, rule: IncidentThresholds, now: datetime, raised_at: datetime) -> bool:
    """Return whether enough cameras see again, or the dark ones now count as camera faults.

    "Enough" is half the share, for hysteresis. While most cameras are dark it remains one incident, however long.
    """
    if dark.blind <= rule.share / 2 * dark.total:
        return True
    return now - raised_at >= timedelta(seconds=rule.longest_s) and dark.blind * 2 <= dark.total


@dataclass(frozen=True, slots=True)
class ClockReading:
    """A simultaneous reading of two clocks: `steady_s` is monotonic and counts machine sleep; `wall` may jump."""

    steady_s: float
    wall: datetime


@dataclass(frozen=True, slots=True)
class LoopStall:
    """The loop did not run for `late_s` seconds from `since` on."""

    since: datetime
    late_s: float


@dataclass(frozen=True, slots=True)
class ClockJump:
    """The wall clock advanced `by_s` seconds more than time passed; its readings are doubtful from `since` on."""

    since: datetime
    by_s: float


def compare_readings(
    before: ClockReading, after: ClockReading, rule: IncidentThresholds
) -> list[LoopStall | ClockJump]:
    """Return the stalls and clock jumps between two iterations of a loop that should run about once a second."""
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
    """Return the standing and flips after an incident since `since` becomes known: looks since then are discarded.

    On duty it is UNKNOWN from `since` on; a closing that fell due since then no longer accuses, and the time that led
    to it counts as unknown. Runs of EMPTY looks and the state of the day's opening are reset: graces start again.

    `last_flip_at` is the date of the counter's latest flip that is not after `now`, None when there is none after
    `since`. The standing doesn't hold it, because a change of reason alone leaves `standing.since` as it was. The
    new flip is never dated before it; `StateChange.since` has the start of the doubt.
    """
    # Dated by a clock that was ahead: start again now, or all looks before that time would be ignored as old.
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
