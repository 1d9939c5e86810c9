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
    """A camera: its last usable look (None: never), and whether any of its counters is on duty now.

    rarer_s: by how much more time than usual may lie between its looks, in seconds.
    """

    saw_at: datetime | None
    on_duty: bool = True
    rarer_s: float = 0.0

    def is_dark(self, rule: IncidentThresholds, now: datetime) -> bool:
        """Return whether it saw, but not for so long that it must have failed."""
        return self.saw_at is not None and now - self.saw_at >= timedelta(seconds=rule.dark_s + self.rarer_s)


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
    on_duty = [camera for camera in cameras if camera.on_duty]
    seen = sorted(camera.saw_at for camera in on_duty if camera.saw_at)
    window = timedelta(seconds=rule.window_s)
    went = sorted(camera.saw_at for camera in on_duty if camera.saw_at and camera.is_dark(rule, now))
    dark = [at for at in went if after is None or at > after]
    worst: FleetDarkness | None = None
    for first, at in enumerate(dark):
        together = bisect_right(dark, at + window) - first
        saw_then = len(seen) - bisect_left(seen, at)
        if together < rule.min_cameras or together <= rule.share * saw_then:
            continue
        if worst is None or together > worst.blind:
            worst = FleetDarkness(together, len(on_duty), at)
    return worst


def still_dark(
    cameras: Sequence[CameraLiveness],
    rule: IncidentThresholds,
    now: datetime,
    since: datetime,
    raised_at: datetime,
) -> FleetDarkness:
    """Return how many of the cameras that saw when an incident began have not seen again since it was raised."""
    from_when = since - timedelta(seconds=rule.dark_s)
    expected = [camera for camera in cameras if camera.saw_at and camera.saw_at >= from_when]
    blind = 0
    for camera in expected:
        blind += camera.saw_at is not None and (camera.saw_at <= raised_at or camera.is_dark(rule, now))
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
    """The loop did not run for `late_s` seconds from the steady time `since_s` on."""

    since_s: float
    late_s: float


@dataclass(frozen=True, slots=True)
class ClockJump:
    """The wall clock advanced `by_s` seconds more than time passed, at the steady time `since_s` or later."""

    since_s: float
    by_s: float


def compare_readings(
    before: ClockReading, after: ClockReading, rule: IncidentThresholds
) -> list[LoopStall | ClockJump]:
    """Return the stalls and clock jumps between two iterations of a loop that should run about once a second."""
    passed_s = after.steady_s - before.steady_s
    jumped_s = (after.wall - before.wall).total_seconds() - passed_s
    troubles: list[LoopStall | ClockJump] = []
    if passed_s > rule.stall_s:
        troubles.append(LoopStall(before.steady_s, passed_s))
    if abs(jumped_s) > rule.clock_s:
        troubles.append(ClockJump(before.steady_s, jumped_s))
    return troubles


def date_watch_trouble(since_s: float, agreed_s: float, database: ClockReading) -> datetime:
    """Return when the looks of a watch became doubtful, in PostgreSQL's time, of which `database` is a reading.

    `since_s` and `agreed_s` are steady times: of the trouble, and when its clock last agreed with PostgreSQL's. The
    watch's own wall clock has no part in it. Never before the last agreement and never in the future.
    """
    ago_s = database.steady_s - max(since_s, agreed_s)
    return database.wall - timedelta(seconds=max(ago_s, 0.0))


def date_database_jump(before: ClockReading, after: ClockReading, longest_s: float) -> datetime:
    """Return from when on dates are doubtful after PostgreSQL's clock jumped between two sweeps, in its present time.

    That is from the first of them on, but at most `longest_s` of steady time ago, together with the time that the
    clock skipped.
    """
    passed_s = after.steady_s - before.steady_s
    skipped_s = max((after.wall - before.wall).total_seconds() - passed_s, 0.0)
    return after.wall - timedelta(seconds=skipped_s + min(max(passed_s, 0.0), longest_s))


@dataclass(frozen=True, slots=True)
class SweepTimes:
    """When the sweep last read the database; `resumed_at`, while it waits after an outage: when it could read again."""

    swept_at: datetime
    resumed_at: datetime | None = None


def next_sweep(before: SweepTimes | None, now: datetime, wait_s: float, again_s: float) -> SweepTimes:
    """Return the times after a sweep at `now`; it may judge unless `resumed_at` is set.

    After `wait_s` without a sweep the database may have been away, and looks that watches kept meanwhile are yet to be
    stored: the sweep waits for `wait_s`. While it waits, only a gap of `again_s` begins another wait, so that sweeps
    that are merely slow still judge. Sweeps that hung together may come in any order.
    """
    if before is None:
        return SweepTimes(now)
    gap_s = (now - before.swept_at).total_seconds()
    if gap_s >= (again_s if before.resumed_at else wait_s):
        return SweepTimes(now, now)
    if before.resumed_at and abs(now - before.resumed_at) < timedelta(seconds=wait_s):
        return SweepTimes(now, before.resumed_at)
    return SweepTimes(now)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A counter's looks since `since` were discarded at `at`, when an incident became known.

    Until then its looks up to `last_look_at` had been judged, and before `judged_until` the time alone.
    """

    since: datetime
    at: datetime
    last_look_at: datetime | None
    judged_until: datetime


def doubt_standing(
    standing: CounterStanding,
    since: datetime,
    now: datetime,
    last_flip_at: datetime | None,
    doubted_since: datetime | None = None,
) -> tuple[CounterStanding, list[StateChange]]:
    """Return the standing and flips after an incident since `since` becomes known: looks since then are discarded.

    On duty it is UNKNOWN from `since` on; a closing that fell due since then no longer accuses, and the time that led
    to it counts as unknown. Runs of EMPTY looks and the state of the day's opening are reset: graces start again.

    `last_flip_at` is the date of the counter's latest flip that is not after `now`, None when there is none after
    `since`. The standing doesn't hold it, because a change of reason alone leaves `standing.since` as it was. The
    new flip is never dated before it; `StateChange.since` has the start of the doubt. `doubted_since` is that of the
    counter's latest flip with reason SYSTEM after `since`: an incident may turn out to have begun earlier.
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
        if last_flip_at is None or doubted_since is None or doubted_since <= since:
            return after, []
        return after, [StateChange(at, standing.state, standing.state, SYSTEM, since)]
    if standing.state is State.CLOSED:
        if standing.since < since:
            return after, []
        return replace(after, reason=SYSTEM), [StateChange(at, State.CLOSED, State.CLOSED, SYSTEM, since)]
    blind_before = standing.state is State.UNKNOWN and not ahead
    after = replace(after, state=State.UNKNOWN, reason=SYSTEM, since=standing.since if blind_before else at)
    return after, [StateChange(at, standing.state, State.UNKNOWN, SYSTEM, since)]
