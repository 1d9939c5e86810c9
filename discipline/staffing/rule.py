"""Standing + look or clock → standing + flips. The rule that may accuse, so every doubt acquits. Pure.

Two kinds of things move a standing. Time alone opens, closes, and turns old news into UNKNOWN.
Looks do the rest: only an EMPTY look after a whole grace of nothing but EMPTY looks makes ABSENT.
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
    CLOSED = "closed"
    STAFFED = "staffed"
    GRACE = "grace"
    ABSENT = "absent"
    UNKNOWN = "unknown"


OPENING = "opening"  # GRACE: not yet staffed today
# The reasons that accuse are codes of alert kinds.
ABSENCE = AlertKind.ABSENCE.value  # GRACE and ABSENT: was staffed, or nobody can tell
LATE_OPENING = AlertKind.LATE_OPENING.value  # ABSENT
NOT_OPENED = AlertKind.NOT_OPENED.value  # ABSENT, and CLOSED after a day without any staff
EARLY_LEAVE = AlertKind.EARLY_LEAVE.value  # CLOSED
NO_LOOK = "no_look"  # UNKNOWN since the opening; a Blind value is the other reason of UNKNOWN


@dataclass(frozen=True, slots=True)
class Tolerances:
    """Tolerances of one counter. ValueError if they would let one old picture convict."""

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
    """The present state of one counter, and what is needed to judge its next look.

    - Outside duty CLOSED and nothing else. On duty, `since` lies in the interval it stands in.
    - `empty_since` is the first look of the present unbroken run of EMPTY looks on duty (or the opening,
      when the look before it was fresh and EMPTY), else None. A run has no gap of `stale_s` or more;
      any STAFFED look ends it, also one that is not yet enough for STAFFED.
    - `opened`: staffed at some time of the duty day that began at `opened_for`. False: watched since
      then and nobody seen. None: nobody can tell. Only False can become late or not opened.
    - `since` and the dates of flips never go back, and no look is older than `last_look_at`.
    - `due_at` is None only when no change can come by time alone within the duty given.
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
    """One change of (state, reason), dated `at` when it fell due; `since` is when the matter began."""

    at: datetime
    old: State
    new: State
    reason: str
    since: datetime

    @property
    def accuses(self) -> bool:
        """Whether an alert begins with it, of the kind that `reason` names."""
        return self.new is State.ABSENT or (self.new is State.CLOSED and self.reason in ACCUSATIONS)


def initial_standing(now: datetime) -> CounterStanding:
    """A counter never looked at. Due at once: it may be on duty already."""
    return CounterStanding(State.CLOSED, "", since=now, due_at=now)


def step(
    standing: CounterStanding, rule: Tolerances, duty: Sequence[Interval], now: datetime, sample: Sample | None = None
) -> tuple[CounterStanding, list[StateChange]]:
    """Brings a standing up to `sample.at` (or `now`): first what time alone changes, then the look.

    `duty` is in order of time and reaches from the day of the standing to beyond now. Looks that are
    not news (a duplicate, out of order, a clock gone back) never flip anything.
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
    """The moves of one step: rewrites the standing, collects the flips."""

    def __init__(self, standing: CounterStanding, rule: Tolerances, duty: Sequence[Interval]) -> None:
        self.standing = standing
        self.rule = rule
        self.duty = duty
        self.stale = timedelta(seconds=rule.stale_s)
        self.flips: list[StateChange] = []

    # What time alone does

    def next_change(self) -> tuple[datetime, Callable[[datetime], None]] | None:
        standing, known = self.standing, self.known_until()
        interval = interval_from(self.duty, known)
        if standing.state is State.CLOSED:
            # Later than its start only for a counter that joins in the middle of duty.
            return (max(interval.start, known), self.open) if interval else None
        if interval is None or interval.start > standing.since:
            # The hours were edited under it: close where it stands; still on duty, it begins anew.
            return known, self.close
        stale_at = self.stale_at()
        if stale_at and stale_at < interval.end:
            return stale_at, self.go_stale
        return interval.end, self.close

    def known_until(self) -> datetime:
        """Time is judged up to here, and no flip is dated before."""
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
        """The start of the duty day, and what is known of its staff when an interval begins."""
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
        """Why a counter that is seen empty closes its day, and since when."""
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

    # What looks do

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
            # BLIND clears empty_since: a dead camera accuses nobody.
            self.clear_run()
            self.doubt_opening()
            self.flip(sample.at, State.UNKNOWN, sample.reason)

    def apply_late_look(self, sample: Sample) -> None:
        """A contrary look that came late can still acquit: it begins the run of emptiness anew."""
        if sample.look is Look.EMPTY or not interval_at(self.duty, sample.at):
            return
        standing = self.standing
        if standing.empty_since and standing.empty_since <= sample.at:
            self.update(empty_since=standing.last_look_at, empty_looks=1)
        if standing.opened_for and standing.opened_for <= sample.at:
            self.doubt_opening()

    def see_staff(self, at: datetime) -> None:
        """Any staff ends the run of emptiness; only `enter_looks` of them make STAFFED."""
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
        """A late opening that lasts becomes a counter not opened."""
        standing = self.standing
        if standing.reason != LATE_OPENING or standing.opened is not False or not standing.opened_for:
            return
        due = max(standing.opened_for + timedelta(seconds=self.rule.not_opened_s), standing.since)
        if due <= at:
            self.flip(due, State.ABSENT, NOT_OPENED, standing.opened_for)

    def grace_reason(self, interval: Interval) -> str:
        return OPENING if interval.first and self.standing.opened is False else ABSENCE

    # Changing the standing

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
        self.standing = replace(self.standing, **changes)  # type: ignore[arg-type]
