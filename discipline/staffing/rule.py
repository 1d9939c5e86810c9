"""The staffing rule: a standing and a look or the time → the next standing and its flips. Pure.

Indications accuse people on the strength of it, so every doubt acquits. Time alone opens, closes, and turns a standing
with stale looks UNKNOWN. Looks do the rest: only an EMPTY look after a whole grace of EMPTY looks makes it ABSENT.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from discipline.staffing.alert_kinds import ACCUSATIONS, AlertKind
from offices.hours.duty import Interval, interval_at, interval_from
from streams.pixels.occupancy import Blind, Look, Sample


class State(StrEnum):
    """The state of a counter; CLOSED means off duty."""

    CLOSED = "closed"
    STAFFED = "staffed"
    GRACE = "grace"
    ABSENT = "absent"
    UNKNOWN = "unknown"


OPENING = "opening"  # GRACE: not staffed yet today
# The reasons that accuse are the codes of alert kinds.
ABSENCE = AlertKind.ABSENCE.value  # GRACE and ABSENT: was staffed before, or unknown
LATE_OPENING = AlertKind.LATE_OPENING.value  # ABSENT
NOT_OPENED = AlertKind.NOT_OPENED.value  # ABSENT, and CLOSED after a day without any staff
EARLY_LEAVE = AlertKind.EARLY_LEAVE.value  # CLOSED
NO_LOOK = "no_look"  # UNKNOWN since the opening; otherwise the reason for UNKNOWN is a Blind value


@dataclass(frozen=True, slots=True)
class Tolerances:
    """Tolerances of one counter. Raises ValueError if a single old look would be enough for an absence."""

    absence_grace_s: int = 600
    opening_grace_s: int = 300
    not_opened_s: int = 7200
    closing_window_s: int = 900
    exit_looks: int = 3
    enter_looks: int = 1
    stale_s: int = 60

    def __post_init__(self) -> None:
        if min(self.exit_looks, self.enter_looks, self.stale_s) < 1:
            raise ValueError("exit_looks, enter_looks and stale_s must be at least 1")
        if self.stale_s >= min(self.absence_grace_s, self.opening_grace_s, self.closing_window_s):
            raise ValueError("stale_s must be shorter than both graces and the closing window")
        if self.not_opened_s <= self.opening_grace_s:
            raise ValueError("not_opened_s must be longer than opening_grace_s")


@dataclass(frozen=True, slots=True)
class CounterStanding:
    """The current state of one counter, and what is needed to judge its next look.

    - Off duty always CLOSED. On duty, `since` lies in the current interval of duty.
    - `empty_since` is the first look of the current unbroken run of EMPTY looks on duty (or the opening,
      when the look before it was fresh and EMPTY), else None. A run has no gap of `stale_s` or more;
      any STAFFED look ends it, also when more are needed for STAFFED.
    - `opened`: staffed at some time of the duty day that began at `opened_for`. False: watched since
      then, and no staff seen. None: unknown. Only False can become late or not opened.
    - `since` and the dates of flips never decrease, and no look is older than `last_look_at`.
    - `due_at` is None only when no change can come by time alone within the given duty.
    """

    state: State
    reason: str
    since: datetime
    last_look_at: datetime | None = None
    last_look: Look | None = None
    last_people: int = 0
    empty_since: datetime | None = None
    empty_looks: int = 0
    staffed_looks: int = 0
    opened: bool | None = None
    opened_for: datetime | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StateChange:
    """A change of (state, reason), dated `at` when it fell due; `since` is the start of what it reports."""

    at: datetime
    old: State
    new: State
    reason: str
    since: datetime

    @property
    def accuses(self) -> bool:
        """Whether it raises an alert, of the kind that `reason` names."""
        return self.new is State.ABSENT or (self.new is State.CLOSED and self.reason in ACCUSATIONS)


def initial_standing(now: datetime) -> CounterStanding:
    """Return the standing of a counter without looks. It is due at once, as it may be on duty already."""
    return CounterStanding(State.CLOSED, "", since=now, due_at=now)


def step(
    standing: CounterStanding, rule: Tolerances, duty: Sequence[Interval], now: datetime, sample: Sample | None = None
) -> tuple[CounterStanding, list[StateChange]]:
    """Return the standing as of `sample.at` (or `now`) and its flips: changes by time alone, then by the look.

    `duty` is in order of time and reaches from the day of the standing to beyond now. A look that is not
    newer (a duplicate, out of order, a clock set back) never causes a flip.
    """
    moves = _Moves(standing, rule, duty)
    until = sample.at if sample else now
    while (change := moves.next_change()) and change[0] <= until:
        at, move = change
        move(at)
    if sample:
        if _is_newer(moves.standing, sample):
            moves.look(sample)
        else:
            moves.apply_late_look(sample)
        change = moves.next_change()
    return replace(moves.standing, due_at=change[0] if change else None), moves.flips


def _is_newer(standing: CounterStanding, sample: Sample) -> bool:
    if standing.last_look_at and sample.at <= standing.last_look_at:
        return False
    return sample.at >= standing.since  # time has been judged up to there


class _Moves:
    """The changes of one step: replaces `standing` and collects `flips`."""

    def __init__(self, standing: CounterStanding, rule: Tolerances, duty: Sequence[Interval]) -> None:
        self.standing = standing
        self.rule = rule
        self.duty = duty
        self.stale = timedelta(seconds=rule.stale_s)
        self.flips: list[StateChange] = []

    # Changes by time alone

    def next_change(self) -> tuple[datetime, Callable[[datetime], None]] | None:
        standing, known = self.standing, self.known_until()
        interval = interval_from(self.duty, known)
        if standing.state is State.CLOSED:
            # After its start only for a counter that is added during duty.
            return (max(interval.start, known), self.open) if interval else None
        if interval is None or interval.start > standing.since:
            # The hours were edited meanwhile: close now; if still on duty, it opens again.
            return known, self.close
        stale_at = self.stale_at()
        if stale_at and stale_at < interval.end:
            return stale_at, self.go_stale
        return interval.end, self.close

    def known_until(self) -> datetime:
        """Return the time up to which it is judged; flips are never dated before it."""
        standing = self.standing
        return max(standing.since, standing.last_look_at or standing.since)

    def stale_at(self) -> datetime | None:
        standing = self.standing
        running = standing.empty_looks or standing.staffed_looks
        if standing.last_look_at is None or (standing.state is State.UNKNOWN and not running):
            return None
        return standing.last_look_at + self.stale

    def is_fresh(self, at: datetime) -> bool:
        seen_at = self.standing.last_look_at
        return seen_at is not None and seen_at <= at < seen_at + self.stale

    def open(self, at: datetime) -> None:
        interval = interval_from(self.duty, at)
        assert interval is not None
        look = self.standing.last_look if self.is_fresh(at) else None
        opened_for, opened = self.opened_before(interval, at)
        self.update(opened_for=opened_for, opened=opened)
        if look is Look.STAFFED:
            self.update(opened=True, staffed_looks=1)
            self.flip(at, State.STAFFED)
        elif look is Look.EMPTY:
            self.update(empty_since=at, empty_looks=1)
            self.flip(at, State.GRACE, self.grace_reason(interval))
        else:
            if look is Look.BLIND:
                self.doubt_opening()
            self.flip(at, State.UNKNOWN, NO_LOOK)

    def opened_before(self, interval: Interval, at: datetime) -> tuple[datetime, bool | None]:
        """Return `opened_for` and `opened` at the start of an interval."""
        firsts = (other.start for other in self.duty if other.first and other.start <= interval.start)
        day = max(firsts, default=interval.start)
        on_time = at == interval.start
        if self.standing.opened_for == day and (on_time or self.standing.opened):
            return day, self.standing.opened
        return day, False if on_time and interval.first else None

    def close(self, at: datetime) -> None:
        standing = self.standing
        interval = next((interval for interval in self.duty if interval.end == at), None)
        reason, since = "", at
        if interval and interval.last and standing.last_look is Look.EMPTY and self.is_fresh(at):
            reason, since = self.closing_reason(at)
        self.clear_run()
        self.flip(at, State.CLOSED, reason, since)

    def closing_reason(self, at: datetime) -> tuple[str, datetime]:
        """Return reason and `since` of closing for the day a counter that is seen empty."""
        standing = self.standing
        if standing.state is State.ABSENT and standing.opened is False and standing.opened_for:
            return NOT_OPENED, standing.opened_for
        window = timedelta(seconds=self.rule.closing_window_s)
        was_there = standing.reason == ABSENCE and standing.opened is not False
        if was_there and standing.empty_since and standing.empty_since <= at - window:
            return EARLY_LEAVE, standing.empty_since
        return "", at

    def go_stale(self, at: datetime) -> None:
        self.clear_run()
        self.doubt_opening()
        if self.standing.state is not State.UNKNOWN:
            self.flip(at, State.UNKNOWN, Blind.STALE, at - self.stale)

    # Changes by looks

    def look(self, sample: Sample) -> None:
        unwatched = sample.at - self.known_until()
        self.update(last_look_at=sample.at, last_look=sample.look, last_people=sample.people)
        if self.standing.state is State.CLOSED:
            return
        if unwatched >= self.stale:
            self.doubt_opening()
        if sample.look is Look.STAFFED:
            self.see_staff(sample.at)
        elif sample.look is Look.EMPTY:
            self.see_nobody(sample.at)
        else:
            # BLIND clears empty_since: a dead camera accuses no one.
            self.clear_run()
            self.doubt_opening()
            self.flip(sample.at, State.UNKNOWN, sample.reason)

    def apply_late_look(self, sample: Sample) -> None:
        """Let a look that is not EMPTY and came late restart the run of EMPTY looks, which can still acquit."""
        if sample.look is Look.EMPTY or not interval_at(self.duty, sample.at):
            return
        standing = self.standing
        if standing.empty_since and standing.empty_since <= sample.at:
            self.update(empty_since=standing.last_look_at, empty_looks=1)
        if standing.opened_for and standing.opened_for <= sample.at:
            self.doubt_opening()

    def see_staff(self, at: datetime) -> None:
        """End the run of EMPTY looks; only after `enter_looks` looks is it STAFFED."""
        looks = self.standing.staffed_looks + 1
        self.update(staffed_looks=looks, empty_looks=0, empty_since=None)
        if looks < self.rule.enter_looks:
            self.doubt_opening()
            return
        self.update(opened=True)
        self.flip(at, State.STAFFED)

    def see_nobody(self, at: datetime) -> None:
        standing = self.standing
        empty_since, looks = standing.empty_since or at, standing.empty_looks + 1
        self.update(empty_looks=looks, empty_since=empty_since, staffed_looks=0)
        interval = interval_from(self.duty, at)
        assert interval is not None
        left = standing.state in (State.STAFFED, State.UNKNOWN) and looks >= self.rule.exit_looks
        if left or standing.state is State.GRACE:
            self.flip(empty_since, State.GRACE, self.grace_reason(interval))
            if looks >= self.rule.exit_looks:
                self.convict(at, empty_since)
        self.escalate(at)

    def convict(self, at: datetime, empty_since: datetime) -> None:
        late = self.standing.reason == OPENING
        grace_s = self.rule.opening_grace_s if late else self.rule.absence_grace_s
        due = empty_since + timedelta(seconds=grace_s)
        if due <= at:
            self.flip(due, State.ABSENT, LATE_OPENING if late else ABSENCE, empty_since)

    def escalate(self, at: datetime) -> None:
        """Turn a late opening that lasts `not_opened_s` into NOT_OPENED."""
        standing = self.standing
        if standing.reason != LATE_OPENING or standing.opened is not False or not standing.opened_for:
            return
        due = max(standing.opened_for + timedelta(seconds=self.rule.not_opened_s), standing.since)
        if due <= at:
            self.flip(due, State.ABSENT, NOT_OPENED, standing.opened_for)

    def grace_reason(self, interval: Interval) -> str:
        return OPENING if interval.first and self.standing.opened is False else ABSENCE

    # Updating the standing

    def doubt_opening(self) -> None:
        if self.standing.opened is False:
            self.update(opened=None)

    def clear_run(self) -> None:
        self.update(empty_since=None, empty_looks=0, staffed_looks=0)

    def flip(self, at: datetime, state: State, reason: str = "", since: datetime | None = None) -> None:
        old = self.standing
        if (state, reason) == (old.state, old.reason):
            return
        self.flips.append(StateChange(at, old.state, state, reason, since or at))
        self.update(state=state, reason=reason, since=old.since if state is old.state else at)

    def update(self, **changes: object) -> None:
        self.standing = replace(self.standing, **changes)  # type: ignore[arg-type]  # callers pass fields of CounterStanding
